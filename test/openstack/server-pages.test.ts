// Lists of servers that move, repeat themselves or pass over what was asked, and long ones.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { listAllServers, listChangedServers, listServers, type ServerFilter } from '../../src/openstack/servers.ts';
import { CLOUD, connect, NOW, offersVersions, thrown, useNock } from './edge.ts';

useNock();

const DETAIL = '/v2.1/servers/detail';
const UPDATED = '2026-11-20T20:59:52Z';

type Wire = { id: string; name: string; status: string } & Record<string, unknown>;

function server(id: string, change: Record<string, unknown> = {}): Wire {
  return { id, name: `server-${id}`, status: 'ACTIVE', updated: UPDATED, ...change };
}

function many(count: number): Wire[] {
  return Array.from({ length: count }, (_unused, at) => server(String(at + 1)));
}

const next = [{ rel: 'next', href: 'https://None/v2.1/servers/detail?marker=wrong&limit=1000' }];
const gone = { badRequest: { code: 400, message: 'marker [gone] not found' } };

/** The answer to one page's call. */
function page(marker: string | null, body: Record<string, unknown>, status = 200): void {
  nock(CLOUD)
    .get(DETAIL)
    .query((query) => query['limit'] === '1000' && (query['marker'] ?? null) === marker)
    .reply(status, body);
}

function ids({ servers }: { servers: { id: string }[] }): string[] {
  return servers.map(({ id }) => id);
}

describe('a list over all its pages', () => {
  test('holds more than a thousand servers', async () => {
    offersVersions();
    const all = many(2300);
    page(null, { servers: all.slice(0, 1000), servers_links: next });
    page('1000', { servers: all.slice(1000, 2000), servers_links: next });
    page('2000', { servers: all.slice(2000) });
    const listed = await listAllServers(connect(), {}, 10);
    expect(ids(listed)).toEqual(all.map(({ id }) => id));
    expect(listed.complete).toBe(true);
  });

  test('may be exactly a thousand long, which only an empty page tells', async () => {
    offersVersions();
    page(null, { servers: many(1000), servers_links: next });
    page('1000', { servers: [] });
    expect(await listAllServers(connect(), {}, 10)).toMatchObject({ complete: true });
  });

  test('says so when there is more than it was to hold', async () => {
    offersVersions();
    page(null, { servers: many(1000), servers_links: next });
    const listed = await listAllServers(connect(), {}, 1);
    expect(listed.servers).toHaveLength(1000);
    expect(listed.complete).toBe(false);
  });

  test('names a server once that was on two pages, with what the later one said', async () => {
    offersVersions();
    page(null, { servers: [server('1'), server('2')], servers_links: next });
    page('2', { servers: [server('1', { status: 'SHUTOFF' }), server('3')] });
    const { servers } = await listAllServers(connect(), { name: 'server' }, 10);
    expect(servers.map(({ id, status }) => [id, status])).toEqual([
      ['1', 'SHUTOFF'],
      ['2', 'ACTIVE'],
      ['3', 'ACTIVE'],
    ]);
  });

  test('begins anew when the server is gone that a page was to begin after, and forgets what it had seen', async () => {
    offersVersions();
    page(null, { servers: [server('1'), server('gone')], servers_links: next });
    page('gone', gone, 400);
    page(null, { servers: [server('new'), server('1')] });
    expect(ids(await listAllServers(connect(), { name: '' }, 10))).toEqual(['new', '1']);
  });

  test('goes on where a server was made or deleted meanwhile', async () => {
    offersVersions();
    page(null, { servers: [server('9'), server('8')], servers_links: next });
    // 10 was made before the first page, 7 is deleted.
    page('8', { servers: [server('6')], servers_links: next });
    page('6', { servers: [] });
    expect(ids(await listAllServers(connect(), {}, 10))).toEqual(['9', '8', '6']);
  });

  test('asks for changes by a time that has no plus sign to get lost', async () => {
    offersVersions();
    nock(CLOUD)
      .get(`${DETAIL}?changes-since=2026-11-20T21%3A00%3A00Z&limit=1000`)
      .reply(200, { servers: [server('1', { status: 'DELETED', 'OS-SRV-USG:terminated_at': null })] });
    const { servers } = await listChangedServers(connect(), NOW);
    expect(servers).toMatchObject([{ id: '1', status: 'DELETED' }]);
  });
});

describe('a list by image, of a cloud that heeds nothing beside it', () => {
  const all = [
    server('1'),
    server('2', { status: 'SHUTOFF', flavor: { original_name: 's3.large.2', vcpus: 2, ram: 4096 } }),
    server('3', { name: 'other' }),
    server('4', { updated: '2026-11-19T00:00:00Z', flavor: { id: 's3.large.2' } }),
    server('5'),
  ];

  function otc(): Cloud {
    offersVersions();
    nock(CLOUD)
      .get(/servers\/detail/)
      .times(3)
      .optionally()
      .reply(200, { servers: all });
    return connect({ profile: { ...profiles.otc, projectInPath: false } });
  }

  test.each<[string, ServerFilter, string[]]>([
    ['a status', { status: 'shutoff' }, ['2']],
    ['a name', { name: 'OTHER' }, ['3']],
    ['a flavor', { flavor: 's3.large.2' }, ['2', '4']],
    ['a time', { changesSince: Date.parse(UPDATED) + 900 }, ['1', '2', '3', '5']],
    ['all of them', { status: 'ACTIVE', name: 'server', changesSince: NOW - 60_000 }, ['1', '5']],
  ])('is kept to %s all the same', async (_what, filter, expected) => {
    expect(ids(await listServers(otc(), { ...filter, image: 'img1' }))).toEqual(expected);
  });

  test('is paged all the same, each server once', async () => {
    const cloud = otc();
    const filter = { image: 'img1', limit: 2 };
    const first = await listServers(cloud, filter);
    const second = await listServers(cloud, { ...filter, marker: first.next ?? '' });
    const third = await listServers(cloud, { ...filter, marker: second.next ?? '' });
    expect([first, second, third].map((one) => [ids(one), one.next])).toEqual([
      [['1', '2'], '2'],
      [['3', '4'], '4'],
      [['5'], null],
    ]);
  });

  test('of exactly a page ends after it', async () => {
    const cloud = otc();
    const first = await listServers(cloud, { image: 'img1', limit: 5 });
    expect(await listServers(cloud, { image: 'img1', limit: 5, marker: first.next ?? '' })).toMatchObject({
      servers: [],
      next: null,
    });
  });

  test.each<ServerFilter>([{ notTags: ['a'] }, { reservationId: 'r-1' }, { allProjects: true }])(
    'is not asked for with what nobody could see to: %j',
    async (filter) => {
      const cloud = connect({ profile: profiles.otc });
      const error = await thrown(listServers(cloud, { ...filter, image: 'img1' }));
      expect(error).toMatchObject({ name: 'UserError', code: 'unsupported' });
    },
  );
});
