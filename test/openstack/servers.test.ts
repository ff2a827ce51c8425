// Asking for servers and changing them, as the cloud sees it.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import {
  confirmRequest,
  confirmResize,
  listChangedServers,
  listServers,
  rebootRequest,
  rebootServer,
  resizeRequest,
  resizeServer,
  revertRequest,
  revertResize,
  showServer,
  startRequest,
  startServer,
  stopRequest,
  stopServer,
  type ServerFilter,
} from '../../src/openstack/servers.ts';
import { CLOUD, connect, NOW, offersVersions, recorded, thrown, useNock } from './edge.ts';

useNock();

const DETAIL = '/v2.1/servers/detail';

function server(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, name: `server-${id}`, status: 'ACTIVE', ...change };
}

const next = [{ rel: 'next', href: 'https://None/v2.1/servers/detail?marker=wrong&limit=2' }];

/** What the cloud was asked, as name → value. */
async function askedFor(filter: ServerFilter): Promise<Record<string, string>> {
  offersVersions();
  let asked: Record<string, string> = {};
  nock(CLOUD)
    .get(DETAIL)
    .query((query) => {
      asked = query as Record<string, string>;
      return true;
    })
    .reply(200, { servers: [] });
  await listServers(connect(), filter);
  return asked;
}

describe('the list', () => {
  test('always says how many it wants, since clouds differ in what they give by default', async () => {
    expect(await askedFor({})).toEqual({ limit: '100' });
  });

  test('passes every filter on in the cloud’s words', async () => {
    const asked = await askedFor({
      name: 'web',
      status: 'ACTIVE',
      flavor: 'c1.large',
      image: 'img1',
      changesSince: Date.parse('2026-11-20T20:00:00.900Z'),
      limit: 20,
      marker: 's9',
      notTags: ['dev', 'test'],
      reservationId: 'r-1',
      allProjects: true,
    });
    expect(asked).toEqual({
      name: 'web',
      status: 'ACTIVE',
      flavor: 'c1.large',
      image: 'img1',
      'changes-since': '2026-11-20T20:00:00Z',
      limit: '20',
      marker: 's9',
      'not-tags': 'dev,test',
      reservation_id: 'r-1',
      all_tenants: 'true',
    });
  });

  test('takes a name literally, whatever it means in a regular expression', async () => {
    expect((await askedFor({ name: 'web.*(1)[' })).name).toBe(String.raw`web\.\*\(1\)\[`);
    expect((await askedFor({ name: 'Größe-サーバ_1' })).name).toBe('Größe-サーバ_1');
  });

  test('leaves out what a looser cloud found too much, without losing the next page', async () => {
    offersVersions();
    const servers = [server('1', { name: 'web.1' }), server('2', { name: 'webx1' })];
    nock(CLOUD).get(DETAIL).query(true).reply(200, { servers, servers_links: next });
    const page = await listServers(connect(), { name: 'WEB.1', limit: 2 });
    expect(page.servers.map((found) => found.id)).toEqual(['1']);
    expect(page.next).toBe('2');
  });

  test.each([
    [0, '1'],
    [-3, '1'],
    [2.7, '2'],
    [5000, '1000'],
  ])('a limit of %d becomes %s', async (limit, sent) => {
    expect((await askedFor({ limit })).limit).toBe(sent);
  });

  test('a filter by tags needs a cloud that knows tags, or it would show too much', async () => {
    offersVersions('2.25');
    const error = await thrown(listServers(connect(), { notTags: ['dev'] }));
    expect(error).toMatchObject({ code: 'unsupported' });
  });

  test('one warm list is one request, however many servers there are', async () => {
    offersVersions();
    nock(CLOUD)
      .get(DETAIL)
      .query(true)
      .times(2)
      .reply(200, { servers: [server('1'), server('2')], servers_links: next });
    const cloud = connect();
    await listServers(cloud, { limit: 2 });
    await listServers(cloud, { limit: 2 });
  });

  test('a real list is read, with the cloud’s clock', async () => {
    offersVersions();
    const headers = { Date: 'Fri, 20 Nov 2026 21:17:03 GMT' };
    nock(CLOUD)
      .get(DETAIL)
      .query(true)
      .reply(200, recorded('servers-detail-max') as nock.Body, headers);
    const page = await listServers(connect(), {});
    expect(page.servers.map((found) => found.name)).toEqual(['db-01', 'web-02', 'web-01']);
    expect(page).toMatchObject({ next: null, at: Date.parse('2026-11-20T21:17:03Z') });
  });
});

