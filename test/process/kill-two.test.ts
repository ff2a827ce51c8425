import { describe } from 'vitest';
import { killedInEachState } from './killings.ts';

describe('one of two replicas, killed without warning', () => killedInEachState(2));
