// Time that flows as usual and can be moved ahead: the bot and all simulators read the same one.
import type { Now, Timers } from '../../src/clock.ts';

export type Clock = {
  now: Now;
  /** For the bot: its pauses are over as soon as this clock says so. */
  timers: Timers;
  advance(ms: number): void;
  /** Whatever the bot waits for an answer to has taken too long by now. */
  runOut(): void;
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Longer than the bot gives any call and its repeats. */
const OVERLONG_MS = 31_000;

export function createClock(): Clock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const pauses = new Set<() => void>();
  const limits = new Set<AbortController>();
  const advance = (ms: number): void => {
    ahead += ms;
    for (const look of pauses) look();
  };
  return {
    now,
    advance,
    runOut() {
      advance(OVERLONG_MS);
      for (const limit of limits) limit.abort(new DOMException('It took too long.', 'TimeoutError'));
      limits.clear();
    },
    timers: {
      pause: async (ms, signal) => until(now() + ms, { now, signal, pauses }),
      // Only at a word: a minute that a test skips must not break a call that is being answered.
      limit(ms) {
        const limit = new AbortController();
        limits.add(limit);
        return AbortSignal.any([limit.signal, AbortSignal.timeout(ms)]);
      },
    },
  };
}

type Waiting = { now: Now; signal: AbortSignal; pauses: Set<() => void> };

async function until(due: number, { now, signal, pauses }: Waiting): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    if (now() >= due) resolve();
    else timer = setTimeout(look, due - now());
  };
  const stop = (): void => reject(new Error('no more pauses'));
  pauses.add(look);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  else look();
  await promise.finally(() => {
    clearTimeout(timer);
    pauses.delete(look);
    signal.removeEventListener('abort', stop);
  });
}
