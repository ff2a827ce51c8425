// Signing in, as seen from the browser: look at the link, go to the identity provider, come back for the code.
import type { Now } from '../clock.ts';
import { unreachable, UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isCloudError, type CloudErrorKind } from '../openstack/errors.ts';
import type { Person } from '../slack/reply.ts';
import type { AttemptStore, Found } from './attempt-store.ts';
import { asLink, awaitCode, comeHome, leave, showCode, type Attempt, type Stage } from './attempt.ts';
import type { PersonNames } from './login.ts';
import { OidcError } from './oidc-error.ts';
import type { Oidc } from './oidc.ts';
import type { SessionRecord } from './record.ts';
import { revokeEverything } from './revocation.ts';
import type { SessionStore } from './session-store.ts';
import { signInByOidc, type SignInDeps } from './sign-in.ts';

/** Why a page cannot go on. Each has its own page with its own advice. */
export type Problem =
  /** Used, expired, replaced or never given out. */
  | 'dead_link'
  | 'unknown_trip'
  | 'other_browser'
  | 'in_progress'
  | 'denied'
  | 'provider_away'
  | 'provider_refuses'
  | 'cloud_away'
  | 'cloud_refuses'
  /** Cloud and identity provider do not know each other, or the cloud lacks something that only the operator can add. */
  | 'cloud_not_set_up';

export type Invitation = { person: Person; names: PersonNames };

/** `cloudUser` and `names` are other people's text. */
export type Proof = Invitation & { code: string; cloudUser: string; projects: number };

export type WebLogin = {
  /** Consumes nothing: mail scanners and link previews open links too. */
  look(ticket: string): Promise<Invitation | Problem>;
  /** Consumes the link. `browser` is the secret in this browser's cookie. */
  proceed(ticket: string, browser: string): Promise<{ url: string } | Problem>;
  /** `query` as the identity provider sent it. */
  comeBack(query: URLSearchParams, browser: string | null): Promise<Proof | Problem>;
};

export type WebLoginDeps = SignInDeps & {
  attempts: AttemptStore;
  sessions: Pick<SessionStore, 'read'>;
  oidc: Oidc | null;
  now: Now;
  log: Log;
  /** Where the identity provider sends browsers back to, as it has it on file. */
  redirectUri: string;
  ttlMs: number;
  /** Six decimal digits, all equally likely. */
  randomCode(): string;
  /** Asks Slack; may fail. */
  nameOf(person: Person): Promise<PersonNames>;
};

export function createWebLogin(deps: WebLoginDeps): WebLogin {
  return {
    look: (ticket) => look(deps, ticket),
    proceed: (ticket, browser) => proceed(deps, ticket, browser),
    comeBack: (query, browser) => comeBack(deps, query, browser),
  };
}

async function look(deps: WebLoginDeps, ticket: string): Promise<Invitation | Problem> {
  const found = await deps.attempts.byTicket(ticket);
  const link = asLink(found?.attempt ?? null, ticket, deps.now());
  if (found === null || link === null) return 'dead_link';
  return invite(deps, found.person, link.names);
}

async function invite(deps: WebLoginDeps, person: Person, names: PersonNames | null): Promise<Invitation> {
  if (names !== null) return { person, names };
  const asked = await deps.nameOf(person).catch((err: unknown) => {
    deps.log.warn({ err, ...person }, 'the name of a person was not found out');
    return { userName: null, teamName: null };
  });
  return { person, names: asked };
}

/** The link is consumed last, so that a provider which does not answer costs nobody their link. */
async function proceed(deps: WebLoginDeps, ticket: string, browser: string): Promise<{ url: string } | Problem> {
  const found = await deps.attempts.byTicket(ticket);
  const link = asLink(found?.attempt ?? null, ticket, deps.now());
  if (found === null || link === null || deps.oidc === null) return 'dead_link';
  try {
    const { url, trip } = await deps.oidc.startTrip();
    await deps.attempts.point(trip.state, found.person);
    const away = leave(link, { browser, trip, expiresAt: deps.now() + deps.ttlMs });
    return (await deps.attempts.move(found, away)) ? { url } : 'dead_link';
  } catch (error) {
    return explain(deps, error);
  }
}