describe('paging', () => {
  async function nextOf(
    servers: unknown[],
    links: unknown,
    filter: ServerFilter = { limit: 2 },
  ): Promise<string | null> {
    offersVersions();
    nock(CLOUD)
      .get(DETAIL)
      .query(true)
      .reply(200, { servers, servers_links: links } as nock.Body);
    return (await listServers(connect(), filter)).next;
  }

  test('goes on after the last server, never where the link points', async () => {
    expect(await nextOf([server('1'), server('2')], next)).toBe('2');
  });

  test('a page shorter than asked can have a next one', async () => {
    expect(await nextOf([server('1')], next)).toBe('1');
  });

  test('a full page without a link may have one too', async () => {
    expect(await nextOf([server('1'), server('2')], undefined)).toBe('2');
  });

  test('the last page is the one without link that is not full, or empty', async () => {
    expect(await nextOf([server('1')], undefined)).toBeNull();
    expect(await nextOf([], next)).toBeNull();
  });

  test('a marker that is gone is the cloud’s “bad request”', async () => {
    offersVersions();
    const refusal = (recorded('errors/nova-invalid-marker-400') as { body: nock.Body }).body;
    nock(CLOUD).get(DETAIL).query(true).reply(400, refusal);
    expect(await thrown(listServers(connect(), { marker: 'no-such' }))).toMatchObject({ kind: 'bad_request' });
  });
});

describe('what changed', () => {
  const since = NOW - 10_000;

  function page(marker: string | null, body: Record<string, unknown>, status = 200): void {
    nock(CLOUD)
      .get(DETAIL)
      .query({ limit: '1000', 'changes-since': '2026-11-20T20:59:50Z', ...(marker !== null && { marker }) })
      .reply(status, body, { Date: 'Fri, 20 Nov 2026 21:00:00 GMT' });
  }

  test('is collected over all pages, deleted servers included', async () => {
    offersVersions();
    page(null, { servers: [server('1'), server('2', { status: 'DELETED' })], servers_links: next });
    page('2', { servers: [server('3')], servers_links: next });
    page('3', { servers: [] });
    const changed = await listChangedServers(connect(), since);
    expect(changed.servers.map((found) => [found.id, found.status])).toEqual([
      ['1', 'ACTIVE'],
      ['2', 'DELETED'],
      ['3', 'ACTIVE'],
    ]);
    expect(changed.at).toBe(NOW);
  });

  test('a server seen twice counts once, as it was last', async () => {
    offersVersions();
    page(null, { servers: [server('1', { updated: '2026-11-20T20:59:52Z' }), server('2')], servers_links: next });
    page('2', { servers: [server('1', { updated: '2026-11-20T20:59:58Z', status: 'SHUTOFF' })] });
    const { servers } = await listChangedServers(connect(), since);
    expect(servers.map((found) => [found.id, found.status])).toEqual([
      ['1', 'SHUTOFF'],
      ['2', 'ACTIVE'],
    ]);
  });

  test('a marker that is gone starts the listing over', async () => {
    offersVersions();
    page(null, { servers: [server('1'), server('gone')], servers_links: next });
    page('gone', { badRequest: { code: 400, message: 'marker [gone] not found' } }, 400);
    page(null, { servers: [server('1')] });
    const { servers } = await listChangedServers(connect(), since);
    expect(servers.map((found) => found.id)).toEqual(['1']);
  });

  test('markers that keep going end it after three tries', async () => {
    offersVersions();
    for (let round = 0; round < 3; round += 1) {
      page(null, { servers: [server('gone')], servers_links: next });
      page('gone', { badRequest: { code: 400, message: 'marker [gone] not found' } }, 400);
    }
    expect(await thrown(listChangedServers(connect(), since))).toMatchObject({ kind: 'bad_request' });
  });

  test('another bad request is not mistaken for a marker that is gone', async () => {
    offersVersions();
    page(null, { badRequest: { code: 400, message: 'Invalid input' } }, 400);
    expect(await thrown(listChangedServers(connect(), since))).toMatchObject({ kind: 'bad_request' });
  });

  function endless(idOf: (call: number) => string): { cloud: Cloud; calls(): number } {
    let calls = 0;
    const cloud: Cloud = {
      ...connect(),
      call: async () => {
        calls += 1;
        const body = { servers: [server(idOf(calls))], servers_links: next };
        return { status: 200, body, requestId: null, at: NOW };
      },
    };
    return { cloud, calls: () => calls };
  }

  test('a cloud that ignores the marker is asked no further', async () => {
    const { cloud, calls } = endless(() => '1');
    expect((await listChangedServers(cloud, since)).servers).toHaveLength(1);
    expect(calls()).toBe(2);
  });

  test('a cloud that always has more is not listed for ever', async () => {
    const { cloud, calls } = endless(String);
    expect((await listChangedServers(cloud, since)).servers).toHaveLength(100);
    expect(calls()).toBe(100);
  });
});

