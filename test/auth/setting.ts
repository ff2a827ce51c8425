// A bot's sign-in with everything around it real but Slack and Redis: provider, cloud, browsers.
import { setTimeout as pauseFor } from 'node:timers/promises';
import { createAuth, redirectUri, type Auth, type AuthDeps } from '../../src/auth/auth.ts';
import { createCloudSide } from '../../src/auth/cloud-side.ts';
import type { PersonNames } from '../../src/auth/login.ts';
import { createOidc } from '../../src/auth/oidc.ts';
import { sessionRecord, type SessionRecord } from '../../src/auth/record.ts';
import { createVault, parseTokenKeys, personContext } from '../../src/auth/vault.ts';
import type { Log } from '../../src/log.ts';
import type { Leases } from '../../src/redis/lease.ts';
import { connectCloud } from '../../src/openstack/client.ts';
import { createHttp } from '../../src/openstack/http.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { createVersions } from '../../src/openstack/versions.ts';
import type { Person } from '../../src/slack/reply.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions } from '../simulators/cloud/options.ts';
import {
  startIdentitySimulator,
  type IdentitySettings,
  type IdentitySimulator,
} from '../simulators/identity/server.ts';
import { createClock, type Clock } from '../support/clock.ts';
import { openBrowser, type Browser, type Page } from './browser.ts';
import { createMemoryLeases, createMemoryStore, memoryKeys, type MemoryStore } from './memory.ts';
import { serveRoutes } from './serve.ts';

export const ALICE: Person = { teamId: 'T1', userId: 'UALICE' };
export const BOB: Person = { teamId: 'T1', userId: 'UBOB' };
export const MALLORY: Person = { teamId: 'T1', userId: 'UMALLORY' };
export const LOGIN_TTL_MS = 600_000;

