// New servers: the order as the guide's chapter 4 has it, the password told once, and no twin after a lost answer.
import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';
import {
  createServer,
  createServerRequest,
  deleteServer,
  findCreatedServer,
  readProgress,
  renameServer,
  type NewServer,
} from '../../src/openstack/server-lifecycle.ts';
import { parseServer, type Server } from '../../src/openstack/server.ts';
import { CLOUD, connect, offersVersions, recorded, thrown, useNock } from './edge.ts';

useNock();

const ORDER: NewServer = {
  name: 'web-3',
  flavorId: 'c1.large',
  imageId: '11e8f727-d439-4ed1-b3b8-33f46c0379c4',
  bootDisk: { sizeGiB: 40, type: null, deleteWithServer: true },
  nics: [{ networkId: 'fb68519f-a7c0-476e-98d4-2e4cf6de6def' }],
  keyName: 'demo2',
  zone: 'eu-de-01',
  correlation: 'C-7KQ2',
};

describe('an order for a server', () => {
  test('boots from a volume made of the image, in real numbers and booleans', () => {
    expect(createServerRequest(ORDER, profiles.openstack)).toEqual({
      service: 'compute',
      method: 'POST',
      path: '/servers',
      body: {
        server: {
          name: 'web-3',
          flavorRef: 'c1.large',
          block_device_mapping_v2: [
            {
              boot_index: 0,
              source_type: 'image',
              uuid: '11e8f727-d439-4ed1-b3b8-33f46c0379c4',
              destination_type: 'volume',
              volume_size: 40,
              delete_on_termination: true,
            },
          ],
          networks: [{ uuid: 'fb68519f-a7c0-476e-98d4-2e4cf6de6def' }],
          key_name: 'demo2',
          availability_zone: 'eu-de-01',
          metadata: { 'flight-deck-order': 'C-7KQ2' },
        },
      },
    });
  });

  test('without a volume names the image, and what nobody chose is left to the cloud', () => {
    const bare: NewServer = { ...ORDER, bootDisk: null, nics: [], keyName: null, zone: null };
    expect(createServerRequest(bare, profiles.openstack).body).toEqual({
      server: {
        name: 'web-3',
        flavorRef: 'c1.large',
        imageRef: '11e8f727-d439-4ed1-b3b8-33f46c0379c4',
        metadata: { 'flight-deck-order': 'C-7KQ2' },
      },
    });
  });

  test('takes a port made before, and security groups', () => {
    const order = { ...ORDER, nics: [{ portId: 'p1' }], securityGroups: ['web'] };
    expect(createServerRequest(order, profiles.openstack).body).toMatchObject({
      server: { networks: [{ port: 'p1' }], security_groups: [{ name: 'web' }] },
    });
  });

  test.each([
    ['openstack', { microversion: { least: '2.67', most: '2.67' } }],
    ['otc', {}],
    ['huawei', {}],
  ] as const)('on %s names the type of its disk where the API has it', (name, expected) => {
    const order = { ...ORDER, bootDisk: { sizeGiB: 40, type: 'SSD', deleteWithServer: false } };
    const { microversion, body } = createServerRequest(order, profiles[name]);
    expect(microversion === undefined ? {} : { microversion }).toEqual(expected);
    expect(body).toMatchObject({ server: { block_device_mapping_v2: [{ volume_type: 'SSD' }] } });
  });

  test('with a disk type is refused before it is sent where the cloud is too old for it', async () => {
    offersVersions('2.60');
    const order = { ...ORDER, bootDisk: { sizeGiB: 40, type: 'SSD', deleteWithServer: false } };
    expect(await thrown(createServer(connect(), order))).toMatchObject({ code: 'unsupported' });
  });
});

describe('the answer to it', () => {
  test('gives the id and the password, which says itself only when asked', async () => {
    nock(CLOUD)
      .post('/v2.1/servers')
      .reply(202, recorded('server-create') as nock.Body, { 'x-compute-request-id': 'req-1' });
    const created = await createServer(connect(), ORDER);
    expect(created).toMatchObject({ id: '2d7f4f21-68f2-495a-a6ec-9f7b286c2768', requestId: 'req-1' });
    expect(created.adminPass?.reveal()).toBe('zZQyjPdg4YWS');
    for (const shown of [JSON.stringify(created), inspect(created, { depth: 9 }), String(created.adminPass)]) {
      expect(shown).not.toContain('zZQyjPdg4YWS');
    }
  });

  test('may hold no password', async () => {
    nock(CLOUD)
      .post('/v2.1/servers')
      .reply(202, { server: { id: 's9' } });
    expect(await createServer(connect(), ORDER)).toMatchObject({ id: 's9', adminPass: null });
  });

  test('is the quota’s refusal, told as such', async () => {
    const { status, body } = recorded('errors/nova-quota-exceeded-create-403') as { status: number; body: nock.Body };
    nock(CLOUD).post('/v2.1/servers').reply(status, body);
    expect(await thrown(createServer(connect(), ORDER))).toMatchObject({ kind: 'quota' });
  });
});

