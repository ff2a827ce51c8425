// Redis as sign-in sees it, in memory: lifetimes by the test's clock, every operation a turn of the event loop later.
import { setImmediate as turn } from 'node:timers/promises';
import type { AuthKeys } from '../../src/auth/auth-keys.ts';
import type { Now } from '../../src/clock.ts';
import type { Leases } from '../../src/redis/lease.ts';
import type { KeyValue } from '../../src/redis/store.ts';

export type MemoryStore = KeyValue & {
  /** Everything a thief of the database would hold. */
  dump(): string;
  /** The raw value, for tests that tamper. */
  peek(key: string): string | null;
  poke(key: string, value: string): void;
  reads(): number;
};

export function createMemoryStore(now: Now): MemoryStore {
  const entries = new Map<string, { value: string; expiresAt: number }>();
  let reads = 0;
  const peek = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > now() ? entry.value : null;
  };
  return {
    async get(key) {
      reads += 1;
      await turn();
      return peek(key);
    },
    async set(key, value, options = {}) {
      await turn();
      if (options.onlyIfNew && peek(key) !== null) return false;
      entries.set(key, { value, expiresAt: now() + (options.ttlMs ?? Infinity) });
      return true;
    },
    async take(key) {
      await turn();
      const value = peek(key);
      entries.delete(key);
      return value;
    },
    async delete(...keys) {
      await turn();
      for (const key of keys) entries.delete(key);
    },
    async swap(key, expected, next) {
      await turn();
      if (peek(key) !== expected) return false;
      entries.set(key, { value: next, expiresAt: entries.get(key)?.expiresAt ?? Infinity });
      return true;
    },
    dump: () => JSON.stringify([...entries]),
    peek,
    poke: (key, value) => void entries.set(key, { value, expiresAt: Infinity }),
    reads: () => reads,
  };
}

/** Shared by all replicas of a test. */
export function createMemoryLeases(): Leases {
  const held = new Map<string, { note: string; token: string }>();
  let last = 0;
  return {
    async acquire(name, note) {
      await turn();
      const holder = held.get(name);
      if (holder) return { heldBy: holder.note };
      const token = String((last += 1));
      held.set(name, { note, token });
      return {
        name,
        token,
        stillHeld: () => Promise.resolve(held.get(name)?.token === token),
        async release() {
          await turn();
          if (held.get(name)?.token === token) held.delete(name);
        },
      };
    },
  };
}

export const memoryKeys: AuthKeys = {
  session: ({ teamId, userId }) => `session:${teamId}:${userId}`,
  loginLatest: ({ teamId, userId }) => `latest:${teamId}:${userId}`,
  loginTicket: (digest) => `ticket:${digest}`,
  loginState: (digest) => `state:${digest}`,
};
