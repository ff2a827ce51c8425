// Connections to Redis: one for ordinary commands, one kind for BullMQ, which insists on its own settings.
import { Redis, type RedisOptions } from 'ioredis';

export type RedisClient = Redis;

/**
 * Options common to all our connections. Reconnects for ever with a short, capped wait: an outage of Redis is waited
 * out, never turned into an exit.
 */
const common = {
  lazyConnect: true,
  keepAlive: 30_000,
  connectTimeout: 5_000,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/** Commands wait for a reconnect (`maxRetriesPerRequest: null`); callers bound their own patience. Pipelines by itself. */
export function openRedis(url: string, onError: (error: Error) => void): RedisClient {
  const client = new Redis(url, { ...common, maxRetriesPerRequest: null, enableAutoPipelining: true });
  client.on('error', onError);
  return client;
}

/** For BullMQ: blocking reads must not share auto-pipelining. */
export function openQueueRedis(url: string, onError: (error: Error) => void): RedisClient {
  const client = new Redis(url, { ...common, maxRetriesPerRequest: null });
  // BullMQ copies this connection for its workers. A lazy copy whose first attempt fails leaves its worker deaf for good.
  client.options.lazyConnect = false;
  client.on('error', onError);
  return client;
}
