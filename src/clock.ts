// Time, handed in everywhere, so that tests can move it.
import { setTimeout as timer } from 'node:timers/promises';

/** Milliseconds since the epoch. */
export type Now = () => number;

/** How whoever waits gets through the time. */
export type Timers = {
  /** Resolves after `ms`; rejects when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts with a `TimeoutError` after `ms`. */
  limit(ms: number): AbortSignal;
};

export const realTimers: Timers = {
  pause: async (ms, signal) => timer(ms, undefined, { signal }),
  limit: (ms) => AbortSignal.timeout(ms),
};
