// What Nova answers when nothing is wrong: the recorded shapes, by microversion.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import { person, send, type Person } from '../testing/person.ts';
import { comparable, masked, read, recordedAnswer, shapeOf } from '../testing/recorded.ts';

let cloud: CloudSimulator;
let alice: Person;

afterEach(async () => cloud.close());

async function begin(options: Parameters<typeof CloudSimulator.start>[0] = {}): Promise<void> {
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: 0, ...options });
  alice = await person(cloud, 'alice', 'demo');
}

test.each<[file: string, path: string, version?: string]>([
  ['servers', '/servers'],
  ['servers-limit1', '/servers?limit=1'],
  ['servers-detail-default', '/servers/detail'],
  ['servers-detail-2.26', '/servers/detail', '2.26'],
  ['servers-detail-latest', '/servers/detail', 'latest'],
  ['servers-detail-max', '/servers/detail', '2.93'],
  ['flavors', '/flavors'],
  ['flavors-detail', '/flavors/detail'],
  ['flavors-detail-max', '/flavors/detail', '2.93'],
  ['limits', '/limits'],
  ['limits-max', '/limits', '2.93'],
  ['os-availability-zone', '/os-availability-zone'],
])('an answer has the shape of the recorded one: %s', async (file, path, version) => {
  await begin();
  const recorded = recordedAnswer(file);
  const seen = await alice.ask(path, version === undefined ? {} : { version });
  expect(seen.status).toBe(recorded.status);
  expect(shapeOf(seen.body)).toEqual(shapeOf(recorded.body));
  expect(comparable(seen, { ...recorded, body: null }).headers).toEqual(recorded.headers);
});

test.each([
  ['nova-root', '/compute/'],
  ['nova-v2', '/compute/v2/'],
  ['nova-v21', '/compute/v2.1/'],
  ['nova-v21-noslash', '/compute/v2.1'],
])('a version document is the recorded one and needs no token: %s', async (file, path) => {
  await begin();
  const recorded = recordedAnswer(file);
  const seen = await send(cloud, path);
  expect(masked(seen.body)).toEqual(masked(recorded.body));
  expect(comparable(seen, { ...recorded, body: null }).headers).toEqual(recorded.headers);
});

test('an unknown version is answered with a choice of the known ones', async () => {
  await begin();
  const seen = await send(cloud, '/compute/v3/');
  expect([seen.status, seen.body]).toMatchObject([300, { choices: [{ id: 'v2.0' }, { id: 'v2.1' }] }]);
});

test('a cloud without microversions has only the old API', async () => {
  await begin({ maxMicroversion: null });
  const { body } = await send(cloud, '/compute/');
  expect(body).toMatchObject({ versions: [{ id: 'v2.0', version: '' }] });
  expect((await alice.ask('/servers')).status).toBe(404);
  const seen = await send(cloud, '/compute/v2/servers/detail', {
    headers: { 'X-Auth-Token': alice.token },
    version: '2.93',
  });
  expect(seen.headers.get('openstack-api-version')).toBeNull();
  expect(seen.body).toMatchObject({ servers: [{ flavor: { id: '12' } }, {}, {}] });
});

type Stage = () => Promise<void> | void;

const resizeTo = (flavorRef: string) => async (): Promise<void> => {
  await alice.act(cloud.server('check-1').id, { resize: { flavorRef } });
};
const finish = (): void => cloud.finish('check-1');

test.each<[file: string, stages: Stage[], version?: string]>([
  ['flow/server-active', []],
  ['flow/server-active-max', [], '2.93'],
  ['flow/server-resizing', [resizeTo('12')]],
  ['flow/server-verify-resize', [resizeTo('12'), finish]],
  ['flow/server-verify-resize-max', [resizeTo('12'), finish], '2.93'],
  ['flow/server-verify-resize-stopped', [() => cloud.operator.stop('check-1'), resizeTo('12'), finish]],
  ['flow/server-resize-failed', [resizeTo('17'), finish]],
])('a server on its way looks as the recorded one did: %s', async (file, stages, version) => {
  await begin();
  const { id } = cloud.addServer({ name: 'check-1', project: 'demo', flavor: '11', description: 'check' });
  for (const stage of stages) await stage();
  expectLike(await alice.seen(id, version), recordedServer(file));
});

