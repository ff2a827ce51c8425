// Time that flows as usual and can be moved ahead: the bot and all simulators read the same one.
import type { Now } from '../../src/clock.ts';

export type Clock = { now: Now; advance(ms: number): void };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export function createClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}
