// Disks, and which server has them: what Cinder and Nova answer, and what each refusal means.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { attachVolume, attachVolumeRequest, detachVolume, listAttachments } from '../../src/openstack/attachments.ts';
import { readAllPages } from '../../src/openstack/read.ts';
import {
  createVolume,
  createVolumeRequest,
  deleteVolume,
  findCreatedVolume,
  listVolumes,
  listVolumeTypes,
  showVolume,
  showVolumeLimits,
  type NewVolume,
} from '../../src/openstack/volumes.ts';
import { CLOUD, connect, offersVersions, recorded, thrown, useNock, VOLUME } from './edge.ts';

useNock();

const ORDER: NewVolume = { name: 'archive', sizeGiB: 40, zone: 'eu-de-01', type: 'SSD', correlation: 'C-7KQ2' };

describe('disks', () => {
  test('of a real Cinder are read, with the server that has them', async () => {
    nock(CLOUD)
      .get(`${VOLUME}/volumes/detail`)
      .query({ limit: '1000' })
      .reply(200, recorded('volumes-detail') as nock.Body);
    const { items, next } = await listVolumes(connect());
    expect(next).toBeNull();
    expect(items).toEqual([
      {
        id: '6e97fc3a-dc34-43d6-ad0f-8dec64e2a9f4',
        name: 'check-vol',
        status: 'in-use',
        sizeGiB: 1,
        type: 'fake',
        zone: 'nova',
        bootable: false,
        encrypted: false,
        shareable: false,
        attachments: [
          {
            serverId: '4f3630f7-31a6-46b3-8774-fdd378580b6f',
            device: '/dev/sdb',
            attachedAt: Date.UTC(2026, 10, 20, 21, 17, 56),
          },
        ],
        description: null,
        imageId: null,
        createdAt: Date.UTC(2026, 10, 20, 21, 17, 55),
        updatedAt: Date.UTC(2026, 10, 20, 21, 17, 56),
        metadata: {},
      },
    ]);
  });

  test.each([
    [{ bootable: 'true' }, { bootable: true }],
    [
      { bootable: 'false', encrypted: 'True' },
      { bootable: false, encrypted: true },
    ],
    [{ status: 'awaiting-something-new' }, { status: 'awaiting-something-new' }],
    [{}, { name: '', status: 'unknown', sizeGiB: 0, attachments: [] }],
    [
      { size: '40', attachments: [{ server_id: 's1' }, {}, null] },
      { sizeGiB: 40, attachments: [{ serverId: 's1' }] },
    ],
    [{ volume_image_metadata: { image_id: 'i1' } }, { imageId: 'i1' }],
  ])('written as %j are read', async (fields, expected) => {
    nock(CLOUD)
      .get(`${VOLUME}/volumes/v1`)
      .reply(200, { volume: { id: 'v1', ...fields } });
    expect(await showVolume(connect(), 'v1')).toMatchObject(expected);
  });

  test('are paged by the last id, never by the link', async () => {
    const links = [{ rel: 'next', href: 'https://None/volumes?marker=lies' }];
    nock(CLOUD)
      .get(`${VOLUME}/volumes/detail`)
      .query({ limit: '1000' })
      .reply(200, { volumes: [{ id: 'a' }, { id: 'b' }], volumes_links: links });
    nock(CLOUD)
      .get(`${VOLUME}/volumes/detail`)
      .query({ limit: '1000', marker: 'b' })
      .reply(200, { volumes: [{ id: 'b' }, { id: 'c' }] });
    const all = await readAllPages(async (marker) => listVolumes(connect(), marker === undefined ? {} : { marker }));
    expect(all.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('of a cloud that ignores the marker are not listed for ever', async () => {
    const links = [{ rel: 'next', href: '' }];
    nock(CLOUD)
      .get(`${VOLUME}/volumes/detail`)
      .query(true)
      .times(20)
      .reply(200, { volumes: [{ id: 'a' }], volumes_links: links });
    const all = await readAllPages(async (marker) => listVolumes(connect(), marker === undefined ? {} : { marker }));
    expect(all).toHaveLength(1);
  });
});

describe('a new disk', () => {
  test('is ordered in real numbers, with our mark', () => {
    expect(createVolumeRequest(ORDER).body).toEqual({
      volume: {
        name: 'archive',
        size: 40,
        availability_zone: 'eu-de-01',
        volume_type: 'SSD',
        metadata: { 'flight-deck-order': 'C-7KQ2' },
      },
    });
    expect(createVolumeRequest({ ...ORDER, zone: null, type: null }).body).toMatchObject({
      volume: { name: 'archive', size: 40, metadata: {} },
    });
  });

  test('is there at once, not ready yet', async () => {
    nock(CLOUD)
      .post(`${VOLUME}/volumes`)
      .reply(202, recorded('volume-create') as nock.Body);
    expect(await createVolume(connect(), ORDER)).toMatchObject({
      status: 'creating',
      attachments: [],
      updatedAt: null,
    });
  });

  test('after a lost answer is found by its mark', async () => {
    const volumes = [{ id: 'v1', name: 'archive', metadata: {} }];
    const mine = { id: 'v2', name: 'archive', metadata: { 'flight-deck-order': 'C-7KQ2' } };
    nock(CLOUD)
      .get(`${VOLUME}/volumes/detail`)
      .query({ name: 'archive', limit: '1000' })
      .reply(200, { volumes: [...volumes, mine] });
    expect(await findCreatedVolume(connect(), ORDER)).toMatchObject({ id: 'v2' });
  });

  test.each([
    ['Cinder’s 413 that waiting does not help', 413, { overLimit: { code: 413, message: 'VolumeLimitExceeded: …' } }],
    ['EVS’s code', 400, { error: { code: 'EVS.1042', message: 'no more' } }],
  ])('beyond the quota is refused once, without another try: %s', async (_words, status, body) => {
    nock(CLOUD).post(`${VOLUME}/volumes`).reply(status, body, { 'retry-after': '0' });
    expect(await thrown(createVolume(connect(), ORDER))).toMatchObject({ kind: 'quota' });
  });

  test('may be deleted again', async () => {
    nock(CLOUD).delete(`${VOLUME}/volumes/v1`).reply(202);
    await deleteVolume(connect(), 'v1');
  });

  test('is not deleted while a server has it', async () => {
    const { status, body } = recorded('errors/cinder-delete-in-use-400') as { status: number; body: nock.Body };
    nock(CLOUD).delete(`${VOLUME}/volumes/v1`).reply(status, body);
    expect(await thrown(deleteVolume(connect(), 'v1'))).toMatchObject({ kind: 'bad_request', status: 400 });
  });
});

describe('what disks there may be', () => {
  test('types, with the zones that have them, and without the one that must not be chosen', async () => {
    const volume_types = [
      { id: 't1', name: 'SSD', extra_specs: { 'RESKEY:availability_zones': 'eu-de-01, eu-de-02' } },
      { id: 't2', name: 'SAS', description: 'slow', extra_specs: {} },
      { id: 't3' },
      { id: 't4', name: '__DEFAULT__', description: 'For internal use, please use the other types' },
    ];
    nock(CLOUD).get(`${VOLUME}/types`).reply(200, { volume_types });
    expect(await listVolumeTypes(connect())).toEqual([
      { id: 't1', name: 'SSD', description: null, zones: ['eu-de-01', 'eu-de-02'] },
      { id: 't2', name: 'SAS', description: 'slow', zones: null },
    ]);
  });

  test('and how many', async () => {
    nock(CLOUD)
      .get(`${VOLUME}/limits`)
      .reply(200, recorded('cinder-limits') as nock.Body);
    expect(await showVolumeLimits(connect())).toEqual({
      volumes: { used: 1, max: 10 },
      gigabytes: { used: 1, max: 1000 },
    });
  });
});

describe('a server’s disks', () => {
  const ATTACHMENTS = '/v2.1/servers/s1/os-volume_attachments';

  test.each([
    ['os-volume_attachments', '2.60', null],
    ['os-volume_attachments-max', '2.93', false],
  ])('are listed in both shapes: %s', async (name, max, deleteWithServer) => {
    offersVersions(max);
    nock(CLOUD)
      .get(ATTACHMENTS)
      .reply(200, recorded(name) as nock.Body);
    expect(await listAttachments(connect(), 's1')).toEqual([
      {
        volumeId: '6e97fc3a-dc34-43d6-ad0f-8dec64e2a9f4',
        serverId: '4f3630f7-31a6-46b3-8774-fdd378580b6f',
        device: '/dev/sdb',
        deleteWithServer,
      },
    ]);
  });

  test('get one more, under the name that the cloud chose', async () => {
    offersVersions();
    nock(CLOUD)
      .post(ATTACHMENTS, { volumeAttachment: { volumeId: 'v1', device: '/dev/sdb' } })
      .reply(200, { volumeAttachment: { id: 'v1', volumeId: 'v1', serverId: 's1', device: '/dev/vdb' } });
    const order = { volumeId: 'v1', device: '/dev/sdb' };
    expect(await attachVolume(connect(), 's1', order)).toMatchObject({ device: '/dev/vdb' });
  });

  test('get one more also where the order is answered with nothing', async () => {
    offersVersions('2.104');
    nock(CLOUD).post(ATTACHMENTS).matchHeader('openstack-api-version', 'compute 2.101').reply(202);
    expect(await attachVolume(connect(), 's1', { volumeId: 'v1' })).toMatchObject({ device: null });
  });

  test('go with the server only where the API can be told so', async () => {
    expect(attachVolumeRequest('s1', { volumeId: 'v1', deleteWithServer: true })).toMatchObject({
      body: { volumeAttachment: { volumeId: 'v1', delete_on_termination: true } },
      microversion: { least: '2.79' },
    });
    offersVersions('2.60');
    const order = { volumeId: 'v1', deleteWithServer: true };
    expect(await thrown(attachVolume(connect(), 's1', order))).toMatchObject({ code: 'unsupported' });
  });

  test.each([
    [400, 'badRequest', 'bad_request'],
    [404, 'itemNotFound', 'not_found'],
    [409, 'conflictingRequest', 'conflict'],
  ])('do not get one that is in use, not there, or for a busy server: %s', async (status, fault, kind) => {
    offersVersions();
    nock(CLOUD)
      .post(ATTACHMENTS)
      .reply(status, { [fault]: { code: status, message: 'no' } });
    expect(await thrown(attachVolume(connect(), 's1', { volumeId: 'v1' }))).toMatchObject({ kind });
  });

  test('lose one', async () => {
    nock(CLOUD).delete(`${ATTACHMENTS}/v1`).reply(202);
    await detachVolume(connect(), 's1', 'v1');
  });

  test('keep the one they boot from', async () => {
    nock(CLOUD)
      .delete(`${ATTACHMENTS}/v1`)
      .reply(400, { badRequest: { code: 400, message: 'Cannot detach a root device volume' } });
    expect(await thrown(detachVolume(connect(), 's1', 'v1'))).toMatchObject({ kind: 'bad_request' });
  });
});
