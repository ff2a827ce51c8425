// Session records in Redis: sealed for their person, one read to get, compare-and-set to change.
import type { Log } from '../log.ts';
import type { KeyValue } from '../redis/store.ts';
import type { Person } from '../slack/reply.ts';
import type { AuthKeys } from './auth-keys.ts';
import { sessionRecord, type SessionRecord } from './record.ts';
import { openSealed } from './sealed.ts';
import { personContext, type Vault } from './vault.ts';

export type SessionStoreDeps = {
  store: KeyValue;
  keys: Pick<AuthKeys, 'session'>;
  vault: Vault;
  log: Log;
};

export type SessionStore = {
  /** Null also when the value cannot be opened (a key was withdrawn, or it is another person's): as if it were not there. */
  read(person: Person): Promise<SessionRecord | null>;
  write(person: Person, record: SessionRecord): Promise<void>;
  /** Null when that sign-in has ended or made way for another meanwhile; nothing is written then. */
  change(
    person: Person,
    signInId: string,
    alter: (record: SessionRecord) => SessionRecord,
  ): Promise<SessionRecord | null>;
  /** Deletes and returns it in one step. */
  take(person: Person): Promise<SessionRecord | null>;
};

/** However well it renews, a sign-in is proved anew (link, provider, code) after this long. */
const KEPT_MS = 90 * 24 * 60 * 60_000;
/** Writers of one person's record exclude each other by a lease; more tries than this mean something is wrong. */
const MOST_TRIES = 20;
const PURPOSE = 'session';

export function createSessionStore({ store, keys, vault, log }: SessionStoreDeps): SessionStore {
  const decode = (person: Person, sealed: string | null) =>
    openSealed({ vault, log, schema: sessionRecord }, sealed, personContext(person, PURPOSE));
  const encode = (person: Person, record: SessionRecord) =>
    vault.seal(JSON.stringify(record), personContext(person, PURPOSE));
  return {
    read: async (person) => decode(person, await store.get(keys.session(person))),
    async write(person, record) {
      await store.set(keys.session(person), encode(person, record), { ttlMs: KEPT_MS });
    },
    take: async (person) => decode(person, await store.take(keys.session(person))),
    async change(person, signInId, alter) {
      const key = keys.session(person);
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const sealed = await store.get(key);
        const record = decode(person, sealed);
        if (record?.signInId !== signInId) return null;
        const next = alter(record);
        if (await store.swap(key, sealed, encode(person, next))) return next;
      }
      throw new Error('a session changed under every attempt to change it');
    },
  };
}
