// New servers from order to end, through the whole edge, on the strict simulated cloud.
import { describe, expect, test } from 'vitest';
import { attachVolume } from '../../../src/openstack/attachments.ts';
import { listPorts } from '../../../src/openstack/ports.ts';
import {
  createServer,
  deleteServer,
  findCreatedServer,
  readProgress,
  renameServer,
  type NewServer,
} from '../../../src/openstack/server-lifecycle.ts';
import { showServer } from '../../../src/openstack/servers.ts';
import { listVolumes, showVolume } from '../../../src/openstack/volumes.ts';
import { until } from '../../support/until.ts';
import { thrown } from '../edge.ts';
import { open, order, thrownOrNull, useScenes } from './scene.ts';

useScenes();

describe('a new server', () => {
  test('is seen from BUILD to ACTIVE, with its disk, its address and its key', async () => {
    const scene = await open({ pace: 'manual' });
    const { cloud, me } = scene;
    const { id, adminPass } = await createServer(me, order(scene));
    expect(adminPass?.reveal()).toMatch(/^\S{8,}$/);
    const steps: string[] = [];
    for (let progress = readProgress(await showServer(me, id)); progress.kind === 'building';) {
      steps.push(progress.step ?? '-');
      cloud.step('web-3');
      progress = readProgress(await showServer(me, id));
    }
    expect(steps).toEqual([
      'scheduling',
      'networking',
      'networking',
      'block_device_mapping',
      'block_device_mapping',
      'spawning',
    ]);
    const server = await showServer(me, id);
    expect(server).toMatchObject({
      status: 'ACTIVE',
      imageId: null,
      keyName: 'alice-key',
      zone: 'nova',
      powerState: 1,
    });
    expect(server.addresses).toMatchObject([{ network: 'demo-net', type: 'fixed', version: 4 }]);
    const disk = await showVolume(me, server.volumeIds[0] ?? '');
    expect(disk).toMatchObject({
      status: 'in-use',
      sizeGiB: 20,
      bootable: true,
      attachments: [{ device: '/dev/vda' }],
    });
  });

  test('takes its boot disk along when it goes, and leaves the others', async () => {
    const scene = await open();
    const { me } = scene;
    const { id } = await createServer(me, order(scene));
    await until(async () => (await showServer(me, id)).status === 'ACTIVE', 'ACTIVE');
    const spare = scene.cloud.world.stock.volume('archive').id;
    await attachVolume(me, id, { volumeId: spare });
    await until(async () => (await showVolume(me, spare)).status === 'in-use', 'in-use');
    await deleteServer(me, id);
    await until(async () => (await thrownOrNull(showServer(me, id))) !== null, 'gone');
    const names = (await listVolumes(me)).items.map(({ name, status }) => `${name} ${status}`);
    expect(names.toSorted()).toEqual(['archive available', 'scratch available']);
    expect((await listPorts(me, { serverId: id })).items).toEqual([]);
  });

  test('that nothing has room for ends in ERROR with the reason, and counts against the quota', async () => {
    const scene = await open();
    const { id } = await createServer(scene.me, order(scene, { flavorId: '16' }));
    await until(async () => (await showServer(scene.me, id)).status === 'ERROR', 'ERROR');
    expect(readProgress(await showServer(scene.me, id))).toEqual({
      kind: 'failed',
      message: 'No valid host was found.',
    });
    expect(scene.cloud.world.usage(scene.me.projectId).instances).toBe(4);
  });

  test('whose disk cannot be made ends in ERROR with the reason', async () => {
    const scene = await open();
    scene.cloud.spoilNextVolume('web-3');
    const { id } = await createServer(scene.me, order(scene));
    await until(async () => (await showServer(scene.me, id)).status === 'ERROR', 'ERROR');
    const progress = readProgress(await showServer(scene.me, id));
    expect(progress).toMatchObject({ message: expect.stringContaining('did not finish being created') });
  });

  test('is not made twice when the answer was lost', async () => {
    const scene = await open();
    scene.cloud.failNext({ match: { method: 'POST', path: /\/servers$/ }, with: 'reset_after' });
    const { id, adminPass } = await createServer(scene.me, order(scene));
    expect(adminPass).toBeNull();
    expect(await findCreatedServer(scene.me, order(scene))).toMatchObject({ id });
    expect([...scene.cloud.world.servers.values()].filter(({ name }) => name === 'web-3')).toHaveLength(1);
  });

  test.each([
    [
      'a disk below the image’s minimum',
      { bootDisk: { sizeGiB: 0, type: null, deleteWithServer: true } },
      'bad_request',
    ],
    ['a flavor with too little memory', { flavorId: '11', image: 'windows-2025' }, 'bad_request'],
    ['a flavor with too small a disk', { flavorId: '14', image: 'windows-2025', bootDisk: null }, null],
    ['an image that is deactivated', { image: 'centos-7' }, 'bad_request'],
    ['an unknown flavor', { flavorId: 'nosuch' }, 'bad_request'],
    ['a retired flavor', { flavorId: '15' }, 'bad_request'],
    ['somebody else’s key', { keyName: 'bob-key' }, 'bad_request'],
    ['an unknown zone', { zone: 'nowhere' }, 'bad_request'],
    ['another project’s network', { network: 'ops-net' }, 'bad_request'],
  ])(
    'with %s is refused before anything is made, or fits',
    async (_words, { image, network, ...change }: Wish, kind) => {
      const scene = await open();
      const { stock } = scene.cloud.world;
      const whole = order(scene, {
        ...change,
        ...(image !== undefined && { imageId: stock.image(image).id }),
        ...(network !== undefined && { nics: [{ networkId: stock.network(network).id }] }),
      });
      const outcome = createServer(scene.me, whole).then(
        () => null,
        (error: unknown) => error,
      );
      if (kind === null) expect(await outcome).toBeNull();
      else expect(await outcome).toMatchObject({ kind });
    },
  );

  test('beyond the quota is refused as that', async () => {
    const scene = await open({
      seed: { projects: [{ name: 'demo', quota: { instances: 3 } }, { name: 'ops' }, { name: 'admin' }] },
    });
    expect(await thrown(createServer(scene.me, order(scene)))).toMatchObject({
      kind: 'quota',
      serviceMessage: 'Quota exceeded for instances: Requested 1, but already used 3 of 3 instances',
    });
  });

  test('on OTC names its disk’s type without a microversion, and its zone', async () => {
    const scene = await open({ mode: 'otc' });
    const bootDisk = { sizeGiB: 40, type: 'SSD', deleteWithServer: false };
    const { id } = await createServer(scene.me, order(scene, { bootDisk, zone: 'eu-de-02' }));
    await until(async () => (await showServer(scene.me, id)).status === 'ACTIVE', 'ACTIVE');
    const server = await showServer(scene.me, id);
    expect(server.zone).toBe('eu-de-02');
    expect(await showVolume(scene.me, server.volumeIds[0] ?? '')).toMatchObject({ type: 'SSD', zone: 'eu-de-02' });
  });

  test('is deleted as often as one likes, until it is gone', async () => {
    const { cloud, me } = await open({ pace: 'manual' });
    const { id } = cloud.server('web-1');
    await deleteServer(me, id);
    await deleteServer(me, id);
    cloud.finish('web-1');
    expect(await thrown(deleteServer(me, id))).toMatchObject({ kind: 'not_found' });
  });

  test('that is locked is not deleted', async () => {
    const { cloud, me } = await open();
    cloud.operator.lock('web-1');
    expect(await thrown(deleteServer(me, cloud.server('web-1').id))).toMatchObject({ kind: 'conflict' });
  });

  test('gets another name', async () => {
    const { cloud, me } = await open();
    await renameServer(me, cloud.server('web-1').id, 'web-1b');
    expect((await showServer(me, cloud.server('web-1b').id)).name).toBe('web-1b');
  });
});

type Wish = Partial<NewServer> & { image?: string; network?: string };
