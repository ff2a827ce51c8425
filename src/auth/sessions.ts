// Who is signed in to the cloud as whom, and the way from a Slack person to a connection that acts as them.
import type { Now } from '../clock.ts';
import type { Log } from '../log.ts';
import { regionsOf } from '../openstack/catalog.ts';
import type { ScopedToken, TokenSource } from '../openstack/client.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Person } from '../slack/reply.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { CloudSide } from './cloud-side.ts';
import type { Oidc } from './oidc.ts';
import { mergeProjects } from './projects.ts';
import { isAlive, isFresh, tokenFor, toSession, type SessionRecord } from './record.ts';
import { revokeEverything } from './revocation.ts';
import type { SessionStore } from './session-store.ts';
import type { Tokens } from './tokens.ts';
import type { Words } from './words.ts';

export type Project = { id: string; name: string; domainName: string | null };

/** What may be shown of a sign-in; the tokens stay behind `cloud`. */
export type Session = {
  person: Person;
  cloudUser: { id: string; name: string };
  method: 'oidc' | 'application_credential';
  projects: Project[];
  /** The chosen project; null when several are possible and none is chosen yet. */
  projectId: string | null;
  /** The chosen one, or the only one that the chosen project is in, as far as that is known. */
  region: string | null;
  /** Differs for every sign-in. */
  signInId: string;
  /** The one role that an application credential carries; null where it carries several. */
  onlyRole: string | null;
};

/** A session together with its connections, all from one read of Redis. */
export type SignedIn = {
  session: Session;
  /** As `Sessions.cloud`, without reading the session again. */
  cloud(projectId?: string): Promise<Cloud>;
  /** The regions that the cloud's catalog has for this project, by name. Throws as `cloud` does. */
  regions(projectId: string): Promise<string[]>;
};

/** Every method throws `UserError` for what the person must do something about. */
export type Sessions = {
  /** Null when the person is not signed in, or the sign-in has ended and cannot be renewed. One Redis read. */
  find(person: Person): Promise<Session | null>;
  /** Throws `not_signed_in`. */
  require(person: Person): Promise<Session>;
  /** `require` and `cloud` for the price of one Redis read. Throws `not_signed_in`. */
  open(person: Person): Promise<SignedIn>;
  /**
   * A connection to `projectId`, else to the chosen project. Throws `not_signed_in` when the sign-in cannot be renewed,
   * `bad_usage` when no project is chosen, `not_allowed` when the person has no role in the project (any more),
   * `unavailable` when the identity provider does not answer, and `CloudError` when the cloud does not.
   */
  cloud(person: Person, projectId?: string): Promise<Cloud>;
  /** By id. Throws `not_found` when the project is not one of the session's, `not_signed_in`. */
  chooseProject(person: Person, projectId: string): Promise<Session>;
  /** Null: whatever the cloud's catalog offers. */
  chooseRegion(person: Person, region: string | null): Promise<Session>;
  /** Forgets the sign-in here first, then revokes every token held; `failed` counts the ones that could not be. */
  signOut(person: Person): Promise<{ revoked: number; failed: number }>;
};

export type SessionsDeps = {
  sessions: SessionStore;
  attempts: Pick<AttemptStore, 'take'>;
  tokens: Tokens;
  cloud: CloudSide;
  oidc: Oidc | null;
  /** The cloud edge's `connectCloud` with all that does not depend on the person. */
  connect(to: { projectId: string; region: string | null; tokens: TokenSource }): Cloud;
  now: Now;
  log: Log;
  words: Words;
};

export function createSessions(deps: SessionsDeps): Sessions {
  return {
    async find(person) {
      const record = await deps.sessions.read(person);
      return record !== null && isAlive(record, deps.now()) ? toSession(person, record) : null;
    },
    require: async (person) => toSession(person, await readAlive(deps, person)),
    async open(person) {
      const record = await readAlive(deps, person);
      const cloud = (projectId?: string) => connect(deps, { person, record, projectId });
      const regions = (projectId: string) => listRegions(deps, { person, record, projectId });
      const session = toSession(person, record);
      return { session: { ...session, region: heldRegion(deps, record) ?? session.region }, cloud, regions };
    },
    cloud: async (person, projectId) => connect(deps, { person, record: await readAlive(deps, person), projectId }),
    chooseProject: (person, projectId) => chooseProject(deps, person, projectId),
    async chooseRegion(person, region) {
      const { signInId } = await readAlive(deps, person);
      return change(deps, { person, signInId }, (record) => ({ ...record, region }));
    },
    signOut: (person) => signOut(deps, person),
  };
}

