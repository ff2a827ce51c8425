// Plain values with a lifetime, and the two operations that make them safe between replicas: take and swap.
import type { RedisClient } from './connection.ts';

export type SetOptions = { ttlMs?: number; onlyIfNew?: boolean };

/** Every operation throws RedisAway when Redis stays away; it may still be done once Redis is back. */
export type KeyValue = {
  get(key: string): Promise<string | null>;
  /** False when `onlyIfNew` and the key exists. */
  set(key: string, value: string, options?: SetOptions): Promise<boolean>;
  /** Reads and deletes in one step: of two takers one gets the value. */
  take(key: string): Promise<string | null>;
  delete(...keys: string[]): Promise<void>;
  /** Replaces the value only if it still is `expected` (null: absent). Keeps the lifetime. */
  swap(key: string, expected: string | null, next: string): Promise<boolean>;
};

/** KEYS: key. ARGV: '1' when a value is expected, the expected value, the next value. Returns 1 or 0. */
const SWAP = `
local now = redis.call('GET', KEYS[1])
if ARGV[1] == '1' then
  if now ~= ARGV[2] then return 0 end
elseif now then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL')
return 1`;

/** Not a refusal of anybody: work in the background fails with it and is taken up again, people are told. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';

  constructor() {
    super('Redis does not answer');
  }
}

/** A pause of Redis is waited out, an outage is told: people are at the other end of most of these. */
const PATIENCE_MS = 3_000;

export function createStore(redis: RedisClient): KeyValue {
  return {
    get: (key) => inTime(redis.get(key)),
    async set(key, value, options = {}) {
      const life = options.ttlMs === undefined ? [] : ['PX', String(options.ttlMs)];
      const answer = await inTime(redis.call('SET', key, value, ...life, ...(options.onlyIfNew ? ['NX'] : [])));
      return answer === 'OK';
    },
    take: (key) => inTime(redis.getdel(key)),
    async delete(...keys) {
      if (keys.length > 0) await inTime(redis.del(...keys));
    },
    async swap(key, expected, next) {
      const done = await inTime(redis.eval(SWAP, 1, key, expected === null ? '0' : '1', expected ?? '', next));
      return done === 1;
    },
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new RedisAway()), PATIENCE_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