export const vault = createVault(parseTokenKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`));

const NAMES: Record<string, PersonNames> = {
  UALICE: { userName: 'Alice Ahrens', teamName: 'Acme' },
  UBOB: { userName: 'Bob Brandt', teamName: 'Acme' },
  UMALLORY: { userName: 'Mallory <b>', teamName: 'Acme' },
};

export type Setting = Auth & {
  url: string;
  clock: Clock;
  store: MemoryStore;
  identity: IdentitySimulator;
  cloud: CloudSimulator;
  /** Lines of the log, as JSON. */
  lines: string[];
  woken: Person[];
  leases: Leases;
  /** Another process of the bot, on the same store. */
  replica(changes?: Partial<AuthDeps>): Auth;
  /** The whole way through the browser, up to the code. */
  getsCode(person: Person, as: string, browser?: Browser): Promise<string>;
  signsIn(person: Person, as: string, browser?: Browser): Promise<void>;
  close(): Promise<void>;
};

export type SettingOptions = {
  cloud?: CloudOptions;
  identity?: Partial<IdentitySettings>;
  deps?: Partial<AuthDeps>;
};

export async function openSetting(options: SettingOptions = {}): Promise<Setting> {
  const clock = createClock();
  const served = await serveRoutes();
  const identity = await startIdentitySimulator({
    clients: [{ id: 'bot', secret: 'client-secret' }],
    users: ['alice', 'bob', 'carol', 'stranger'].map((login) => ({ login, name: login })),
    redirectUris: [redirectUri(served.url)],
    ...options.identity,
  });
  const cloud = await CloudSimulator.start({ now: clock.now, idp: trust(identity), ...options.cloud });
  const store = createMemoryStore(clock.now);
  const lines: string[] = [];
  const woken: Person[] = [];
  const shared = { store, leases: createMemoryLeases(), log: collect(lines), clock, identity, cloud };
  const replica = (changes: Partial<AuthDeps> = {}) =>
    createReplica(shared, { url: served.url, woken, options: { ...options, deps: { ...options.deps, ...changes } } });
  const auth = replica();
  served.mount(auth.routes);
  const getsCode = async (person: Person, as: string, browser = openBrowser()) => {
    const { url } = await auth.login.begin(person);
    const provider = await browser.submit(await browser.open(url));
    // Who is remembered by the provider comes back at once.
    return codeOn(provider.url.startsWith(served.url) ? provider : await browser.submit(provider, { account: as }));
  };
  return {
    ...auth,
    ...shared,
    url: served.url,
    lines,
    woken,
    replica,
    getsCode,
    async signsIn(person, as, browser) {
      await auth.login.finish(person, await getsCode(person, as, browser));
    },
    async close() {
      await Promise.all([served.close(), identity.close(), cloud.close()]);
    },
  };
}

type Shared = Pick<Setting, 'store' | 'clock' | 'identity' | 'cloud'> & Pick<AuthDeps, 'leases' | 'log'>;
type Own = { url: string; woken: Person[]; options: SettingOptions };

function createReplica({ store, leases, log, clock, identity, cloud }: Shared, { url, woken, options }: Own): Auth {
  const { now } = clock;
  const http = createHttp({ fetch, now, random: () => 0, delay: () => Promise.resolve(), allowHttp: false });
  const mode = options.cloud?.mode ?? 'openstack';
  const [profile, region] = [profiles[mode], mode === 'openstack' ? 'RegionOne' : 'eu-de'];
  const service = { http, authUrl: cloud.authUrl };
  const federation = { identityProvider: 'flight-idp', protocol: 'openid' };
  const versions = createVersions(http, now);
  const base = { http, profile, interface: 'public', overrides: {}, versions, ceiling: null };
  const pause = () => pauseFor(1);
  return createAuth({
    store,
    keys: memoryKeys,
    leases,
    vault,
    cloud: createCloudSide({ service, profile, interface: 'public', ...federation }),
    connect: (to) => connectCloud({ ...base, ...to }),
    oidc: createOidc(
      {
        issuer: identity.issuer,
        clientId: 'bot',
        clientSecret: 'client-secret',
        scope: 'openid profile offline_access',
        redirectUri: redirectUri(url),
        allowHttp: false,
      },
      { now, pause },
    ),
    nameOf: async (person) => NAMES[person.userId] ?? { userName: null, teamName: null },
    onSignedIn: async (person) => void woken.push(person),
    now,
    pause,
    log,
    settings: { publicUrl: url, command: '/ecs', loginTtlMs: LOGIN_TTL_MS, region },
    ...options.deps,
  });
}

/** People have the same login name at the identity provider and in the cloud. */
function trust(identity: IdentitySimulator): NonNullable<CloudOptions['idp']> {
  const named = (one: { login: string } | null) => one && { sub: one.login, name: one.login };
  return {
    introspect: async (token) => named(await identity.introspect(token)),
    verifyIdToken: async (token) => named(await identity.verifyIdToken(token)),
  };
}

function collect(lines: string[]): Log {
  const write = (...facts: unknown[]) => void lines.push(JSON.stringify(facts, errorsToo));
  return { debug: write, info: write, warn: write, error: write };
}

/** What a log would print of an error: everything it has. */
function errorsToo(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message, stack, cause } = value;
  return { ...Object.fromEntries(Object.entries(value)), message, stack, cause };
}

export function codeOn(page: Page): string {
  const code = /\b\d{3}-\d{3}\b/.exec(page.html)?.[0];
  if (code === undefined) throw new Error(`no code on ${page.url} (${page.status}):\n${page.html}`);
  return code;
}

/** The session as only the bot can read it. */
export function recordOf({ store }: Setting, person: Person): SessionRecord {
  const sealed = store.peek(memoryKeys.session(person));
  if (sealed === null) throw new Error(`no session of ${person.userId}`);
  return sessionRecord.parse(JSON.parse(vault.open(sealed, personContext(person, 'session'))));
}

/** Every token held for the person. */
export function secretsOf(setting: Setting, person: Person): string[] {
  const { scoped, unscoped, credential } = recordOf(setting, person);
  const tokens = [...Object.values(scoped), ...(unscoped === null ? [] : [unscoped])].map((token) => token.value);
  if (credential?.kind !== 'oidc') return credential === null ? tokens : [...tokens, credential.secret];
  return [...tokens, credential.accessToken, ...(credential.refreshToken === null ? [] : [credential.refreshToken])];
}