describe('one server', () => {
  test('is shown', async () => {
    offersVersions();
    nock(CLOUD)
      .get('/v2.1/servers/s1')
      .reply(200, recorded('server-active') as nock.Body);
    expect(await showServer(connect(), 's1')).toMatchObject({ name: 'check-01', status: 'ACTIVE' });
  });

  test('of another project is as unknown as one that is not there', async () => {
    offersVersions();
    nock(CLOUD)
      .get('/v2.1/servers/s1')
      .reply(404, (recorded('errors/nova-other-project-404') as { body: nock.Body }).body);
    expect(await thrown(showServer(connect(), 's1'))).toMatchObject({ kind: 'not_found' });
  });

  test.each(['', '.', '..'])('“%s” is not an id, and is not sent', async (id) => {
    expect(await thrown(showServer(connect(), id))).toMatchObject({ name: 'UserError', code: 'not_found' });
  });

  test('an id with slashes stays one part of the path', async () => {
    offersVersions();
    nock(CLOUD).get('/v2.1/servers/a%2F..%2Fb%3Fc').reply(404, '');
    expect(await thrown(showServer(connect(), 'a/../b?c'))).toMatchObject({ kind: 'not_found' });
  });

  test('an answer without a server is an error, not an empty server', async () => {
    offersVersions();
    nock(CLOUD).get('/v2.1/servers/s1').reply(200, {});
    expect(await thrown(showServer(connect(), 's1'))).toMatchObject({ kind: 'unexpected' });
  });
});

describe('changes', () => {
  const rows = [
    {
      what: 'start',
      request: startRequest('s1'),
      body: { 'os-start': null },
      run: async (cloud: Cloud) => startServer(cloud, 's1'),
    },
    {
      what: 'stop',
      request: stopRequest('s1', { hard: false }),
      body: { 'os-stop': null },
      run: async (cloud: Cloud) => stopServer(cloud, 's1', { hard: false }),
    },
    {
      what: 'hard stop',
      request: stopRequest('s1', { hard: true }),
      body: { 'os-stop': { type: 'HARD' } },
      run: async (cloud: Cloud) => stopServer(cloud, 's1', { hard: true }),
    },
    {
      what: 'reboot',
      request: rebootRequest('s1', { hard: false }),
      body: { reboot: { type: 'SOFT' } },
      run: async (cloud: Cloud) => rebootServer(cloud, 's1', { hard: false }),
    },
    {
      what: 'hard reboot',
      request: rebootRequest('s1', { hard: true }),
      body: { reboot: { type: 'HARD' } },
      run: async (cloud: Cloud) => rebootServer(cloud, 's1', { hard: true }),
    },
    {
      what: 'resize',
      request: resizeRequest('s1', 'c1.large'),
      body: { resize: { flavorRef: 'c1.large' } },
      run: async (cloud: Cloud) => resizeServer(cloud, 's1', 'c1.large'),
    },
    {
      what: 'confirm',
      request: confirmRequest('s1'),
      body: { confirmResize: null },
      run: async (cloud: Cloud) => confirmResize(cloud, 's1'),
    },
    {
      what: 'revert',
      request: revertRequest('s1'),
      body: { revertResize: null },
      run: async (cloud: Cloud) => revertResize(cloud, 's1'),
    },
  ];

  test.each(rows)(
    '$what: the plan shows what is then sent, and the request id is kept',
    async ({ request, body, run }) => {
      expect(request).toEqual({ service: 'compute', method: 'POST', path: '/servers/s1/action', body });
      nock(CLOUD)
        .post('/v2.1/servers/s1/action', (sent) => JSON.stringify(sent) === JSON.stringify(body))
        .reply(202, '', { 'X-Compute-Request-Id': 'req-1', Date: 'Fri, 20 Nov 2026 21:00:00 GMT' });
      expect(await run(connect())).toEqual({ requestId: 'req-1', at: NOW });
    },
  );

  test.each([
    ['nova-confirm-not-verify', 'conflict'],
    ['nova-resize-same-flavor-400', 'bad_request'],
    ['nova-quota-exceeded-403', 'quota'],
    ['nova-resize-locked-409', 'conflict'],
    ['nova-resize-race-500', 'unavailable'],
  ])('%s is refused as %s, without a second try', async (name, kind) => {
    const { status, body } = recorded(`errors/${name}`) as { status: number; body: nock.Body };
    nock(CLOUD).post('/v2.1/servers/s1/action').reply(status, body);
    expect(await thrown(confirmResize(connect(), 's1'))).toMatchObject({ kind });
  });
});