async function comeBack(deps: WebLoginDeps, query: URLSearchParams, browser: string | null): Promise<Proof | Problem> {
  const state = query.get('state') ?? '';
  const found = await deps.attempts.byState(state);
  const home = comeHome(found?.attempt ?? null, { state, browser }, deps.now());
  if (found === null) return 'unknown_trip';
  switch (home.kind) {
    case 'unknown':
      return 'unknown_trip';
    case 'other_browser':
      return 'other_browser';
    case 'in_progress':
      return 'in_progress';
    case 'code':
      return prove(deps, found.person, home.waiting);
    case 'go_on':
      return (await deps.attempts.move(found, home.next)) ? receive(deps, { ...home, found, query }) : 'in_progress';
    default:
      return unreachable(home);
  }
}

type Arrival = { found: Found; from: Stage<'away'>; next: Stage<'returning'>; query: URLSearchParams };

async function receive(deps: WebLoginDeps, arrival: Arrival): Promise<Proof | Problem> {
  let record: SessionRecord;
  try {
    record = await askCloud(deps, arrival);
  } catch (error) {
    await settle(deps, arrival, { stage: 'done', expiresAt: arrival.next.expiresAt });
    return explain(deps, error);
  }
  const waiting = awaitCode(arrival.next, { code: deps.randomCode(), record, expiresAt: deps.now() + deps.ttlMs });
  if (await settle(deps, arrival, waiting)) return prove(deps, arrival.found.person, waiting);
  await revokeEverything(deps, record);
  return 'unknown_trip';
}

/** False when the person has asked for a newer link, or signed out, while the cloud was answering. */
async function settle(deps: WebLoginDeps, { found, next }: Arrival, outcome: Attempt): Promise<boolean> {
  const latest = await deps.attempts.byPerson(found.person);
  const isSame = latest?.attempt.stage === 'returning' && latest.attempt.state === next.state;
  return isSame && (await deps.attempts.move(latest, outcome));
}

async function askCloud(deps: WebLoginDeps, { found, from, query }: Arrival) {
  if (deps.oidc === null) throw new OidcError('misconfigured', 'no identity provider is set up');
  // Not the address the request came in with: behind a proxy that is another one.
  const callback = new URL(deps.redirectUri);
  callback.search = query.toString();
  const tokens = await deps.oidc.exchange(callback, from.trip);
  return signInByOidc(deps, tokens, await deps.sessions.read(found.person));
}

async function prove(deps: WebLoginDeps, person: Person, waiting: Stage<'code'>): Promise<Proof> {
  const { code, names, record } = waiting;
  const invitation = await invite(deps, person, names);
  return { ...invitation, code: showCode(code), cloudUser: record.cloudUser.name, projects: record.projects.length };
}

/** Known refusals become pages; anything else is a bug or an outage and goes up. */
function explain(deps: WebLoginDeps, error: unknown): Problem {
  const problem = problemOf(error);
  if (problem === null) throw error;
  deps.log.warn({ err: error, problem }, 'a sign-in page could not go on');
  return problem;
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof OidcError) {
    if (error.code === 'unavailable') return 'provider_away';
    return error.code === 'denied' ? 'denied' : 'provider_refuses';
  }
  if (error instanceof UserError) return 'cloud_not_set_up';
  return isCloudError(error) ? problemOfCloud(error.kind) : null;
}

function problemOfCloud(kind: CloudErrorKind): Problem {
  switch (kind) {
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'throttled':
      return 'cloud_away';
    // An identity provider that the cloud does not know, a call it cannot read, a success without a token.
    case 'not_found':
    case 'bad_request':
    case 'unexpected':
      return 'cloud_not_set_up';
    case 'unauthorized':
    case 'mfa_required':
    case 'forbidden':
    case 'quota':
    case 'conflict':
      return 'cloud_refuses';
    default:
      return unreachable(kind);
  }
}
