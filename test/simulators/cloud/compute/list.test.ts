// Every filter of the server lists, and the paging that goes with them.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import { person, type Person, type Seen } from '../testing/person.ts';

let cloud: CloudSimulator;
let alice: Person;
let time = Date.parse('2026-11-20T21:00:00Z');

afterEach(async () => cloud.close());

async function begin(): Promise<void> {
  time = Date.parse('2026-11-20T21:00:00Z');
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: 0, now: () => time });
  alice = await person(cloud, 'alice', 'demo');
}

function names({ body }: Seen): string[] {
  return (body as { servers: { name: string }[] }).servers.map(({ name }) => name);
}

function addMany(): void {
  time += 1000;
  cloud.addServer({
    name: 'Größe-サーバ',
    project: 'demo',
    flavor: '13',
    tags: ['green'],
    addresses: { net: ['fd00::7'] },
  });
  time += 1000;
  cloud.addServer({ name: 'web.*(1)[', project: 'demo', flavor: '11', vmState: 'stopped', tags: ['blue', 'green'] });
  time += 1000;
  cloud.addServer({ name: 'elsewhere', project: 'ops', flavor: '11' });
  cloud.addServer({
    name: 'batch',
    project: 'demo',
    flavor: '11',
    reservationId: 'r-together',
    imageId: 'other-image',
  });
}

test.each<[query: string, names: string[], version?: string]>([
  ['', ['batch', 'web.*(1)[', 'Größe-サーバ', 'db-1', 'web-2', 'web-1']],
  ['?name=WEB-', ['web-2', 'web-1']],
  ['?name=^web.1$', ['web-1']],
  ['?name=web-1|web-2', []],
  [`?name=${encodeURIComponent(String.raw`web\.\*\(1\)\[`)}`, ['web.*(1)[']],
  [`?name=${encodeURIComponent('größe')}`, ['Größe-サーバ']],
  ['?status=SHUTOFF', ['web.*(1)[']],
  ['?status=shutoff&status=verify_resize', ['web.*(1)[']],
  ['?status=NONSENSE', []],
  ['?status=NONSENSE', [], '2.37'],
  ['?flavor=13', ['Größe-サーバ']],
  ['?flavor=nosuch', []],
  ['?image=other-image', ['batch']],
  ['?ip=10.0.0.10', ['web-1']],
  ['?ip6=fd00', ['batch', 'web.*(1)[', 'Größe-サーバ', 'db-1', 'web-2', 'web-1']],
  ['?ip6=fd00', ['Größe-サーバ'], '2.5'],
  ['?reservation_id=r-together', ['batch']],
  ['?tags=blue', ['batch', 'web.*(1)[', 'Größe-サーバ', 'db-1', 'web-2', 'web-1']],
  ['?tags=blue,green', ['web.*(1)['], '2.26'],
  ['?tags-any=blue,green', ['web.*(1)[', 'Größe-サーバ'], '2.26'],
  ['?not-tags=blue,green', ['batch', 'Größe-サーバ', 'db-1', 'web-2', 'web-1'], '2.26'],
  ['?not-tags-any=blue,green', ['batch', 'db-1', 'web-2', 'web-1'], '2.26'],
  ['?sort_key=display_name&sort_dir=asc&limit=2', ['Größe-サーバ', 'batch']],
  ['?sort_dir=asc&limit=1', ['web-1']],
  ['?surprise=1&limit=1', ['batch']],
])('servers are listed by %s', async (query, expected, version) => {
  await begin();
  addMany();
  const seen = await alice.ask(`/servers/detail${query}`, version === undefined ? {} : { version });
  expect([seen.status, names(seen)]).toEqual([200, expected]);
});

test.each<[query: string, status: number, message: string, version?: string]>([
  ['?status=NONSENSE', 400, 'Invalid status value', '2.38'],
  ['?status=DELETED', 403, 'Only administrators may list deleted instances'],
  ['?name=web.*(1)[', 500, 'oslo_db.exception.DBError'],
  ['?sort_key=colour', 400, "'colour' is not one of"],
  ['?sort_key=host', 403, "Policy doesn't allow"],
  ['?surprise=1', 400, "Additional properties are not allowed ('surprise' was unexpected)", '2.75'],
  ['?changes-since=2026-11-20T21:00:00Z&changes-before=2026-11-20T20:00:00Z', 400, 'must be less than', '2.66'],
])('a list is refused: %s', async (...row) => {
  await begin();
  const [query, status, message, version] = row;
  const seen = await alice.ask(`/servers${query}`, version === undefined ? {} : { version });
  expect(seen.status).toBe(status);
  expect(seen.text).toContain(message);
});

test('the status filter is coarser than the status: ACTIVE finds a server that is resizing', async () => {
  await begin();
  await alice.act(cloud.server('web-1').id, { resize: { flavorRef: '12' } });
  expect(names(await alice.ask('/servers?status=ACTIVE'))).toContain('web-1');
  expect(names(await alice.ask('/servers?status=RESIZE'))).toEqual(['web-1']);
});

test('changes-since finds what moved, at the very second too, and what was deleted', async () => {
  await begin();
  time += 60_000;
  const since = new Date(time).toISOString();
  cloud.operator.stop('web-1');
  time += 999;
  cloud.operator.delete('db-1');
  expect(names(await alice.ask(`/servers?changes-since=${since}`))).toEqual(['db-1', 'web-1']);
  expect(names(await alice.ask('/servers'))).toEqual(['web-2', 'web-1']);
  time += 1;
  const later = encodeURIComponent(new Date(time).toISOString().replace('Z', '+00:00'));
  expect(names(await alice.ask(`/servers?changes-since=${later}`))).toEqual([]);
});

test('a zone that is not encoded is not a time: the plus has become a space', async () => {
  await begin();
  expect((await alice.ask('/servers?changes-since=2026-11-20T21:00:00+00:00')).status).toBe(400);
});

test('a full page has a link though the next one is empty', async () => {
  await begin();
  const first = await alice.ask('/servers?limit=3&name=-');
  const { servers, servers_links: next } = first.body as {
    servers: { id: string }[];
    servers_links: { href: string }[];
  };
  expect(next[0]?.href).toContain(`marker=${servers[2]?.id}`);
  expect(next[0]?.href).toContain('name=-');
  const last = await alice.ask(`/servers?limit=3&marker=${servers[2]?.id}`);
  expect(last.body).toEqual({ servers: [] });
});

test('an administrator sees all projects and may list the deleted', async () => {
  await begin();
  addMany();
  cloud.operator.delete('web-1');
  const admin = await person(cloud, 'admin', 'admin');
  expect(names(await admin.ask('/servers?all_tenants=1'))).toContain('elsewhere');
  expect(names(await admin.ask('/servers?all_tenants=1&status=DELETED'))).toEqual(['web-1']);
});

test('a server whose cell does not answer is a stub of itself since 2.69, and missing before', async () => {
  await begin();
  cloud.operator.set('db-1', { vmState: 'unreachable' });
  expect(names(await alice.ask('/servers/detail'))).toEqual(['web-2', 'web-1']);
  const { body } = await alice.ask('/servers/detail', { version: '2.69' });
  const [stub] = (body as { servers: Record<string, unknown>[] }).servers;
  expect(stub).toMatchObject({ status: 'UNKNOWN' });
  expect(stub).not.toHaveProperty('name');
});
