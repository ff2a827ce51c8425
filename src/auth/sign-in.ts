// Turning what a person proved (identity provider's tokens, or an application credential) into a session record.
import type { Now } from '../clock.ts';
import type { Log } from '../log.ts';
import type { IssuedToken } from '../openstack/identity.ts';
import type { CloudSide } from './cloud-side.ts';
import type { Oidc, OidcTokens } from './oidc.ts';
import { defaultProject, learnProject, mergeProjects } from './projects.ts';
import { timed, toUnscoped, withScoped, type SessionRecord } from './record.ts';
import { revokeEverything } from './revocation.ts';

export type SignInDeps = {
  cloud: CloudSide;
  oidc: Oidc | null;
  now: Now;
  log: Log;
  randomId(): string;
  /** OS_REGION_NAME; a person may choose another. */
  region: string | null;
};

/** What the person had chosen in an earlier sign-in, offered again. */
export type Before = Pick<SessionRecord, 'projectId' | 'region'> | null;

/** Three cloud requests: the exchange, the projects, and the token of the one that is clear. Throws CloudError, UserError. */
export async function signInByOidc(deps: SignInDeps, tokens: OidcTokens, before: Before): Promise<SessionRecord> {
  const { refreshToken, accessToken } = tokens;
  const credential = { kind: 'oidc' as const, refreshToken, accessToken };
  let record: SessionRecord = { ...blank(deps, before), method: 'oidc', credential };
  try {
    const issued = await deps.cloud.byOidc(tokens);
    record = { ...record, cloudUser: issued.user, unscoped: toUnscoped(issued, deps.now()) };
    const projects = mergeProjects(await deps.cloud.listProjects(issued.value), []);
    record = { ...record, projects, projectId: defaultProject(projects, before?.projectId ?? null) };
    return record.projectId === null
      ? record
      : await scope(deps, record, { unscoped: issued.value, projectId: record.projectId });
  } catch (error) {
    await revokeEverything(deps, record);
    throw error;
  }
}

/** One cloud request: such a token is always that of the credential's own project. Throws CloudError. */
export async function signInByCredential(
  deps: SignInDeps,
  given: { id: string; secret: string },
  before: Before,
): Promise<SessionRecord> {
  const issued = await deps.cloud.byApplicationCredential(given);
  const credential = { kind: 'application_credential' as const, ...given };
  const record = {
    ...blank(deps, before),
    method: 'application_credential' as const,
    credential,
    cloudUser: issued.user,
    onlyRole: issued.roles.length === 1 ? (issued.roles[0] ?? null) : null,
  };
  return issued.project === null
    ? record
    : keep(deps, { ...record, projects: [issued.project], projectId: issued.project.id }, issued);
}

type Scoping = { unscoped: string; projectId: string };

async function scope(
  deps: SignInDeps,
  record: SessionRecord,
  { unscoped, projectId }: Scoping,
): Promise<SessionRecord> {
  const issued = await deps.cloud.rescope(unscoped, projectId);
  return keep(deps, { ...record, projects: learnProject(record.projects, issued.project) }, issued);
}

async function keep(deps: SignInDeps, record: SessionRecord, issued: IssuedToken): Promise<SessionRecord> {
  const scoped = await deps.cloud.withCatalog(issued, record.projectId ?? '');
  const now = deps.now();
  return withScoped(record, timed(scoped, now), now);
}

function blank({ randomId, region }: SignInDeps, before: Before) {
  return {
    signInId: randomId(),
    cloudUser: { id: '', name: '' },
    credential: null,
    unscoped: null,
    scoped: {},
    projects: [],
    projectId: null,
    region: before?.region ?? region,
    onlyRole: null,
  };
}