test('after a resize that no host takes, the server looks as if nothing had been asked', async () => {
  await begin();
  const { id } = cloud.addServer({ name: 'check-1', project: 'demo', flavor: '11', addresses: {} });
  await resizeTo('16')();
  finish();
  // This one was recorded by an administrator.
  const admin = await person(cloud, 'admin', 'admin');
  expectLike(await admin.seen(id), recordedServer('flow/server-after-resize-novalidhost'));
});

function expectLike(seen: Record<string, unknown>, recorded: Record<string, unknown>): void {
  expect(shapeOf(seen)).toEqual(shapeOf(recorded));
  for (const field of [
    'status',
    'OS-EXT-STS:vm_state',
    'OS-EXT-STS:task_state',
    'OS-EXT-STS:power_state',
    'progress',
  ]) {
    expect([field, seen[field]]).toEqual([field, recorded[field]]);
  }
  expect(messageIn(seen)).toBe(messageIn(recorded));
}

function recordedServer(file: string): Record<string, unknown> {
  return (recordedAnswer(file).body as { server: Record<string, unknown> }).server;
}

function messageIn(server: Record<string, unknown>): string | undefined {
  return (server['fault'] as { message: string } | undefined)?.message;
}

test('a deleted server shows up in changes-since as the recorded one did', async () => {
  await begin();
  const since = new Date(Date.now() - 5000).toISOString();
  const { id } = cloud.addServer({ name: 'check-1', project: 'demo', flavor: '11' });
  await alice.ask(`/servers/${id}`, { method: 'DELETE' });
  finish();
  const seen = await alice.ask(`/servers/detail?changes-since=${since}`);
  const recorded = recordedAnswer('servers-changes-since').body as { servers: unknown[] };
  expect(shapeOf(seen.body)).toEqual(shapeOf({ servers: recorded.servers.slice(0, 1) }));
  expect(seen.body).toMatchObject({ servers: [{ status: 'DELETED' }] });
});

test('instance actions are listed as recorded, with the Error that a silent rollback leaves', async () => {
  await begin();
  const { id } = cloud.addServer({ name: 'check-1', project: 'demo', flavor: '11' });
  await resizeTo('16')();
  finish();
  const seen = await alice.ask(`/servers/${id}/os-instance-actions`);
  expect(shapeOf(seen.body)).toEqual(shapeOf(recordedAnswer('flow/instance-actions-after-resize-novalidhost').body));
  expect(seen.body).toMatchObject({ instanceActions: [{ action: 'resize', message: 'Error' }, { action: 'create' }] });
});

test('one action is found by the request id of its POST; events come with 2.51', async () => {
  await begin();
  const { id } = cloud.server('web-1');
  const posted = await alice.act(id, { resize: { flavorRef: '12' } });
  const requestId = posted.headers.get('x-compute-request-id');
  cloud.finish('web-1');
  const path = `/servers/${id}/os-instance-actions/${requestId}`;
  expect(shapeOf((await alice.ask(path)).body)).toEqual(shapeOf(recordedAnswer('os-instance-action-resize').body));
  const events = [
    'compute_finish_resize',
    'compute_resize_instance',
    'compute_prep_resize',
    'cold_migrate',
    'conductor_migrate_server',
  ];
  expect((await alice.ask(path, { version: '2.51' })).body).toMatchObject({
    instanceAction: { events: events.map((event) => ({ event, result: 'Success' })) },
  });
  expect(read('os-instance-action-resize-admin-max.json')).toMatch(new RegExp(events.join('[^]*'), 'u'));
});

test('instance actions are paged and timed from 2.58', async () => {
  await begin();
  const { id } = cloud.server('web-1');
  await alice.act(id, { lock: null });
  await alice.act(id, { unlock: null });
  const first = await alice.ask(`/servers/${id}/os-instance-actions?limit=2`, { version: '2.58' });
  expect(first.body).toMatchObject({
    instanceActions: [{ action: 'unlock', updated_at: expect.any(String) }, { action: 'lock' }],
    links: [{ rel: 'next' }],
  });
  const marker = (first.body as { instanceActions: { request_id: string }[] }).instanceActions[1]?.request_id;
  const second = await alice.ask(`/servers/${id}/os-instance-actions?limit=2&marker=${marker}`, { version: '2.58' });
  expect(second.body).toMatchObject({ instanceActions: [{ action: 'create' }] });
});

