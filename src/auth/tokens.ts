// Project tokens for a person: the one at hand while it lasts, then exactly one new one, whoever and however many ask.
import type { Now } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { TokenSource } from '../openstack/client.ts';
import { isLease, type Leases } from '../redis/lease.ts';
import type { Person } from '../slack/reply.ts';
import { isFresh, tokenFor, type HeldToken, type SessionRecord } from './record.ts';
import type { Renewer } from './renewal.ts';
import type { SessionStore } from './session-store.ts';
import type { Words } from './words.ts';

export type TokensDeps = {
  sessions: Pick<SessionStore, 'read'>;
  renewer: Renewer;
  leases: Leases;
  now: Now;
  pause(ms: number): Promise<void>;
  log: Log;
  words: Words;
};

export type Wanted = { person: Person; projectId: string };

export type Tokens = {
  /** The source begins with what `record` holds. Both its methods throw `UserError` as `Sessions.cloud` says. */
  source(wanted: Wanted, record: SessionRecord): TokenSource;
  /** Ends the sources of a sign-in in this process at once, also those that still hold a token. */
  end(signInId: string): void;
};

const LOOK_EVERY_MS = 100;
/** Half a minute: longer than the requests of a renewal take when all of them are slow. */
const MOST_LOOKS = 300;
/** Sign-ins ended here and remembered, oldest forgotten first; by then no work of theirs is left. */
const ENDED_KEPT = 10_000;

export function createTokens(deps: TokensDeps): Tokens {
  const ended = new Set<string>();
  const obtain = shareByKey((asked: Asked) => obtainOnce(deps, asked));
  return {
    source: (wanted, record) => createSource({ deps, wanted, ended, obtain }, record),
    end(signInId) {
      ended.add(signInId);
      const [oldest] = ended;
      if (ended.size > ENDED_KEPT && oldest !== undefined) ended.delete(oldest);
    },
  };
}

/** `rejected`: a token not to be given again, because the cloud refused it or it is about to end. */
type Asked = Wanted & { rejected: string | null };

type SourceParts = {
  deps: TokensDeps;
  wanted: Wanted;
  ended: ReadonlySet<string>;
  obtain(asked: Asked): Promise<HeldToken>;
};

function createSource({ deps, wanted, ended, obtain }: SourceParts, record: SessionRecord): TokenSource {
  let held = tokenFor(record, wanted.projectId);
  const live = () => {
    if (ended.has(record.signInId)) throw deps.words.signedOutMeanwhile();
  };
  const replace = async (rejected: string | null) => {
    const next = await obtain({ ...wanted, rejected });
    live();
    held = next;
    return next;
  };
  return {
    async current() {
      live();
      if (held !== null && isFresh(held, deps.now())) return held;
      const last = held;
      try {
        return await replace(last?.value ?? null);
      } catch (error) {
        // Renewal ahead of time may fail as long as the token itself still works, and is still the person's.
        if (last !== null && last.expiresAt > deps.now() && (await isHeld(deps, wanted, last))) return last;
        throw error;
      }
    },
    async renew(rejected) {
      live();
      return held !== null && held.value !== rejected && isFresh(held, deps.now()) ? held : replace(rejected);
    },
  };
}

async function isHeld(deps: TokensDeps, { person, projectId }: Wanted, token: HeldToken): Promise<boolean> {
  const record = await deps.sessions.read(person);
  return record !== null && tokenFor(record, projectId)?.value === token.value;
}

/** Everybody in this process who asks for the same thing at the same time shares one answer. */
function shareByKey(work: (asked: Asked) => Promise<HeldToken>): (asked: Asked) => Promise<HeldToken> {
  const running = new Map<string, Promise<HeldToken>>();
  return (asked) => {
    const { person, projectId, rejected } = asked;
    const key = JSON.stringify([person.teamId, person.userId, projectId, rejected]);
    const shared = running.get(key) ?? work(asked).finally(() => running.delete(key));
    running.set(key, shared);
    return shared;
  };
}

/** Over all replicas: whoever holds the lease renews, the others look until the new token is there. */
async function obtainOnce(deps: TokensDeps, asked: Asked): Promise<HeldToken> {
  const { person } = asked;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const found = usable(await deps.sessions.read(person), asked, deps.now());
    if (found !== null) return found;
    const lease = await deps.leases.acquire(`sign-in:${person.teamId}:${person.userId}`, 'renewing a token');
    if (isLease(lease)) {
      try {
        return await renewHeld(deps, asked);
      } finally {
        await lease.release().catch((err: unknown) => deps.log.warn({ err }, 'a lease was not released'));
      }
    }
    await deps.pause(LOOK_EVERY_MS);
  }
  throw new UserError('unavailable', 'Your sign-in is being renewed, but that takes too long. Try again in a minute.');
}

/** The one before us may have renewed between our look and our lease. */
async function renewHeld(deps: TokensDeps, asked: Asked): Promise<HeldToken> {
  const record = await deps.sessions.read(asked.person);
  return usable(record, asked, deps.now()) ?? (await deps.renewer.renew(asked, record));
}

function usable(record: SessionRecord | null, { projectId, rejected }: Asked, now: number): HeldToken | null {
  const found = record === null ? null : tokenFor(record, projectId);
  return found !== null && found.value !== rejected && isFresh(found, now) ? found : null;
}
