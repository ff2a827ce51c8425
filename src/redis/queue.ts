// BullMQ, as little of it as we need: wakes (one at a time per id), recorded work (once per id), and a tick that one
// replica runs per interval. The queue may deliver late or twice; the records are the truth.
import { createHash } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import { Queue, Worker, type Job, type JobsOptions } from 'bullmq';
import type { RedisClient } from './connection.ts';
import type { Keys } from './keys.ts';

export type QueueDeps = {
  redis: RedisClient;
  keys: Keys;
  /** A processor threw, or the engine itself did. Never an exit. */
  onError: (error: Error, facts: { queue: string; id?: string }) => void;
};

export type WorkQueue<T> = {
  add(id: string, data: T): Promise<void>;
  /** Stops taking work, waits a little for what runs, closes. What is not done by then is done by whoever works next. */
  close(): Promise<void>;
};

/** A killed replica's jobs are taken over after at most LOCK + STALLED; maxStalledCount 1 would fail the second recovery. */
const LOCK_MS = 4_000;
const STALLED_MS = 2_000;
/** What runs at a close gets this long to finish; some of it goes on for half a minute. */
const FINISH_MS = 3_000;
const CONCURRENCY = 20;
/** Much of what people ask for is followed for half a minute, and mostly waits: a click must not queue behind it. */
const INBOX_CONCURRENCY = 200;

const DAY_S = 24 * 60 * 60;

/** Work to be done once per id, kept for a day so that a repeated delivery is recognised; retried if the process dies. */
export function createInboxQueue<T>(deps: QueueDeps, process: (id: string, data: T) => Promise<void>): WorkQueue<T> {
  const options: JobsOptions = { removeOnComplete: { age: DAY_S }, removeOnFail: { age: 7 * DAY_S } };
  const engine = start<T>(deps, { name: 'inbox', process, concurrency: INBOX_CONCURRENCY });
  return {
    // BullMQ restricts the characters of job ids; a hash has none that matter.
    add: async (id, data) => {
      // Else it would wait in this process and be done whenever Redis comes back, long after the person was told it failed.
      if (deps.redis.status !== 'ready') throw new Error('Redis is away');
      await engine.queue.add(
        'inbox',
        { id, data },
        { ...options, jobId: createHash('sha256').update(id).digest('hex') },
      );
    },
    close: engine.close,
  };
}

/** Wakes an id: one at a time, and once more if it is woken while running. */
export function createWakeQueue(deps: QueueDeps, process: (id: string) => Promise<void>): WorkQueue<null> {
  const engine = start<null>(deps, { name: 'wake', process });
  const options: JobsOptions = { removeOnComplete: true, removeOnFail: true };
  return {
    add: async (id) => {
      await engine.queue.add('wake', { id, data: null }, { ...options, deduplication: { id, keepLastIfActive: true } });
    },
    close: engine.close,
  };
}

/** Runs `process` every `everyMs` on one replica at a time. */
export async function startTick(
  deps: QueueDeps,
  everyMs: number,
  process: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const engine = start<null>(deps, { name: 'tick', process: () => process(), concurrency: 1 });
  const template = {
    name: 'tick',
    data: { id: 'tick', data: null },
    opts: { removeOnComplete: true, removeOnFail: true },
  };
  await engine.queue.upsertJobScheduler('tick', { every: everyMs }, template);
  return { close: engine.close };
}

type Envelope<T> = { id: string; data: T };
type Task<T> = { name: string; process: (id: string, data: T) => Promise<void>; concurrency?: number };

function start<T>(deps: QueueDeps, task: Task<T>) {
  const shared = { connection: deps.redis, prefix: deps.keys.bullPrefix() };
  const queue = new Queue<Envelope<T>, void, string>(task.name, shared);
  const running = new Set<Promise<void>>();
  const process = async ({ data: { id, data } }: Job<Envelope<T>>) => {
    const work = task.process(id, data);
    running.add(work);
    await work.finally(() => running.delete(work));
  };
  const worker = new Worker<Envelope<T>, void>(task.name, process, {
    ...shared,
    concurrency: task.concurrency ?? CONCURRENCY,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: 1_000,
  });
  const failed = (job: Job<Envelope<T>> | undefined, error: Error) =>
    deps.onError(error, { queue: task.name, ...(job ? { id: job.data.id } : {}) });
  const broken = (error: Error) => {
    // Of an outage the connection itself tells; the engine would repeat it for every part and every attempt.
    if (deps.redis.status === 'ready') deps.onError(error, { queue: task.name });
  };
  queue.on('error', broken);
  worker.on('error', broken);
  worker.on('failed', failed);
  return {
    queue,
    async close() {
      await worker.pause(true);
      await Promise.race([Promise.allSettled(running), timer(FINISH_MS, undefined, { ref: false })]);
      // Without waiting for the rest: its lock ends, and whoever works next finds it, as after a kill.
      await worker.close(running.size > 0);
      await queue.close();
    },
  };
}
