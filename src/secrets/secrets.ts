// What a person may see once: kept sealed for them in Redis for a short while, and gone when it was shown.
import { z } from 'zod';
import { digest } from '../auth/attempt.ts';
import { openSealed } from '../auth/sealed.ts';
import { personContext, type Vault } from '../auth/vault.ts';
import type { Now } from '../clock.ts';
import type { Log } from '../log.ts';
import type { KeyValue } from '../redis/store.ts';
import type { Person } from '../slack/reply.ts';

/** `title`: what it is, for people, e.g. `Private key of key pair laptop`. */
export type Kept = { title: string; value: string };

/** Whose it is and what it is called; a person's other secrets have other ids. */
export type SecretRef = { person: Person; id: string };

export type Secrets = {
  /** `ttlMs`: after that it is gone, seen or not; as long as a link works unless told. Replaces what has the same name. */
  keep(ref: SecretRef, secret: Kept & { ttlMs?: number }): Promise<void>;
  /**
   * A link to a page that shows it once, until `until` (ms since the epoch) at the latest; null when nothing is kept (any
   * more). For the person's eyes only.
   */
  link(ref: SecretRef): Promise<{ url: string; until: number } | null>;
  /** Without using it up. */
  look(ref: SecretRef): Promise<Kept | null>;
  /** Gives it once: of two takers one gets it. */
  take(ref: SecretRef): Promise<Kept | null>;
  forget(ref: SecretRef): Promise<void>;
  /** Whose secret a link is for. */
  byTicket(ticket: string): Promise<SecretRef | null>;
};

export type SecretsDeps = {
  store: KeyValue;
  keys: { secret(person: Person, id: string): string; secretTicket(digest: string): string };
  vault: Vault;
  log: Log;
  /** PUBLIC_URL without a slash at its end. */
  publicUrl: string;
  /** How long a link works. */
  linkTtlMs: number;
  now: Now;
  /** 256 random bits, URL-safe. */
  randomSecret(): string;
};

/** `until`: by our clock; Redis only tidies up. */
const kept = z.object({ title: z.string(), value: z.string(), until: z.number() });
const pointer = z.object({
  person: z.object({ teamId: z.string(), userId: z.string() }),
  id: z.string(),
  until: z.number(),
});

export function createSecrets({
  store,
  keys,
  vault,
  log,
  publicUrl,
  linkTtlMs,
  now,
  randomSecret,
}: SecretsDeps): Secrets {
  const keyOf = ({ person, id }: SecretRef) => keys.secret(person, id);
  const open = (ref: SecretRef, sealed: string | null) => {
    const found = openSealed({ vault, log, schema: kept }, sealed, contextOf(ref));
    return found !== null && now() < found.until ? found : null;
  };
  const look = async (ref: SecretRef) => open(ref, await store.get(keyOf(ref)));
  return {
    async keep(ref, { title, value, ttlMs = linkTtlMs }) {
      const content = JSON.stringify({ title, value, until: now() + ttlMs });
      await store.set(keyOf(ref), vault.seal(content, contextOf(ref)), { ttlMs });
    },
    async link(ref) {
      const found = await look(ref);
      if (found === null) return null;
      const ticket = randomSecret();
      const until = Math.min(found.until, now() + linkTtlMs);
      const content = JSON.stringify({ ...ref, until });
      await store.set(keys.secretTicket(digest(ticket)), content, { ttlMs: linkTtlMs });
      return { url: `${publicUrl}/secret/${ticket}`, until };
    },
    look,
    take: async (ref) => open(ref, await store.take(keyOf(ref))),
    forget: (ref) => store.delete(keyOf(ref)),
    async byTicket(ticket) {
      const found = await store.get(keys.secretTicket(digest(ticket)));
      if (found === null) return null;
      const { until, ...ref } = pointer.parse(JSON.parse(found));
      return now() < until ? ref : null;
    },
  };
}

/** Another person's sealed value, or another of the same person, does not open in its place. */
function contextOf({ person, id }: SecretRef): string {
  return personContext(person, `secret:${id}`);
}
