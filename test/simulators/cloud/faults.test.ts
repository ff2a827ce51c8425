// What goes wrong on the way to a cloud and back, as a test orders it; and the log of what was asked.

import { Agent, request } from 'node:http';

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from './cloud-simulator.ts';
import type { FaultKind } from './faults.ts';
import type { CloudOptions } from './options.ts';
import { person, send, signIn, type Person } from './testing/person.ts';

let cloud: CloudSimulator;
let alice: Person;
let id: string;

afterEach(async () => cloud.close());

async function begin(options: CloudOptions = {}): Promise<void> {
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: 0, ...options });
  alice = await person(cloud, 'alice', 'demo');
  ({ id } = cloud.server('web-1'));
}

const stop = { 'os-stop': null };

test.each<[kind: FaultKind, seen: { status: number; text: string }, done: boolean]>([
  [500, { status: 500, text: '{"computeFault":{"code":500,"message":"Ordered by the test."}}' }, false],
  [401, { status: 401, text: '{"error":{"code":401,"message":"Ordered by the test.","title":"Error"}}' }, false],
  ['html', { status: 502, text: '<html><body><h1>502 Bad Gateway</h1></body></html>' }, false],
  ['empty', { status: 200, text: '' }, false],
  [
    'flow_limit',
    { status: 202, text: '{"error":{"code":"Common.0024","message":"The system is busy. Try again later."}}' },
    false,
  ],
  [{ status: 418, body: { tea: true } }, { status: 418, text: '{"tea":true}' }, false],
  [{ delayMs: 1 }, { status: 202, text: '' }, true],
])('the next request is answered with %o', async (kind, seen, done) => {
  await begin();
  cloud.failNext({ match: { method: 'POST', path: /action$/, action: 'os-stop' }, with: kind });
  const { status, text } = await alice.act(id, stop);
  expect({ status, text }).toEqual(seen);
  expect(cloud.isChanging('web-1')).toBe(done);
});

test.each<[kind: FaultKind, done: boolean]>([
  ['reset', false],
  ['reset_after', true],
])('a connection may die, with the work done or not: %s', async (kind, done) => {
  await begin();
  cloud.failNext({ match: { path: /action$/ }, with: kind });
  await expect(alice.act(id, stop)).rejects.toThrow('fetch failed');
  expect(cloud.isChanging('web-1')).toBe(done);
  expect(cloud.calls.at(-1)).toMatchObject({ status: 0, action: 'os-stop' });
});

test.each<[kind: FaultKind, done: boolean]>([
  ['hang', false],
  ['hang_after', true],
])('an answer may never come, with the work done or not: %s', async (kind, done) => {
  await begin();
  cloud.failNext({ with: kind });
  const arrived = new Promise<void>((resolve) => {
    cloud.changed.on('change', () => cloud.calls.at(-1)?.action === 'os-stop' && resolve());
  });
  const giveUp = new AbortController();
  const asked = fetch(`${cloud.url}/compute/v2.1/servers/${id}/action`, {
    method: 'POST',
    headers: { 'X-Auth-Token': alice.token, 'Content-Type': 'application/json' },
    body: JSON.stringify(stop),
    signal: giveUp.signal,
  });
  await arrived;
  expect(cloud.isChanging('web-1')).toBe(done);
  giveUp.abort();
  await expect(asked).rejects.toThrow('aborted');
});

test('a body may end in the middle', async () => {
  await begin();
  cloud.failNext({ with: 'truncated' });
  await expect(alice.ask('/servers/detail')).rejects.toThrow();
});

test('throttling says how long to wait when Nova does it, and not when the gateway does', async () => {
  await begin();
  cloud.failNext({ with: 429 });
  cloud.failNext({ with: 'apigw_throttled' });
  const [nova, gateway] = [await alice.ask('/servers'), await alice.ask('/servers')];
  expect([nova.status, nova.headers.get('retry-after'), nova.body]).toMatchObject([
    429,
    '1',
    { overLimit: { code: 429 } },
  ]);
  expect([gateway.status, gateway.headers.get('retry-after'), gateway.body]).toMatchObject([
    429,
    null,
    { error_code: 'APIGW.0308' },
  ]);
});

