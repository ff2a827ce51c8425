// The demo on a cloud that is not its own: who can sign in, what the bot is told, and what is left afterwards.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHttp } from '../../src/openstack/http.ts';
import { applicationCredentialToken } from '../../src/openstack/identity.ts';
import { createTransport } from '../../src/openstack/transport.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import { SEED_PASSWORD } from '../simulators/cloud/seeds.ts';
import { until } from '../support/until.ts';
import { openRealStage } from './real-stage.ts';
import type { Stage } from './stage.ts';

let cloud: CloudSimulator;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  // Whatever cloud the one who runs the tests works with.
  for (const name of Object.keys(process.env)) if (/^(OS_|OIDC_|CLOUD_TEST_)/.test(name)) vi.stubEnv(name, '');
  cloud = await CloudSimulator.start();
  closers.push(async () => cloud.close());
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(variables: Record<string, string>): Promise<Stage> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const stage = await openRealStage({ botPort: 20_000, pageDir: new URL('page', import.meta.url).pathname });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await stage.close();
    isOpen = false;
  };
  closers.push(close);
  return { ...stage, close };
}

const alice = () => ({
  OS_AUTH_URL: cloud.authUrl,
  OS_USERNAME: 'alice',
  OS_PASSWORD: SEED_PASSWORD,
  OS_PROJECT_NAME: 'demo',
});

const BOB = { CLOUD_TEST_COLLEAGUE: `bob:${SEED_PASSWORD}` };

/** Person → the cloud's user, by signing in with what was printed. */
async function usersOf(stage: Stage): Promise<Record<string, string>> {
  const transport = createTransport({ caCertificate: null });
  closers.push(async () => transport.close());
  const http = createHttp({
    fetch: transport.fetch,
    now: Date.now,
    random: () => 0,
    delay: async () => undefined,
    allowHttp: false,
  });
  const printed = [...stage.told.join('\n').matchAll(/(\w+)\s+\(.*\)\s+ID (\S+)\s+Secret (\S+)/g)];
  const signedIn = printed.map(async ([, who = '', id = '', secret = '']) => {
    const { user } = await applicationCredentialToken({ http, authUrl: cloud.authUrl }, { id, secret });
    return [who, user.name] as const;
  });
  return Object.fromEntries(await Promise.all(signedIn));
}

describe('with a user’s password', () => {
  test('keys are printed for Alice and Bob, and for a reader, and end with the demo', async () => {
    const stage = await open({ ...alice(), ...BOB, CLOUD_TEST_READER: `carol:${SEED_PASSWORD}` });
    expect(await usersOf(stage)).toEqual({ Alice: 'alice', Bob: 'bob', Carol: 'carol' });
    await stage.close();
    await expect(usersOf(stage)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('one user of the cloud is enough for two people', async () => {
    expect(await usersOf(await open(alice()))).toEqual({ Alice: 'alice', Bob: 'alice' });
  });

  test('the password is not told to the bot', async () => {
    const { env } = await open({ ...alice(), OS_REGION_NAME: 'RegionOne' });
    expect(env).toMatchObject({ OS_AUTH_URL: cloud.authUrl, OS_REGION_NAME: 'RegionOne' });
    expect(JSON.stringify(env)).not.toContain(SEED_PASSWORD);
  });

  test('the panel shows the servers and what to try with them', async () => {
    const { panel } = await open(alice());
    const state = panel.state();
    expect(state.servers.map(({ name, status }) => `${name} ${status}`).toSorted()).toEqual([
      'db-1 ACTIVE',
      'web-1 ACTIVE',
      'web-2 ACTIVE',
    ]);
    expect(state.guide?.login).toBe('/ecs login --application-credential');
    expect(state.guide?.resize).toMatch(/^\/ecs resize (db|web)-\d \S+$/);
  });

  test('the panel follows the servers while somebody watches', async () => {
    const { panel } = await open(alice());
    let told = 0;
    panel.changed.on('change', () => (told += 1));
    cloud.operator.stop('web-1');
    const isSeen = () => panel.state().servers.some(({ name, status }) => name === 'web-1' && status === 'SHUTOFF');
    await until(isSeen, 'the panel to show web-1 as SHUTOFF');
    expect(told).toBeGreaterThan(0);
  });
});

describe('the bot’s log', () => {
  const call = {
    level: 20,
    time: '2026-11-21T14:00:00.000Z',
    method: 'GET',
    url: 'http://nova.test/v2.1/servers/detail?limit=100',
    status: 200,
    ms: 41.7,
    requestId: 'req-1',
    error: null,
    msg: 'cloud call',
  };

  test('gives the panel the calls to the cloud', async () => {
    const stage = await open(alice());
    expect(stage.hears(JSON.stringify(call))).toBe(false);
    const [seen] = stage.panel.state().calls;
    expect(seen).toMatchObject({ method: 'GET', path: '/v2.1/servers/detail?limit=100', status: 200, ms: 42 });
    stage.hears(JSON.stringify({ ...call, status: null, error: 'timeout' }));
    expect(stage.panel.state().calls.at(-1)?.status).toBe(0);
  });

  test('is shown from warnings on, and where it is no log at all', async () => {
    const stage = await open(alice());
    expect(stage.hears(JSON.stringify({ level: 30, msg: 'started' }))).toBe(false);
    expect(stage.hears(JSON.stringify({ level: 40, msg: 'trouble' }))).toBe(true);
    expect(stage.hears('Error: out of paper')).toBe(true);
  });
});

describe('with an identity provider', () => {
  const provider = { OIDC_ISSUER_URL: 'https://idp.test', OIDC_CLIENT_ID: 'deck', OS_IDENTITY_PROVIDER: 'idp' };

  test('nobody’s password is needed, and the address to register is told', async () => {
    const stage = await open({ OS_AUTH_URL: cloud.authUrl, ...provider });
    expect(stage.told.join('\n')).toContain('http://127.0.0.1:20000/login/callback');
    expect(stage.env).toMatchObject(provider);
    expect(stage.panel.state()).toMatchObject({ servers: [], guide: { login: '/ecs login', resize: '/ecs resize' } });
  });
});

test.each<[what: string, variables: () => Record<string, string>, told: RegExp]>([
  ['no cloud', () => ({}), /OS_AUTH_URL is not set/],
  ['nobody to sign in', () => ({ OS_AUTH_URL: cloud.authUrl }), /nobody could sign in.*OS_USERNAME.*OIDC_/s],
  ['half a user', () => ({ OS_AUTH_URL: cloud.authUrl, OS_USERNAME: 'alice' }), /OS_PASSWORD, OS_PROJECT_NAME/],
  ['a project that is not theirs', () => ({ ...alice(), OS_PROJECT_NAME: 'admin' }), /alice has no project admin/],
])('without %s it says what is missing', async (_what, variables, told) => {
  await expect(open(variables())).rejects.toThrow(told);
});
