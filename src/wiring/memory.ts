// Redis, and everything built directly on it.
import { randomUUID } from 'node:crypto';
import { openQueueRedis, openRedis } from '../redis/connection.ts';
import { createKeys } from '../redis/keys.ts';
import { createLeases } from '../redis/lease.ts';
import { createStore } from '../redis/store.ts';
import type { Base } from './base.ts';

export type Memory = ReturnType<typeof buildMemory>;

export function buildMemory({ config, log, metrics }: Base) {
  const away = (err: Error) => log.warn({ err }, 'Redis does not answer');
  const redis = openRedis(config.redis.url, away);
  const queues = openQueueRedis(config.redis.url, away);
  const keys = createKeys(config.redis.prefix);
  const onError = (err: Error, facts: { queue: string; id?: string }) => {
    log.error({ err, ...facts }, 'queued work failed');
    // Without an id it is Redis that does not answer, which /readyz tells.
    if (facts.id !== undefined) metrics.errors.inc({ where: facts.queue });
  };
  return {
    redis,
    keys,
    store: createStore(redis),
    leases: createLeases({ redis, keys, randomId: randomUUID }),
    queueDeps: { redis: queues, keys, onError },
    async connect() {
      await Promise.all([redis.connect(), queues.connect()]);
    },
    close() {
      redis.disconnect();
      queues.disconnect();
    },
  };
}