test('a fault hits only what it was ordered for, as often as it was ordered', async () => {
  await begin();
  cloud.failNext({ match: { method: 'GET', path: /\/flavors/ }, with: 503, times: 2 });
  const statuses: number[] = [];
  for (const path of ['/servers', '/flavors', '/flavors', '/flavors']) statuses.push((await alice.ask(path)).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
});

test('in an outage every connection dies; afterwards all is as before', async () => {
  await begin();
  cloud.outage(true);
  await expect(alice.ask('/servers')).rejects.toThrow('fetch failed');
  cloud.outage(false);
  expect((await alice.ask('/servers')).status).toBe(200);
});

test('with Keystone down Nova goes on for those it knows', async () => {
  await begin();
  await alice.ask('/servers');
  const stranger = await person(cloud, 'bob', 'demo');
  cloud.breakDown('identity');
  await expect(signIn(cloud, 'alice', 'demo')).rejects.toThrow('fetch failed');
  expect((await alice.act(id, stop)).status).toBe(202);
  expect((await stranger.ask('/servers')).body).toMatchObject({ code: '503 Service Unavailable' });
});

test('connections are kept, and counted', async () => {
  await begin();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = cloud.connections;
  for (let turn = 0; turn < 5; turn += 1) await viaAgent(agent, { path: '/compute/' });
  agent.destroy();
  expect(cloud.connections - before).toBe(1);
});

test.each([
  ['closed', 'close'],
  ['dropped', 'keep-alive'],
] as const)('after a 204 the connection may be %s', async (after204, word) => {
  await begin({ after204 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = cloud.connections;
  const { token } = await person(cloud, 'alice', 'demo');
  const connection = await viaAgent(agent, { method: 'DELETE', path: '/identity/v3/auth/tokens', token });
  expect(connection.said).toBe(word);
  await connection.closed;
  await viaAgent(agent, { path: '/compute/' });
  agent.destroy();
  expect(cloud.connections - before).toBeGreaterThanOrEqual(2);
});

type Connection = { said: string | undefined; closed: Promise<void> };

type ByAgent = { method?: string; path: string; token?: string };

async function viaAgent(agent: Agent, { method = 'GET', path, token }: ByAgent): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { 'X-Auth-Token': token, 'X-Subject-Token': token };
    const asked = request(`${cloud.url}${path}`, { agent, method, headers }, (response) => {
      const closed = new Promise<void>((done) => {
        response.socket.once('close', () => done());
      });
      response.resume().on('end', () => resolve({ said: response.headers.connection, closed }));
    });
    asked.on('error', reject).end();
  });
}

test('a token longer than many servers would take is taken', async () => {
  await begin({ tokenLength: 12_000 });
  expect(alice.token).toHaveLength(12_000);
  expect((await alice.ask('/servers')).status).toBe(200);
});

test('every call is in the log, with who, what and how it ended, and never the token', async () => {
  await begin();
  await alice.act(id, stop);
  await alice.act(id, stop);
  await send(cloud, '/compute/v2.1/servers');
  expect(cloud.calls.map(({ method, path, status, user, action }) => ({ method, path, status, user, action }))).toEqual(
    [
      { method: 'POST', path: '/identity/v3/auth/tokens', status: 201, user: 'alice', action: null },
      { method: 'POST', path: `/compute/v2.1/servers/${id}/action`, status: 202, user: 'alice', action: 'os-stop' },
      { method: 'POST', path: `/compute/v2.1/servers/${id}/action`, status: 409, user: 'alice', action: 'os-stop' },
      { method: 'GET', path: '/compute/v2.1/servers', status: 401, user: null, action: null },
    ],
  );
  expect(cloud.countCalls({ action: 'os-stop', status: 202 })).toBe(1);
  expect(cloud.countCalls({ path: /^\/compute/, user: 'alice' })).toBe(2);
  expect(JSON.stringify(cloud.calls)).not.toContain(alice.token);
});

test('the side panel sees servers and calls, and is told of changes', async () => {
  await begin();
  let changes = 0;
  cloud.changed.on('change', () => (changes += 1));
  await alice.act(id, { resize: { flavorRef: '12' } });
  const { servers, calls } = cloud.state();
  expect(servers).toHaveLength(3);
  expect(servers[0]).toEqual({
    id,
    name: 'web-1',
    status: 'RESIZE',
    vmState: 'active',
    taskState: 'resize_prep',
    flavor: 's2.small.1',
    project: 'demo',
  });
  expect(calls.at(-1)).toMatchObject({ method: 'POST', status: 202, by: 'alice' });
  expect(changes).toBeGreaterThan(0);
});

test('the world can be another one', async () => {
  cloud = await CloudSimulator.start({
    seed: { servers: [{ name: 'only', project: 'demo', flavor: 'c1.large', vmState: 'stopped' }] },
  });
  expect(cloud.state().servers.map(({ name, status }) => [name, status])).toEqual([['only', 'SHUTOFF']]);
});