async function readAlive(deps: SessionsDeps, person: Person): Promise<SessionRecord> {
  const record = await deps.sessions.read(person);
  if (record === null) throw deps.words.notSignedIn();
  if (!isAlive(record, deps.now())) throw deps.words.ended();
  return record;
}

type Wanted = { person: Person; record: SessionRecord; projectId: string | undefined };

/** Asks for the token at once, so that whoever cannot be served is told before anything is begun. */
async function connect(deps: SessionsDeps, { person, record, projectId }: Wanted): Promise<Cloud> {
  const wanted = projectId ?? pickProject(deps, record);
  const tokens = deps.tokens.source({ person, projectId: wanted }, record);
  const region = onlyRegion(deps, record, await tokens.current()) ?? record.region;
  return deps.connect({ projectId: wanted, region, tokens });
}

async function listRegions(deps: SessionsDeps, { person, record, projectId }: Wanted & { projectId: string }) {
  const token = await deps.tokens.source({ person, projectId }, record).current();
  const only = onlyRegion(deps, record, token);
  return only === null ? regionsOf(token.catalog) : [only];
}

/** Of the chosen project, or the only one, as far as the tokens at hand tell. */
function heldRegion(deps: SessionsDeps, record: SessionRecord): string | null {
  const projectId = record.projectId ?? onlyProject(record);
  const token = projectId === undefined ? null : tokenFor(record, projectId);
  return token === null ? null : onlyRegion(deps, record, token);
}

/** Some clouds have every project in one region: there, a choice made for another project must not count. */
function onlyRegion({ cloud }: SessionsDeps, { projects }: SessionRecord, token: ScopedToken): string | null {
  const project = projects.find(({ id }) => id === token.projectId);
  return project === undefined ? null : cloud.regionOf(project.name, token.catalog);
}

function onlyProject({ projects }: SessionRecord): string | undefined {
  return projects.length === 1 ? projects[0]?.id : undefined;
}

function pickProject({ words }: SessionsDeps, record: SessionRecord): string {
  const { projectId, projects } = record;
  const picked = projectId ?? onlyProject(record);
  if (picked === undefined) throw projects.length === 0 ? words.noProjects() : words.noProjectChosen();
  return picked;
}

async function chooseProject(deps: SessionsDeps, person: Person, projectId: string): Promise<Session> {
  const record = await readAlive(deps, person);
  const known = record.projects.some((project) => project.id === projectId);
  const projects = known ? record.projects : await listAgain(deps, record);
  if (!projects.some((project) => project.id === projectId)) throw deps.words.unknownProject(projectId);
  const { signInId } = record;
  return change(deps, { person, signInId }, (latest) => ({ ...latest, projects, projectId }));
}

/** A role may have been given since the sign-in. */
async function listAgain({ cloud, now }: SessionsDeps, { unscoped, projects }: SessionRecord): Promise<Project[]> {
  if (unscoped === null || !isFresh(unscoped, now())) return projects;
  return mergeProjects(await cloud.listProjects(unscoped.value), projects);
}

async function change(
  deps: SessionsDeps,
  { person, signInId }: { person: Person; signInId: string },
  alter: (record: SessionRecord) => SessionRecord,
): Promise<Session> {
  const changed = await deps.sessions.change(person, signInId, alter);
  if (changed === null) throw deps.words.signedOutMeanwhile();
  return toSession(person, changed);
}

/** The order is the point: after the first line nobody can act with the tokens, whatever the revocation then meets. */
async function signOut(deps: SessionsDeps, person: Person): Promise<{ revoked: number; failed: number }> {
  const [record, attempt] = await Promise.all([deps.sessions.take(person), deps.attempts.take(person)]);
  if (record !== null) deps.tokens.end(record.signInId);
  const pending = attempt?.stage === 'code' ? attempt.record : null;
  const held = [record, pending].filter((one) => one !== null);
  const outcomes = await Promise.all(held.map((one) => revokeEverything(deps, one)));
  const total = outcomes.reduce(
    (sum, one) => ({ revoked: sum.revoked + one.revoked, failed: sum.failed + one.failed }),
    { revoked: 0, failed: 0 },
  );
  deps.log.info({ ...person, ...total }, 'a person has signed out of the cloud');
  return total;
}
