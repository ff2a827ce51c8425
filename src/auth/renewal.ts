// One renewal: from whatever the sign-in still has to a token for one project. Runs under the person's lease.
import type { Now } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isCloudError } from '../openstack/errors.ts';
import type { IssuedToken, ListedProject } from '../openstack/identity.ts';
import { RedisAway } from '../redis/store.ts';
import type { Person } from '../slack/reply.ts';
import type { CloudSide } from './cloud-side.ts';
import { OidcError } from './oidc-error.ts';
import type { Oidc, OidcTokens } from './oidc.ts';
import { learnProject, mergeProjects } from './projects.ts';
import { isFresh, timed, toUnscoped, withoutMeans, withScoped, type HeldToken, type SessionRecord } from './record.ts';
import { revokeCloudTokens, revokeEverything, type Revoked } from './revocation.ts';
import type { SessionStore } from './session-store.ts';
import type { Words } from './words.ts';

export type RenewalDeps = {
  sessions: Pick<SessionStore, 'change'>;
  cloud: CloudSide;
  oidc: Oidc | null;
  now: Now;
  log: Log;
  words: Words;
};

export type Renewer = {
  /**
   * `record` is what the session held a moment ago. The new token is in the session before it is returned.
   * Throws `UserError` (`not_signed_in`, `not_allowed`, `unavailable` for the identity provider) and `CloudError`.
   */
  renew(wanted: { person: Person; projectId: string }, record: SessionRecord | null): Promise<HeldToken>;
};

type Work = RenewalDeps & { person: Person; projectId: string };

export function createRenewer(deps: RenewalDeps): Renewer {
  return {
    async renew(wanted, record) {
      if (record === null) throw deps.words.notSignedIn();
      return renewFrom({ ...deps, ...wanted }, record);
    },
  };
}

async function renewFrom(work: Work, record: SessionRecord): Promise<HeldToken> {
  const { credential, unscoped } = record;
  if (credential?.kind === 'application_credential') return byApplicationCredential(work, record, credential);
  if (unscoped !== null && isFresh(unscoped, work.now())) {
    const scoped = await byRescoping(work, record, unscoped.value);
    if (scoped !== null) return scoped;
  }
  const refreshToken = credential?.refreshToken ?? null;
  if (refreshToken === null || work.oidc === null) throw await end(work, record, work.words.ended());
  return byRefreshToken(work, { record, oidc: work.oidc, refreshToken });
}

/** Such a credential opens its own project and no other. */
async function byApplicationCredential(
  work: Work,
  record: SessionRecord,
  credential: { id: string; secret: string },
): Promise<HeldToken> {
  if (!record.projects.some((project) => project.id === work.projectId)) throw work.words.noRole(work.projectId);
  let issued: IssuedToken;
  try {
    issued = await work.cloud.byApplicationCredential(credential);
  } catch (error) {
    // 401: expired, secret or owner no longer valid; 404: deleted. None of it mends itself.
    const final = isCloudError(error, 'unauthorized') || isCloudError(error, 'not_found');
    throw final ? await end(work, record, work.words.credentialEnded(error)) : error;
  }
  return keepScoped(work, record, issued);
}

/** Null when the unscoped token itself is not accepted any more, so that a new one must be had. */
async function byRescoping(work: Work, record: SessionRecord, unscoped: string): Promise<HeldToken | null> {
  let issued: IssuedToken;
  try {
    issued = await work.cloud.rescope(unscoped, work.projectId);
  } catch (error) {
    return explainRefusal(work, { record, unscoped, error });
  }
  return keepScoped(work, record, issued);
}

type RefusedRescope = { record: SessionRecord; unscoped: string; error: unknown };

/** Keystone says 401 for "no role there" as well as for "this token has ended"; only the list of projects tells which. */
async function explainRefusal(work: Work, { record, unscoped, error }: RefusedRescope): Promise<null> {
  const refused = (['unauthorized', 'forbidden', 'not_found'] as const).some((kind) => isCloudError(error, kind));
  if (!refused) throw error;
  const listed = await listWith(work.cloud, unscoped);
  if (listed === null) return null;
  const isListed = listed.some((project) => project.id === work.projectId);
  if (isListed) throw error;
  const projects = mergeProjects(listed, record.projects);
  await work.sessions.change(work.person, record.signInId, (latest) => ({ ...latest, projects }));
  throw work.words.noRole(record.projects.find((project) => project.id === work.projectId)?.name ?? work.projectId);
}

