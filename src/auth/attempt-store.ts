// Sign-in attempts in Redis: one per person, sealed, and pointers from what a browser brings to the person it is for.
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { KeyValue } from '../redis/store.ts';
import type { Person } from '../slack/reply.ts';
import { attempt, digest, type Attempt } from './attempt.ts';
import type { AuthKeys } from './auth-keys.ts';
import { openSealed } from './sealed.ts';
import { personContext, type Vault } from './vault.ts';

export type AttemptStoreDeps = {
  store: KeyValue;
  keys: Pick<AuthKeys, 'loginLatest' | 'loginTicket' | 'loginState'>;
  vault: Vault;
  log: Log;
  /** LOGIN_TTL, for each stage of an attempt. */
  ttlMs: number;
};

/** `sealed` is what Redis holds, to compare with when the attempt is to move on. */
export type Found = { person: Person; attempt: Attempt; sealed: string };

export type AttemptStore = {
  /** Overwrites whatever the person had under way. */
  start(person: Person, first: Attempt, ticket: string): Promise<void>;
  byPerson(person: Person): Promise<Found | null>;
  byTicket(ticket: string): Promise<Found | null>;
  byState(state: string): Promise<Found | null>;
  /** Lets a browser that comes back with `state` find the person. */
  point(state: string, person: Person): Promise<void>;
  /** False when it has moved or made way meanwhile: of two movers one wins. */
  move(found: Found, next: Attempt): Promise<boolean>;
  take(person: Person): Promise<Attempt | null>;
};

/** Link, trip and code may each take LOGIN_TTL. The deadline of each stage is in the value; this only tidies up. */
const STAGES = 3;

const pointer = z.object({ teamId: z.string(), userId: z.string() });

export function createAttemptStore({ store, keys, vault, log, ttlMs }: AttemptStoreDeps): AttemptStore {
  const context = (person: Person) => personContext(person, 'login');
  const decode = (person: Person, sealed: string | null) =>
    openSealed({ vault, log, schema: attempt }, sealed, context(person));
  const encode = (person: Person, value: Attempt) => vault.seal(JSON.stringify(value), context(person));
  const byPerson = async (person: Person) => {
    const sealed = await store.get(keys.loginLatest(person));
    const found = decode(person, sealed);
    return sealed === null || found === null ? null : { person, attempt: found, sealed };
  };
  const byPointer = async (key: string) => {
    const person = await store.get(key);
    return person === null ? null : byPerson(pointer.parse(JSON.parse(person)));
  };
  return {
    byPerson,
    byTicket: (ticket) => byPointer(keys.loginTicket(digest(ticket))),
    byState: (state) => byPointer(keys.loginState(digest(state))),
    async start(person, first, ticket) {
      await Promise.all([
        store.set(keys.loginLatest(person), encode(person, first), { ttlMs: ttlMs * STAGES }),
        store.set(keys.loginTicket(digest(ticket)), JSON.stringify(person), { ttlMs }),
      ]);
    },
    async point(state, person) {
      await store.set(keys.loginState(digest(state)), JSON.stringify(person), { ttlMs: ttlMs * STAGES });
    },
    move: ({ person, sealed }, next) => store.swap(keys.loginLatest(person), sealed, encode(person, next)),
    take: async (person) => decode(person, await store.take(keys.loginLatest(person))),
  };
}
