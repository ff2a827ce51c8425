// Exclusive, expiring claims: one holder at a time over all replicas; a dead holder's claim ends by itself.
import type { RedisClient } from './connection.ts';
import type { Keys } from './keys.ts';

/** Proof of holding: functions that must run exclusively take it as an argument. */
export type Lease = {
  name: string;
  token: string;
  /** Asks Redis, not memory: a process that was suspended may have lost it. */
  stillHeld(): Promise<boolean>;
  release(): Promise<void>;
};

export type Leases = {
  /** `note` says to others who holds it and why. */
  acquire(name: string, note: string): Promise<Lease | { heldBy: string }>;
};

/** Short, so that work of a killed process goes on within seconds; the holder renews it three times as often. */
const LEASE_MS = 4_000;
const RENEW_MS = LEASE_MS / 4;

/** KEYS: lease. ARGV: token. Deletes only the holder's own. */
const RELEASE = `if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;
/** KEYS: lease. ARGV: token, ms. */
const RENEW = `if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
/** KEYS: lease. ARGV: token, note, ms. Returns '' or the holder's note. */
const ACQUIRE = `
local held = redis.call('HGET', KEYS[1], 'note')
if held then return held end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'note', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return ''`;

export function createLeases(deps: { redis: RedisClient; keys: Keys; randomId: () => string }): Leases {
  return {
    async acquire(name, note) {
      const key = deps.keys.lease(name);
      const token = deps.randomId();
      const held = await deps.redis.eval(ACQUIRE, 1, key, token, note || '?', LEASE_MS);
      return held === '' ? hold(deps.redis, { key, name, token }) : { heldBy: String(held) };
    },
  };
}

export function isLease(answer: Lease | { heldBy: string }): answer is Lease {
  return 'token' in answer;
}

function hold(redis: RedisClient, { key, name, token }: { key: string; name: string; token: string }): Lease {
  // A failed renewal is not fatal: the next one may succeed, and stillHeld tells the truth before anything is done.
  const renewal = setInterval(() => void redis.eval(RENEW, 1, key, token, LEASE_MS).catch(() => undefined), RENEW_MS);
  renewal.unref();
  return {
    name,
    token,
    stillHeld: async () => (await redis.eval(RENEW, 1, key, token, LEASE_MS)) === 1,
    async release() {
      clearInterval(renewal);
      await redis.eval(RELEASE, 1, key, token);
    },
  };
}
