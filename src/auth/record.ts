// What a sign-in is made of, as it is kept (sealed) in Redis, and what follows from it. Pure.
import { z } from 'zod';
import type { Catalog } from '../openstack/catalog.ts';
import type { ScopedToken } from '../openstack/client.ts';
import type { IssuedToken } from '../openstack/identity.ts';
import type { Person } from '../slack/reply.ts';
import type { Session } from './sessions.ts';

/** Tokens are renewed this long before they end, so that none ends on its way (ecs-api A.2). */
const RENEW_AHEAD_MS = 120_000;

/** `renewAt`: from when on it is better replaced. */
const token = z.object({ value: z.string(), expiresAt: z.number(), renewAt: z.number() });

const endpoint = z.object({ interface: z.string(), region: z.string().nullable(), url: z.string() });

const catalog = z.array(z.object({ type: z.string(), endpoints: z.array(endpoint) }));

/** What new tokens can be had with when the ones at hand have ended. */
const credential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('application_credential'), id: z.string(), secret: z.string() }),
  /** `accessToken` is kept only to be revoked. */
  z.object({ kind: z.literal('oidc'), refreshToken: z.string().nullable(), accessToken: z.string() }),
]);

const project = z.object({ id: z.string(), name: z.string(), domainName: z.string().nullable() });

export const sessionRecord = z.object({
  signInId: z.string(),
  cloudUser: z.object({ id: z.string(), name: z.string() }),
  method: z.enum(['oidc', 'application_credential']),
  /** Null once it was refused: nothing can be renewed any more. */
  credential: credential.nullable(),
  unscoped: token.nullable(),
  /** By project id. */
  scoped: z.record(z.string(), token.extend({ catalog })),
  projects: z.array(project),
  projectId: z.string().nullable(),
  region: z.string().nullable(),
  /** The one role that an application credential carries; null where it carries several, or nobody has noted it. */
  onlyRole: z.string().nullable().default(null),
});

export type SessionRecord = z.infer<typeof sessionRecord>;

/** A project token that knows when to make way. */
export type HeldToken = ScopedToken & { renewAt: number };

/** The part that may be shown. */
export function toSession(person: Person, record: SessionRecord): Session {
  const { signInId, cloudUser, method, projects, projectId, region, onlyRole } = record;
  return { person, signInId, cloudUser, method, projects, projectId, region, onlyRole };
}

/** False when every token has ended and nothing can bring a new one. */
export function isAlive(record: SessionRecord, now: number): boolean {
  const tokens = [...Object.values(record.scoped), ...(record.unscoped ? [record.unscoped] : [])];
  return canRenew(record) || tokens.some((one) => one.expiresAt > now);
}

function canRenew({ credential: means }: SessionRecord): boolean {
  return means?.kind === 'application_credential' || (means?.kind === 'oidc' && means.refreshToken !== null);
}

/** The token for a project, whatever its age; null when there never was one. */
export function tokenFor(record: SessionRecord, projectId: string): HeldToken | null {
  const found = record.scoped[projectId];
  return found === undefined ? null : { ...found, projectId };
}

export function isFresh(held: { renewAt: number }, now: number): boolean {
  return now < held.renewAt;
}

/** A token that lives for minutes only is used for half of its life, or it would be stale from the start. */
export function timed<T extends { expiresAt: number }>(issued: T, now: number): T & { renewAt: number } {
  const ahead = Math.min(RENEW_AHEAD_MS, (issued.expiresAt - now) / 2);
  return { ...issued, renewAt: issued.expiresAt - ahead };
}

/** The record with one more project token; tokens that have ended are dropped, so that it does not grow. */
export function withScoped(record: SessionRecord, next: HeldToken, now: number): SessionRecord {
  const { projectId, ...kept } = next;
  const living = Object.entries(record.scoped).filter(([, one]) => one.expiresAt > now);
  return { ...record, scoped: { ...Object.fromEntries(living), [projectId]: kept } };
}

/** After a refusal that no repetition will change: only tokens already held still count. */
export function withoutMeans(record: SessionRecord): SessionRecord {
  return { ...record, credential: null, unscoped: null };
}

/** The addresses we may use: other interfaces are never asked for, and catalogs are long. */
export function trimCatalog(whole: Catalog, wanted: string): Catalog {
  return whole
    .map(({ type, endpoints }) => ({ type, endpoints: endpoints.filter((one) => one.interface === wanted) }))
    .filter(({ endpoints }) => endpoints.length > 0);
}

export function toUnscoped({ value, expiresAt }: IssuedToken, now: number): NonNullable<SessionRecord['unscoped']> {
  return timed({ value, expiresAt }, now);
}
