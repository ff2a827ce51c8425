// A server is understood however the cloud writes it, and nothing it writes makes us fail.
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseServer, type Server } from '../../src/openstack/server.ts';
import { recorded } from './edge.ts';

function one(name: string): Server | null {
  return parseServer((recorded(name) as { server: unknown }).server);
}

function some(name: string): (Server | null)[] {
  return (recorded(name) as { servers: unknown[] }).servers.map(parseServer);
}

function parse(change: Record<string, unknown>): Server | null {
  return parseServer({ id: 's1', ...change });
}

describe('what a real Nova shows', () => {
  test('a server waiting for confirmation, with the flavor by id (below 2.47)', () => {
    expect(one('server-verify-resize')).toMatchObject({
      name: 'check-01',
      status: 'VERIFY_RESIZE',
      vmState: 'resized',
      taskState: null,
      powerState: 1,
      flavor: { id: '12' },
      zone: 'nova',
      locked: null,
      metadata: { owner: 'check' },
    });
  });

  test('the same with the flavor inside it (from 2.47)', () => {
    expect(one('server-verify-resize-max')).toMatchObject({
      status: 'VERIFY_RESIZE',
      flavor: { name: 's2.medium.1', vcpus: 2, ramMiB: 2048, diskGiB: 20 },
      locked: false,
      tags: [],
    });
  });

  test('a server in the middle of a resize', () => {
    expect(one('server-resizing')).toMatchObject({ status: 'RESIZE', taskState: expect.stringMatching(/^resize_/) });
  });

  test('a server whose resize broke it, with Nova’s reason', () => {
    expect(one('server-resize-failed')).toMatchObject({
      status: 'ERROR',
      vmState: 'error',
      fault: { code: 500, message: 'Virtual Interface creation failed' },
      flavor: { id: '11' },
    });
  });

  test('a server with a volume', () => {
    expect(one('server-with-volume')?.volumeIds).toEqual(['6e97fc3a-dc34-43d6-ad0f-8dec64e2a9f4']);
  });

  test.each(['servers-detail-default', 'servers-detail-2.26', 'servers-detail-max'])('every server of %s', (name) => {
    const servers = some(name);
    expect(servers).toHaveLength(3);
    for (const server of servers) {
      expect(server?.status).toBe('ACTIVE');
      expect(server?.flavor).not.toBeNull();
      expect(server?.addresses[0]).toMatchObject({ network: 'demo-net', version: 4, type: 'fixed' });
      expect(server?.createdAt).toBeGreaterThan(Date.parse('2026-01-01'));
    }
  });
});

