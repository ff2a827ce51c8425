// What every part is built from: configuration, log, clock, numbers, and a pause that ends with the process.
import type { Now, Timers } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';

export type Base = {
  config: Config;
  log: Log;
  now: Now;
  metrics: Metrics;
  /** The signal that ends a call to the cloud which takes longer than `ms`. */
  limit: Timers['limit'];
  /** Resolves after `ms`, or at once when the process is stopping. */
  pause(ms: number): Promise<void>;
  /** The same within recorded work, but never resolves when the process is stopping: whoever comes next takes the work over. */
  pauseInWork(ms: number): Promise<void>;
  /** Ends all pauses. */
  hurry(): void;
};

type Given = { log: Log; now: Now; timers: Timers };

export function createBase(config: Config, { log, now, timers }: Given): Base {
  const stopping = new AbortController();
  const { signal } = stopping;
  return {
    config,
    log,
    now,
    metrics: createMetrics(),
    limit: timers.limit,
    pause: (ms) => timers.pause(ms, signal).catch(() => undefined),
    pauseInWork: (ms) => timers.pause(ms, signal).catch(() => new Promise<never>(() => {})),
    hurry: () => stopping.abort(),
  };
}
