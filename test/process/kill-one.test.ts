import { describe } from 'vitest';
import { killedInEachState } from './killings.ts';

describe('the only replica, killed without warning', () => killedInEachState(1));