describe('what other clouds and other times write', () => {
  test.each(['Asia/Tokyo', 'America/St_Johns', 'UTC'])(
    'times without a zone are UTC, also where we run in %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      try {
        expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
        const server = parse({
          created: '2026-11-20T20:23:54Z',
          'OS-SRV-USG:launched_at': '2026-11-20T21:11:10.123456',
        });
        expect(server?.createdAt).toBe(Date.UTC(2026, 10, 20, 20, 23, 54));
        expect(server?.launchedAt).toBe(Date.UTC(2026, 10, 20, 21, 11, 10, 123));
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  test.each([
    ['2026-11-20T21:11:10+02:00', Date.UTC(2026, 10, 20, 19, 11, 10)],
    ['2026-11-20T21:11:10.000-0330', Date.UTC(2026, 10, 21, 0, 41, 10)],
    ['2026-11-20 21:11:10', Date.UTC(2026, 10, 20, 21, 11, 10)],
    ['', null],
    ['yesterday', null],
    ['2026-13-45T99:99:99', null],
    [1_795_000_000, null],
    [null, null],
    [undefined, null],
    [{}, null],
  ])('the time %j is %s', (written, time) => {
    expect(parse({ 'OS-SRV-USG:launched_at': written })?.launchedAt).toBe(time);
  });

  test.each([[null], [''], [undefined]])('a task state of %j is no task', (written) => {
    expect(parse({ 'OS-EXT-STS:task_state': written })?.taskState).toBeNull();
  });

  test('states in capitals, as OTC documents them, read the same', () => {
    expect(parse({ status: 'active', 'OS-EXT-STS:vm_state': 'ACTIVE' })).toMatchObject({
      status: 'ACTIVE',
      vmState: 'active',
    });
  });

  test('the record of an unreachable cell is kept, with little in it', () => {
    expect(
      parseServer({ id: 's1', status: 'UNKNOWN', tenant_id: 'p1', created: '2026-11-20T20:23:54Z', links: [] }),
    ).toMatchObject({
      id: 's1',
      name: '',
      status: 'UNKNOWN',
      vmState: null,
      flavor: null,
      projectId: 'p1',
      addresses: [],
    });
  });

  test('a status nobody has heard of is passed on as it is', () => {
    expect(parse({ status: 'DREAMING' })?.status).toBe('DREAMING');
  });

  test.each([
    ['object', { id: 'img1', links: [] }, 'img1'],
    ['"" for a server that boots from a volume', '', null],
    ['null', null, null],
    ['an empty object', {}, null],
  ])('image as %s', (_what, image, expected) => {
    expect(parse({ image })?.imageId).toBe(expected);
  });

  test.each([
    ['empty, as for a deleted server', {}, null],
    ['missing', undefined, null],
    ['by id', { id: 's3.large.2', links: [] }, { id: 's3.large.2' }],
    [
      'inside, without a disk',
      { original_name: 'f', vcpus: 1, ram: 512 },
      { name: 'f', vcpus: 1, ramMiB: 512, diskGiB: 0 },
    ],
    [
      'inside, with strings',
      { original_name: 'f', vcpus: '1', ram: '512', disk: '4' },
      { name: 'f', vcpus: 1, ramMiB: 512, diskGiB: 4 },
    ],
  ])('flavor %s', (_what, flavor, expected) => {
    expect(parse({ flavor })?.flavor).toEqual(expected);
  });

  test('several networks, IPv6 and floating addresses', () => {
    const addresses = {
      'vpc-uuid': [
        { addr: '10.0.0.4', version: 4, 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' },
        { addr: '80.1.2.3', version: 4, 'OS-EXT-IPS:type': 'floating', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' },
      ],
      other: [{ addr: '2001:db8::1', version: 6 }],
      empty: [],
    };
    expect(parse({ addresses })?.addresses.map((entry) => [entry.network, entry.address, entry.type])).toEqual([
      ['vpc-uuid', '10.0.0.4', 'fixed'],
      ['vpc-uuid', '80.1.2.3', 'floating'],
      ['other', '2001:db8::1', null],
    ]);
  });

  test.each([
    ['no networks', {}, []],
    ['a network without addresses', { net: [] }, []],
    ['a floating address only', { net: [{ addr: '80.1.2.3', 'OS-EXT-IPS:type': 'floating' }] }, ['80.1.2.3 floating']],
    ['a version as a word', { net: [{ addr: '10.0.0.4', version: '4' }] }, ['10.0.0.4 null']],
    ['a list where the networks should be', [{ addr: '10.0.0.4' }], []],
    ['no address where one should be', { net: [{ version: 4 }, null, 'x', { addr: '' }], other: 'y' }, []],
  ])('addresses: %s', (_what, addresses, expected) => {
    expect(parse({ addresses })?.addresses.map(({ address, type }) => `${address} ${type}`)).toEqual(expected);
  });

  test.each([
    ['as Nova writes it', { code: 500, created: 'x', message: 'No host', details: 'Traceback' }, 'No host', 500],
    ['without details', { code: 404, message: 'No image' }, 'No image', 404],
    ['without a code', { message: 'No idea' }, 'No idea', 0],
    ['with the code as a word', { code: '500', message: null }, '', 500],
    ['with nothing in it', {}, '', 0],
  ])('a fault %s', (_what, fault, ...[message, code]) => {
    expect(parse({ status: 'ERROR', fault })?.fault).toEqual({ code, message });
  });

  test.each([[undefined], [null], ['broken'], [['broken']]])('a fault that is %j is none', (fault) => {
    expect(parse({ fault })?.fault).toBeNull();
  });

  test('what only administrators are told is not needed', () => {
    const { server } = recorded('server-verify-resize-max') as { server: Record<string, unknown> };
    const told = Object.keys(server).filter((name) => name.startsWith('OS-EXT-SRV-ATTR:'));
    expect(told.length).toBeGreaterThan(0);
    const untold = Object.fromEntries(Object.entries(server).filter(([name]) => !told.includes(name)));
    expect(parseServer(untold)).toEqual(parseServer(server));
  });

  test('a security group named once per port is one group', () => {
    expect(parse({ security_groups: [{ name: 'default' }, { name: 'default' }] })?.securityGroups).toEqual(['default']);
  });

  test('names are not touched: escaping is for whoever shows them', () => {
    const name = `<!channel> *web* ${'x'.repeat(240)}`;
    expect(parse({ name })?.name).toBe(name);
  });

  test('a record without an id is no server', () => {
    expect(parseServer({ name: 'x' })).toBeNull();
  });

  test('nothing a cloud could send makes reading it fail', () => {
    const keys = [
      'id',
      'name',
      'status',
      'flavor',
      'image',
      'addresses',
      'fault',
      'metadata',
      'tags',
      'created',
      'locked',
    ];
    const hostile = fc.dictionary(
      fc.constantFrom(...keys, 'security_groups', 'OS-SRV-USG:launched_at'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.jsonValue()), (value) => {
        const server = parseServer(value);
        expect(server === null || server.id !== '').toBe(true);
      }),
    );
  });
});
