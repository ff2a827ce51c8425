// One connection and one private key space per test file.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openRedis, type RedisClient } from '../../src/redis/connection.ts';
import { createKeys, type Keys } from '../../src/redis/keys.ts';
import { startRedis, type TestRedis } from './redis.ts';

export type RedisHandle = { client: RedisClient; keys: Keys; url: string };

/** Fills the returned handle before the file's tests run and cleans up after them. */
export function useRedis(): RedisHandle {
  const handle = {} as RedisHandle;
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
    handle.url = server.url;
    handle.client = openRedis(server.url, () => undefined);
    handle.keys = createKeys(`{t${randomUUID().slice(0, 8)}}:`);
  });
  afterAll(async () => {
    handle.client.disconnect();
    await server.close();
  });
  return handle;
}