/** Null when the token is not accepted. */
async function listWith(cloud: CloudSide, token: string): Promise<ListedProject[] | null> {
  try {
    return await cloud.listProjects(token);
  } catch (error) {
    if (isCloudError(error, 'unauthorized')) return null;
    throw error;
  }
}

type Refresh = { record: SessionRecord; oidc: Oidc; refreshToken: string };

async function byRefreshToken(work: Work, means: Refresh): Promise<HeldToken> {
  const tokens = await refresh(work, means);
  const credential = { kind: 'oidc' as const, refreshToken: tokens.refreshToken, accessToken: tokens.accessToken };
  // The old refresh token may be dead already, so the new one is kept before anything else can fail.
  const rotated = await keepInOutage(work, means.record, {
    alter: (latest) => ({ ...latest, credential, unscoped: null }),
    undo: () => revokeEverything(work, { ...means.record, scoped: {}, unscoped: null, credential }),
  });
  const unscoped = await exchange(work, rotated, tokens);
  const exchanged = await keep(work, rotated, {
    alter: (latest) => ({ ...latest, unscoped: toUnscoped(unscoped, work.now()) }),
    undo: () => revokeCloudTokens(work, [unscoped.value]),
  });
  const scoped = await byRescoping(work, exchanged, unscoped.value);
  if (scoped === null) throw work.words.notAccepted(null);
  return scoped;
}

async function refresh(work: Work, { record, oidc, refreshToken }: Refresh): Promise<OidcTokens> {
  try {
    return await oidc.refresh(refreshToken);
  } catch (error) {
    const final = error instanceof OidcError && error.code === 'invalid_grant';
    throw final ? await end(work, record, work.words.ended()) : work.words.fromProvider(error);
  }
}

async function exchange(work: Work, record: SessionRecord, tokens: OidcTokens): Promise<IssuedToken> {
  try {
    return await work.cloud.byOidc(tokens);
  } catch (error) {
    // No ID token came with the refresh, and this cloud takes no other.
    if (error instanceof UserError && error.code === 'sign_in_failed')
      throw await end(work, record, work.words.ended());
    // Not the end: in front of Keystone, Apache says 401 also when it cannot ask the identity provider.
    if (isCloudError(error, 'unauthorized') || isCloudError(error, 'forbidden')) throw work.words.notAccepted(error);
    throw isCloudError(error, 'not_found') ? work.words.providerUnknown(error) : error;
  }
}

async function keepScoped(work: Work, record: SessionRecord, issued: IssuedToken): Promise<HeldToken> {
  const scoped = timed(await work.cloud.withCatalog(issued, work.projectId), work.now());
  await keep(work, record, {
    alter: (latest) => ({
      ...withScoped(latest, scoped, work.now()),
      projects: learnProject(latest.projects, issued.project),
    }),
    undo: () => revokeCloudTokens(work, [scoped.value]),
  });
  return scoped;
}

type Keeping = { alter(latest: SessionRecord): SessionRecord; undo(): Promise<Revoked> };

/** Throws when the person has signed out or in again meanwhile: what was just issued then belongs to nobody and is undone. */
async function keep(work: Work, { signInId }: SessionRecord, { alter, undo }: Keeping): Promise<SessionRecord> {
  const kept = await work.sessions.change(work.person, signInId, alter);
  if (kept !== null) return kept;
  await undo();
  throw work.words.signedOutMeanwhile();
}

/** Each try waits for Redis on its own for some seconds: about five minutes in all. */
const MOST_TRIES = 100;

/** What a sign-in cannot do without: an outage of Redis is waited out. */
async function keepInOutage(work: Work, record: SessionRecord, keeping: Keeping): Promise<SessionRecord> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await keep(work, record, keeping);
    } catch (error) {
      if (!(error instanceof RedisAway) || tries >= MOST_TRIES) throw error;
    }
  }
}

/** Nothing can be renewed any more. Project tokens that still work stay: running work may finish with them. */
async function end<E extends Error>(work: Work, record: SessionRecord, sentence: E): Promise<E> {
  const { person } = work;
  await work.sessions.change(person, record.signInId, withoutMeans);
  work.log.info({ ...person, signInId: record.signInId }, 'a sign-in has ended and cannot be renewed');
  await revokeEverything(work, { ...record, scoped: {} });
  return sentence;
}
