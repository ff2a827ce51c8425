// What every part is built from: configuration, log, clock, numbers, and a pause that ends with the process.
import { setTimeout as timer } from 'node:timers/promises';
import type { Now } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';

export type Base = {
  config: Config;
  log: Log;
  now: Now;
  metrics: Metrics;
  /** Resolves after `ms`, or at once when the process is stopping. */
  pause(ms: number): Promise<void>;
  /** The same within recorded work, but never resolves when the process is stopping: whoever comes next takes the work over. */
  pauseInWork(ms: number): Promise<void>;
  /** Ends all pauses. */
  hurry(): void;
};

export function createBase(config: Config, { log, now }: { log: Log; now: Now }): Base {
  const stopping = new AbortController();
  const { signal } = stopping;
  return {
    config,
    log,
    now,
    metrics: createMetrics(),
    pause: (ms) => timer(ms, undefined, { signal }).catch(() => undefined),
    pauseInWork: (ms) => timer(ms, undefined, { signal }).catch(() => new Promise<never>(() => {})),
    hurry: () => stopping.abort(),
  };
}