test('used limits follow what the project runs', async () => {
  await begin();
  const before = await alice.ask('/limits');
  expect(before.body).toMatchObject({ limits: { absolute: { totalCoresUsed: 4, totalInstancesUsed: 3 } } });
  cloud.operator.resize('web-1', 'c1.large');
  const after = await alice.ask('/limits');
  expect(after.body).toMatchObject({ limits: { absolute: { totalCoresUsed: 7, totalRAMUsed: 11264 } } });
});

test.each<[query: string, names: string[]]>([
  ['', ['s2.small.1', 's2.medium.1', 'c1.large', 'c1.2xlarge', 'huge.nohost', 'fail.finish']],
  ['?minRam=8192', ['c1.large', 'c1.2xlarge', 'huge.nohost']],
  ['?minDisk=40&minRam=1', ['c1.large', 'c1.2xlarge', 'huge.nohost']],
  ['?sort_key=vcpus&sort_dir=desc&limit=2', ['huge.nohost', 'c1.2xlarge']],
  ['?marker=14', ['huge.nohost', 'fail.finish']],
  ['?is_public=None', ['s2.small.1', 's2.medium.1', 'c1.large', 'c1.2xlarge', 'huge.nohost', 'fail.finish']],
])('flavors are listed by %s', async (query, names) => {
  await begin();
  const { body } = await alice.ask(`/flavors${query}`);
  expect((body as { flavors: { name: string }[] }).flavors.map(({ name }) => name)).toEqual(names);
});

test('a disabled flavor is in no list and can still be shown; extra specs come with 2.61 or by themselves', async () => {
  await begin();
  cloud.world.flavor('12').extraSpecs['cond:operation:status'] = 'sellout';
  expect((await alice.ask('/flavors/15')).body).toMatchObject({ flavor: { 'OS-FLV-DISABLED:disabled': true } });
  expect((await alice.ask('/flavors/12')).body).not.toHaveProperty('flavor.extra_specs');
  const specs = { 'cond:operation:status': 'sellout' };
  expect((await alice.ask('/flavors/12', { version: '2.61' })).body).toMatchObject({ flavor: { extra_specs: specs } });
  expect((await alice.ask('/flavors/12/os-extra_specs')).body).toEqual({ extra_specs: specs });
});

test('a server booted from a volume has an empty string for an image', async () => {
  await begin();
  const { id } = cloud.addServer({ name: 'vol-1', project: 'demo', flavor: '11', imageId: null, volumeIds: ['v-1'] });
  expect(await alice.seen(id)).toMatchObject({ image: '', 'os-extended-volumes:volumes_attached': [{ id: 'v-1' }] });
});

test('OTC shows hosts to everybody, links that lead nowhere, and short pages', async () => {
  await begin({ mode: 'otc' });
  for (let index = 0; index < 24; index += 1) cloud.addServer({ name: `n-${index}`, project: 'demo', flavor: '11' });
  const project = cloud.world.project('demo').id;
  const seen = await alice.ask(`/${project}/servers/detail`, { version: '2.60' });
  const { servers, servers_links: next } = seen.body as {
    servers: Record<string, unknown>[];
    servers_links: { href: string }[];
  };
  expect(servers).toHaveLength(25);
  expect(next[0]?.href).toMatch(/^https:\/\/None\/v2\.1\/[0-9a-f]+\/servers\/detail\?marker=/);
  expect(servers[0]).toHaveProperty('OS-EXT-SRV-ATTR:host');
  expect((await alice.ask(`/${project}/servers`, { version: '2.61' })).status).toBe(406);
});

test('the gateway of OTC answers first, in its own shape', async () => {
  await begin({ mode: 'otc' });
  expect((await alice.ask('/servers')).body).toMatchObject({ error_code: 'APIGW.0101' });
  const refused = await alice.ask('/servers', { headers: { 'X-Auth-Token': 'nonsense' } });
  expect([refused.status, refused.body]).toMatchObject([401, { error_code: 'APIGW.0301' }]);
});

test("a path with another project's id is refused", async () => {
  await begin();
  const { id } = cloud.world.project('ops');
  const seen = await alice.ask(`/${id}/servers`);
  expect(seen.status).toBe(400);
  expect(seen.text).toContain(`Malformed request URL: URL's project_id '${id}' doesn't match Context's project_id`);
});

test('without Accept: application/json an unknown address is answered in HTML', async () => {
  await begin();
  const seen = await alice.ask('/no-such-thing', { headers: { Accept: '*/*' } });
  expect([seen.status, seen.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
});
