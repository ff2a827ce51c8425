// Images, as plain Glance and as IMS tell of them.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { isBootable, listImages, listImagesRequest, showImage } from '../../src/openstack/images.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { CLOUD, connect, IMAGE, recorded, thrown, useNock } from './edge.ts';

useNock();

describe('images', () => {
  test('of a real Glance are read, with what a disk must hold for them', async () => {
    nock(CLOUD)
      .get(`${IMAGE}/images`)
      .query({ limit: '1000' })
      .reply(200, recorded('images') as nock.Body);
    expect(await listImages(connect())).toEqual({
      items: [
        {
          id: 'b51ee08d-4849-499b-b81e-9dd038400da8',
          name: 'debian-12',
          status: 'active',
          visibility: 'public',
          minDiskGiB: 1,
          minRamMiB: 256,
          sizeBytes: 1_048_576,
          diskFormat: 'raw',
          system: 'debian',
          owner: 'e8a897deddd54dd9b45494847adb650f',
          createdAt: Date.UTC(2026, 10, 20, 20, 23, 50),
          updatedAt: Date.UTC(2026, 10, 20, 20, 23, 50),
          tags: [],
          registered: true,
        },
      ],
      next: null,
    });
  });

  test('of which there are more are paged by the last id', async () => {
    const body = { images: [{ id: 'a' }, { id: 'b' }], next: '/v2/images?marker=lies' };
    nock(CLOUD).get(`${IMAGE}/images`).query({ limit: '2', marker: 'x' }).reply(200, body);
    expect(await listImages(connect(), { limit: 2, marker: 'x' })).toMatchObject({ next: 'b' });
  });

  test('of IMS say what they are by keys of their own', async () => {
    const image = { id: 'i1', name: 'Standard_CentOS_7', __os_version: 'CentOS 7.3 64bit', __isregistered: 'false' };
    nock(CLOUD)
      .get(`${IMAGE}/images/i1`)
      .reply(200, { ...image, status: 'active', size: null });
    const shown = await showImage(connect(), 'i1');
    expect(shown).toMatchObject({ system: 'CentOS 7.3 64bit', registered: false, sizeBytes: null, minDiskGiB: 0 });
    expect(isBootable(shown)).toBe(false);
  });

  test('that nobody can boot from are left out, also when the cloud passes the filter over', async () => {
    const images = [
      { id: 'a', status: 'active' },
      { id: 'b', status: 'queued' },
      { id: 'c', status: 'active', __isregistered: 'false' },
      { id: 'd', status: 'killed_in_a_new_way' },
    ];
    nock(CLOUD).get(`${IMAGE}/images`).query({ status: 'active', limit: '1000' }).reply(200, { images });
    const { items } = await listImages(connect(), { bootable: true });
    expect(items.map(({ id }) => id)).toEqual(['a']);
  });

  test.each([
    [
      'openstack',
      [
        ['status', 'active'],
        ['visibility', 'private'],
        ['limit', '1000'],
      ],
    ],
    [
      'otc',
      [
        ['status', 'active'],
        ['visibility', 'private'],
        ['limit', '1000'],
        ['__imagetype', 'gold'],
        ['__isregistered', 'true'],
      ],
    ],
  ] as const)('are asked for in the words of %s', (name, query) => {
    const filter = { bootable: true, visibility: 'private', kind: 'gold' } as const;
    expect(listImagesRequest(filter, profiles[name]).query).toEqual(query);
  });

  test('that nobody knows are “not found”, whatever markup the answer has', async () => {
    const { status, body } = recorded('errors/glance-unknown-image-404') as { status: number; body: nock.Body };
    nock(CLOUD).get(`${IMAGE}/images/nosuch`).reply(status, body);
    expect(await thrown(showImage(connect(), 'nosuch'))).toMatchObject({
      kind: 'not_found',
      serviceMessage: 'No image found with ID nosuch',
    });
  });

  test('without an id are no answer', async () => {
    nock(CLOUD).get(`${IMAGE}/images/i1`).reply(200, {});
    expect(await thrown(showImage(connect(), 'i1'))).toMatchObject({ kind: 'unexpected' });
  });
});
