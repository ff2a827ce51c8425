// What was done to a server, what it could be, and how much of the quota is left.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { listAllFlavors, listFlavors, showFlavor } from '../../src/openstack/flavors.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { listServerActions, showServerAction } from '../../src/openstack/server-actions.ts';
import { CLOUD, connect, offersVersions, recorded, thrown, useNock } from './edge.ts';

useNock();

const ACTIONS = '/v2.1/servers/s1/os-instance-actions';

describe('the record of what was done', () => {
  test('shows a resize that fell back silently as failed', async () => {
    offersVersions();
    nock(CLOUD)
      .get(ACTIONS)
      .reply(200, recorded('instance-actions-after-resize-novalidhost') as nock.Body);
    const [newest] = await listServerActions(connect(), 's1');
    expect(newest).toMatchObject({ action: 'resize', failed: true, events: [] });
  });

  test('shows others as not failed, with their start in UTC', async () => {
    offersVersions();
    nock(CLOUD)
      .get(ACTIONS)
      .reply(200, recorded('os-instance-actions') as nock.Body);
    const [newest, second] = await listServerActions(connect(), 's1');
    expect(newest).toMatchObject({ action: 'start', failed: false, startedAt: Date.UTC(2026, 10, 20, 21, 17, 37) });
    expect(second).toMatchObject({ action: 'confirmResize', requestId: 'req-6c04ad07-d333-4e0a-a5e7-b2a0334d57ca' });
  });

  test('tells one action’s steps in the order they were taken', async () => {
    offersVersions();
    nock(CLOUD)
      .get(`${ACTIONS}/req-1`)
      .reply(200, recorded('os-instance-action-resize-admin-max') as nock.Body);
    const action = await showServerAction(connect(), 's1', 'req-1');
    const starts = action?.events.map((event) => event.startedAt ?? 0) ?? [];
    expect(action).toMatchObject({ action: 'resize', failed: false });
    expect(action?.events.map((event) => event.name)).toContain('compute_finish_resize');
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test('knows a failure by a step alone', async () => {
    offersVersions();
    const events = [
      {
        event: 'cold_migrate',
        start_time: '2026-11-20T10:00:01.000000',
        finish_time: null,
        result: 'Error',
        details: 'No valid host',
      },
    ];
    nock(CLOUD)
      .get(`${ACTIONS}/req-1`)
      .reply(200, { instanceAction: { action: 'resize', request_id: 'req-1', message: null, events } });
    expect(await showServerAction(connect(), 's1', 'req-1')).toMatchObject({
      failed: true,
      events: [{ name: 'cold_migrate', finishedAt: null, result: 'Error', details: 'No valid host' }],
    });
  });

  test('an old cloud’s record without steps is enough', async () => {
    offersVersions('2.50');
    nock(CLOUD)
      .get(`${ACTIONS}/req-1`)
      .reply(200, recorded('os-instance-action-resize') as nock.Body);
    expect(await showServerAction(connect(), 's1', 'req-1')).toMatchObject({
      failed: false,
      updatedAt: null,
      events: [],
    });
  });

  test('that is not there yet is null, not an error', async () => {
    offersVersions();
    nock(CLOUD)
      .get(`${ACTIONS}/req-1`)
      .reply(404, { itemNotFound: { code: 404, message: 'Action req-1 not found' } });
    expect(await showServerAction(connect(), 's1', 'req-1')).toBeNull();
  });
});

describe('flavors', () => {
  test.each(['flavors-detail', 'flavors-detail-max'])('of a real Nova: %s', async (name) => {
    offersVersions();
    nock(CLOUD)
      .get('/v2.1/flavors/detail')
      .query({ limit: '1000' })
      .reply(200, recorded(name) as nock.Body);
    const { flavors, next } = await listFlavors(connect());
    expect(next).toBeNull();
    expect(flavors[0]).toMatchObject({
      id: '11',
      name: 's2.small.1',
      vcpus: 1,
      ramMiB: 1024,
      diskGiB: 10,
      swapMiB: 0,
      disabled: false,
      isPublic: true,
      extraSpecs: name === 'flavors-detail' ? null : {},
    });
  });

  test('are asked for in the cloud’s words', async () => {
    offersVersions();
    nock(CLOUD)
      .get('/v2.1/flavors/detail')
      .query({
        minDisk: '10',
        minRam: '2048',
        is_public: 'false',
        sort_key: 'vcpus',
        sort_dir: 'desc',
        limit: '5',
        marker: 'm',
      })
      .reply(200, { flavors: [] });
    const filter = { minDiskGiB: 10, minRamMiB: 2048, isPublic: false, sortKey: 'vcpus', limit: 5, marker: 'm' };
    await listFlavors(connect(), { ...filter, sortDir: 'desc' });
  });

  test('are all listed when there are several pages', async () => {
    offersVersions();
    const links = [{ rel: 'next', href: 'https://None/' }];
    nock(CLOUD)
      .get('/v2.1/flavors/detail')
      .query({ limit: '1000' })
      .reply(200, { flavors: [{ id: 'a' }], flavors_links: links });
    nock(CLOUD)
      .get('/v2.1/flavors/detail')
      .query({ limit: '1000', marker: 'a' })
      .reply(200, { flavors: [{ id: 'b' }] });
    expect((await listAllFlavors(connect())).map((flavor) => flavor.id)).toEqual(['a', 'b']);
  });

  test('written as Huawei writes them are read the same', async () => {
    offersVersions();
    const flavor = {
      id: 's3.large.2',
      name: 's3.large.2',
      vcpus: '2',
      ram: 4096,
      disk: '0',
      swap: '',
      extra_specs: { 'cond:operation:status': 'sellout' },
    };
    nock(CLOUD).get('/v2.1/flavors/s3.large.2').reply(200, { flavor });
    expect(await showFlavor(connect(), 's3.large.2')).toMatchObject({
      vcpus: 2,
      ramMiB: 4096,
      diskGiB: 0,
      swapMiB: 0,
      disabled: false,
      extraSpecs: { 'cond:operation:status': 'sellout' },
    });
  });

  test('that nobody knows are “not found”', async () => {
    offersVersions();
    nock(CLOUD)
      .get('/v2.1/flavors/nosuch')
      .reply(404, (recorded('errors/nova-unknown-flavor-404') as { body: nock.Body }).body);
    expect(await thrown(showFlavor(connect(), 'nosuch'))).toMatchObject({ kind: 'not_found' });
  });
});

describe('limits', () => {
  test.each(['limits', 'limits-max'])('of a real Nova: %s', async (name) => {
    nock(CLOUD)
      .get('/v2.1/limits')
      .reply(200, recorded(name) as nock.Body);
    expect(await showLimits(connect())).toEqual({
      servers: { used: 3, max: 10 },
      cores: { used: 4, max: 20 },
      ramMiB: { used: 4096, max: 51_200 },
    });
  });

  test('as strings, unlimited, or not told', async () => {
    const absolute = { maxTotalCores: '-1', totalCoresUsed: '7', maxTotalRAMSize: 1024 };
    nock(CLOUD)
      .get('/v2.1/limits')
      .reply(200, { limits: { rate: [], absolute } });
    expect(await showLimits(connect())).toEqual({
      servers: { used: null, max: null },
      cores: { used: 7, max: Number.POSITIVE_INFINITY },
      ramMiB: { used: null, max: 1024 },
    });
  });
});
