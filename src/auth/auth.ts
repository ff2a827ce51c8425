// The whole of sign-in, put together for the composition root.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Now } from '../clock.ts';
import type { HttpRoute } from '../http.ts';
import type { Log } from '../log.ts';
import type { Leases } from '../redis/lease.ts';
import type { KeyValue } from '../redis/store.ts';
import type { Person } from '../slack/reply.ts';
import { createAttemptStore } from './attempt-store.ts';
import type { AuthKeys } from './auth-keys.ts';
import type { CloudSide } from './cloud-side.ts';
import { createLogin, type Login, type PersonNames } from './login.ts';
import type { Oidc } from './oidc.ts';
import { loginRoutes } from './pages.ts';
import { createRenewer } from './renewal.ts';
import { createSessionStore } from './session-store.ts';
import { createSessions, type Sessions, type SessionsDeps } from './sessions.ts';
import { createTokens } from './tokens.ts';
import type { Vault } from './vault.ts';
import { createWebLogin } from './web-login.ts';
import { createWords } from './words.ts';

export type AuthDeps = {
  store: KeyValue;
  keys: AuthKeys;
  leases: Leases;
  vault: Vault;
  cloud: CloudSide;
  connect: SessionsDeps['connect'];
  /** Null where no identity provider is set up: then only application credentials can sign in. */
  oidc: Oidc | null;
  nameOf(person: Person): Promise<PersonNames>;
  /** Work held for want of a sign-in may go on. */
  onSignedIn(person: Person): Promise<void>;
  now: Now;
  pause(ms: number): Promise<void>;
  log: Log;
  settings: AuthSettings;
};

export type AuthSettings = {
  /** PUBLIC_URL, with or without a slash at its end. */
  publicUrl: string;
  /** SLACK_COMMAND. */
  command: string;
  /** LOGIN_TTL in ms. */
  loginTtlMs: number;
  /** OS_REGION_NAME. */
  region: string | null;
};

export type Auth = { sessions: Sessions; login: Login; routes: HttpRoute[] };

export function createAuth(deps: AuthDeps): Auth {
  const { store, keys, vault, log, now, cloud, oidc } = deps;
  const { command, loginTtlMs: ttlMs, region } = deps.settings;
  const publicUrl = deps.settings.publicUrl.replace(/\/+$/, '');
  const words = createWords(command);
  const sessions = createSessionStore({ store, keys, vault, log });
  const attempts = createAttemptStore({ store, keys, vault, log, ttlMs });
  const renewer = createRenewer({ sessions, cloud, oidc, now, log, words });
  const tokens = createTokens({ ...deps, sessions, renewer, words });
  const signIn = { cloud, oidc, now, log, region, attempts, sessions, ttlMs, randomId: randomUUID };
  const web = createWebLogin({ ...signIn, randomCode, nameOf: deps.nameOf, redirectUri: redirectUri(publicUrl) });
  return {
    sessions: createSessions({ ...deps, sessions, attempts, tokens, words }),
    login: createLogin({ ...signIn, words, publicUrl, randomSecret, onSignedIn: deps.onSignedIn }),
    routes: loginRoutes({ web, log, publicUrl, command, ttlMs, randomSecret, issuer: oidc?.issuer ?? null }),
  };
}

/** What must be registered at the identity provider. */
export function redirectUri(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/login/callback`;
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function randomCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}