describe('a lost answer', () => {
  const twin = { id: 's9', name: 'web-3', status: 'BUILD', metadata: { 'flight-deck-order': 'C-7KQ2' } };
  const list = (servers: unknown[]): void => {
    nock(CLOUD).get('/v2.1/servers/detail').query({ name: 'web-3', limit: '1000' }).reply(200, { servers });
  };

  test('leads to the server that was made all the same, not to another one', async () => {
    offersVersions();
    nock(CLOUD)
      .post('/v2.1/servers')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    list([{ ...twin, id: 's1', metadata: {} }, { ...twin, id: 's2', metadata: { 'flight-deck-order': 'C-1' } }, twin]);
    expect(await createServer(connect(), ORDER)).toMatchObject({ id: 's9', adminPass: null });
  });

  test.each([[[]], [[{ ...twin, metadata: { 'flight-deck-order': 'C-1' } }]]])(
    'without such a server stays a failure that the caller must look into',
    async (servers) => {
      offersVersions();
      nock(CLOUD).post('/v2.1/servers').reply(504, '<h1>504 Gateway Time-out</h1>');
      list(servers);
      const error = await thrown(createServer(connect(), ORDER));
      expect(isAmbiguous(error)).toBe(true);
    },
  );

  test('while the cloud cannot list either is told as the first failure', async () => {
    offersVersions();
    nock(CLOUD)
      .post('/v2.1/servers')
      .reply(500, { computeFault: { code: 500, message: 'first' } });
    nock(CLOUD).get('/v2.1/servers/detail').query(true).times(3).reply(503, {});
    expect(await thrown(createServer(connect(), ORDER))).toMatchObject({ method: 'POST', serviceMessage: 'first' });
  });

  test('is looked for by name and mark before the order is given again', async () => {
    offersVersions();
    list([twin]);
    expect(await findCreatedServer(connect(), ORDER)).toMatchObject({ id: 's9' });
  });
});

describe('how far a new server has come', () => {
  const shown = (fields: Record<string, unknown>): Server => {
    const server = parseServer({ id: 's9', status: 'BUILD', 'OS-EXT-STS:vm_state': 'building', ...fields });
    if (server === null) throw new Error('no server');
    return server;
  };

  test.each(['scheduling', 'networking', 'block_device_mapping', 'spawning', null])('while %s', (step) => {
    expect(readProgress(shown({ 'OS-EXT-STS:task_state': step }))).toEqual({ kind: 'building', step });
  });

  test('when it runs', () => {
    const active = {
      status: 'ACTIVE',
      'OS-EXT-STS:vm_state': 'active',
      'OS-SRV-USG:launched_at': '2026-11-20T10:00:00',
    };
    expect(readProgress(shown(active))).toEqual({ kind: 'ready' });
  });

  test('when nothing fits: the reason is the fault', () => {
    const server = shown((recorded('server-novalidhost') as { server: Record<string, unknown> }).server);
    expect(readProgress(server)).toEqual({ kind: 'failed', message: 'No valid host was found.' });
  });

  test('when it failed without a reason', () => {
    expect(readProgress(shown({ status: 'ERROR', 'OS-EXT-STS:vm_state': 'error' }))).toEqual({
      kind: 'failed',
      message: '',
    });
  });
});

describe('later', () => {
  test('it gets another name', async () => {
    nock(CLOUD)
      .put('/v2.1/servers/s9', { server: { name: 'web-4' } })
      .reply(200, { server: { id: 's9' } });
    await renameServer(connect(), 's9', 'web-4');
  });

  test('it is deleted', async () => {
    nock(CLOUD).delete('/v2.1/servers/s9').reply(204);
    expect(await deleteServer(connect(), 's9')).toMatchObject({ requestId: null });
  });

  test('deleting nothing in particular deletes nothing', async () => {
    expect(await thrown(deleteServer(connect(), ''))).toMatchObject({ code: 'not_found' });
  });
});
