// Disks made, attached, detached and deleted, through the whole edge, on the strict simulated cloud.
import { describe, expect, test } from 'vitest';
import { attachVolume, detachVolume, listAttachments } from '../../../src/openstack/attachments.ts';
import { createServer } from '../../../src/openstack/server-lifecycle.ts';
import { showServer } from '../../../src/openstack/servers.ts';
import {
  createVolume,
  deleteVolume,
  findCreatedVolume,
  listVolumes,
  listVolumeTypes,
  showVolume,
  showVolumeLimits,
} from '../../../src/openstack/volumes.ts';
import { listVolumeZones, listZones } from '../../../src/openstack/zones.ts';
import { until } from '../../support/until.ts';
import { thrown } from '../edge.ts';
import { open, order, useScenes } from './scene.ts';

useScenes();

describe('a disk', () => {
  const wish = { name: 'data', sizeGiB: 15, zone: null, type: 'fast', correlation: 'C-1' };

  test('is made, attached under the name the cloud chose, detached and deleted', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const { id, status } = await createVolume(me, wish);
    expect(status).toBe('creating');
    await until(async () => (await showVolume(me, id)).status === 'available', 'available');
    const { device } = await attachVolume(me, server, { volumeId: id, device: '/dev/sdb' });
    expect(device).toBe('/dev/sdb');
    await until(async () => (await showVolume(me, id)).status === 'in-use', 'in-use');
    expect(await listAttachments(me, server)).toMatchObject([
      { volumeId: id, device: '/dev/sdb', deleteWithServer: false },
    ]);
    expect((await showServer(me, server)).volumeIds).toEqual([id]);
    expect(await thrown(deleteVolume(me, id))).toMatchObject({ kind: 'bad_request' });
    await detachVolume(me, server, id);
    await until(async () => (await showVolume(me, id)).status === 'available', 'available again');
    await deleteVolume(me, id);
    await until(async () => (await listVolumes(me, { name: 'data' })).items.length === 0, 'gone');
  });

  test('is found again after a lost answer', async () => {
    const { cloud, me } = await open();
    cloud.failNext({ match: { method: 'POST', path: /\/volumes$/ }, with: 'reset_after' });
    await thrown(createVolume(me, wish));
    expect(await findCreatedVolume(me, wish)).toMatchObject({ name: 'data' });
    expect(await findCreatedVolume(me, { ...wish, correlation: 'C-2' })).toBeNull();
  });

  test('can end in error, when made and when attached', async () => {
    const { cloud, me } = await open();
    cloud.spoilNextVolume('data');
    const { id } = await createVolume(me, wish);
    await until(async () => (await showVolume(me, id)).status === 'error', 'error');
    const server = cloud.server('web-1').id;
    expect(await thrown(attachVolume(me, server, { volumeId: id }))).toMatchObject({ kind: 'bad_request' });
    const other = cloud.world.stock.volume('archive').id;
    cloud.spoilNextVolume(other);
    await attachVolume(me, server, { volumeId: other });
    await until(async () => (await showVolume(me, other)).status === 'error', 'error');
    expect(await listAttachments(me, server)).toEqual([]);
  });

  test.each([
    ['is still being made', { project: 'demo', status: 'creating' }, 'bad_request'],
    ['belongs to another project', { project: 'ops' }, 'not_found'],
  ])('that %s is not attached', async (_words, seed, kind) => {
    const { cloud, me } = await open();
    const { id } = cloud.world.stock.addVolume({ name: 'x', sizeGiB: 1, ...seed });
    expect(await thrown(attachVolume(me, cloud.server('web-1').id, { volumeId: id }))).toMatchObject({ kind });
  });

  test('hangs in attaching as long as its host does', async () => {
    const { cloud, me } = await open({ pace: 'manual' });
    const { id } = cloud.world.stock.volume('archive');
    await attachVolume(me, cloud.server('web-1').id, { volumeId: id });
    expect((await showVolume(me, id)).status).toBe('reserved');
    cloud.step('archive');
    expect((await showVolume(me, id)).status).toBe('attaching');
    expect(await thrown(detachVolume(me, cloud.server('web-1').id, id))).toMatchObject({ kind: 'bad_request' });
  });

  test('beyond the quota is refused once, without a second try', async () => {
    const { cloud, me } = await open();
    expect(await thrown(createVolume(me, { ...wish, sizeGiB: 5000 }))).toMatchObject({ kind: 'quota', status: 413 });
    expect(cloud.countCalls({ method: 'POST', path: '/volumes' })).toBe(1);
    expect(await showVolumeLimits(me)).toEqual({ volumes: { used: 2, max: 10 }, gigabytes: { used: 30, max: 1000 } });
  });

  test('beyond EVS’s quota is refused by its code', async () => {
    const { me } = await open({ mode: 'otc' });
    const big = { ...wish, type: 'SSD', zone: 'eu-de-01', sizeGiB: 5000 };
    expect(await thrown(createVolume(me, big))).toMatchObject({ kind: 'quota', code: 'EVS.1042' });
  });

  test('on OTC goes to a server of its zone only, and under a name of the cloud’s', async () => {
    const { cloud, me } = await open({ mode: 'otc' });
    const server = cloud.server('web-1').id;
    const near = cloud.world.stock.volume('archive').id;
    const far = cloud.world.stock.addVolume({ name: 'far', project: 'demo', sizeGiB: 10, zone: 'eu-de-02' }).id;
    expect(await thrown(attachVolume(me, server, { volumeId: far }))).toMatchObject({ kind: 'bad_request' });
    expect(await attachVolume(me, server, { volumeId: near, device: '/dev/sdb' })).toMatchObject({
      device: '/dev/vdb',
    });
    expect(await thrown(createVolume(me, { ...wish, type: 'SSD' }))).toMatchObject({ kind: 'bad_request' });
  });

  test('to boot from is not taken away', async () => {
    const scene = await open();
    const { id } = await createServer(scene.me, order(scene));
    await until(async () => (await showServer(scene.me, id)).status === 'ACTIVE', 'ACTIVE');
    const [disk = ''] = (await showServer(scene.me, id)).volumeIds;
    expect(await thrown(detachVolume(scene.me, id, disk))).toMatchObject({ kind: 'bad_request', status: 400 });
  });

  test('cannot be attached while Cinder is away', async () => {
    const { cloud, me } = await open();
    cloud.breakDown('volume');
    const { id } = cloud.world.stock.volume('archive');
    expect(await thrown(attachVolume(me, cloud.server('web-1').id, { volumeId: id }))).toMatchObject({ status: 500 });
    expect(await thrown(listVolumes(me))).toMatchObject({ kind: 'network' });
  });

  test('may be of these types, in these zones', async () => {
    const { me } = await open({ mode: 'otc' });
    expect((await listVolumeTypes(me)).map(({ name, zones }) => [name, zones])).toEqual([
      ['SSD', null],
      ['SAS', null],
      ['ESSD', ['eu-de-01']],
    ]);
    expect(await listVolumeZones(me)).toEqual(await listZones(me));
  });
});
