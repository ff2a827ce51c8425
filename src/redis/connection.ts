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

/** `onAway`: Redis has gone away; once per outage, not once per attempt to get it back. */
type OnAway = (error: Error) => void;

/** Commands wait for a reconnect (`maxRetriesPerRequest: null`); callers bound their own patience. Pipelines by itself. */
export function openRedis(url: string, onAway: OnAway): RedisClient {
  const client = new Redis(url, { ...common, maxRetriesPerRequest: null, enableAutoPipelining: true });
  tellOutages(client, onAway);
  return client;
}

/** For BullMQ: blocking reads must not share auto-pipelining. */
export function openQueueRedis(url: string, onAway: OnAway): RedisClient {
  const client = new Redis(url, { ...common, maxRetriesPerRequest: null });
  // BullMQ copies this connection for its workers. A lazy copy whose first attempt fails leaves its worker deaf for good.
  client.options.lazyConnect = false;
  tellOutages(client, onAway);
  return client;
}

function tellOutages(client: RedisClient, onAway: OnAway): void {
  let isTold = false;
  client.on('error', (error) => {
    if (!isTold) onAway(error);
    isTold = true;
  });
  client.on('ready', () => {
    isTold = false;
  });
}
