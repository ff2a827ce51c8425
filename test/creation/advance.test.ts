// What a creation does next, after one look at a cloud that is slow to show what it has made, or too busy to answer.
import { describe, expect, it } from 'vitest';
import { advance, type Observation } from '../../src/creation/advance.ts';
import type { Creation } from '../../src/creation/creation.ts';
import { creationOf } from '../commands/bot.ts';
import { MINUTE } from '../support/clock.ts';
import { ORDER, START } from './house.ts';

const SECOND = 1000;

function building(): Creation {
  return creationOf(ORDER, {
    state: 'building',
    createdAt: START,
    server: { id: 'server-1', status: 'BUILD', task: null, addresses: [] },
    due: START + 5 * SECOND,
  });
}

function resting(creation: Creation, seen: Observation, now: number): Creation {
  const step = advance(creation, seen, now);
  if (step.do !== 'rest') throw new Error(`it should have rested, not: ${step.do}`);
  return step.creation;
}

describe('a server that was just ordered', () => {
  it('may be unknown to the cloud for a minute, and is looked for again meanwhile', () => {
    let creation = building();
    for (let now = START; now < START + MINUTE; now += 5 * SECOND) {
      creation = resting(creation, { kind: 'missing', at: now }, now);
      expect(creation).toMatchObject({ state: 'building', due: now + 5 * SECOND });
    }
  });

  it('is told as gone when it stays unknown', () => {
    const now = START + MINUTE;
    expect(resting(building(), { kind: 'missing', at: now }, now)).toMatchObject({ state: 'failed', due: null });
  });
});

describe('a cloud that is too busy to answer', () => {
  it.each([null, 0, 5 * SECOND])('is left alone for ten seconds, though it asked for %s ms', (retryAfterMs) => {
    const seen: Observation = { kind: 'away', away: 'cloud', at: START, retryAfterMs };
    expect(resting(building(), seen, START)).toMatchObject({ due: START + 10 * SECOND });
  });

  it('is left alone for as long as it asks', () => {
    const seen: Observation = { kind: 'away', away: 'cloud', at: START, retryAfterMs: 5 * MINUTE };
    expect(resting(building(), seen, START)).toMatchObject({ due: START + 5 * MINUTE });
  });
});
