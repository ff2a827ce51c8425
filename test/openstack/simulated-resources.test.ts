// New servers, disks, NICs, keys and FPGA images from order to end, through the whole edge, on the strict simulated cloud.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { showVersions, usedVersion } from '../../src/openstack/api-versions.ts';
import { attachVolume, detachVolume, listAttachments } from '../../src/openstack/attachments.ts';
import { parseCatalog } from '../../src/openstack/catalog.ts';
import { connectCloud, type Connection } from '../../src/openstack/client.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import {
  associateFpgaImage,
  disassociateFpgaImage,
  listFpgaAssociations,
  listFpgaImages,
} from '../../src/openstack/fpga.ts';
import { listImages, showImage } from '../../src/openstack/images.ts';
import { attachInterface, detachInterface, listInterfaces } from '../../src/openstack/interfaces.ts';
import { readOutcome, showJob } from '../../src/openstack/jobs.ts';
import { object } from '../../src/openstack/json.ts';
import { deleteKeyPair, generateKeyPair, importKeyPair, listKeyPairs } from '../../src/openstack/keypairs.ts';
import { listResizeFlavors, nativeResize, tryNativeResize } from '../../src/openstack/native.ts';
import { createNetwork, deleteNetwork, listNetworks, showNetworkLimits } from '../../src/openstack/networks.ts';
import { createPort, deletePort, listPorts, showPort } from '../../src/openstack/ports.ts';
import { profiles } from '../../src/openstack/profile.ts';
import {
  createServer,
  deleteServer,
  findCreatedServer,
  readProgress,
  renameServer,
  type NewServer,
} from '../../src/openstack/server-lifecycle.ts';
import { showServer } from '../../src/openstack/servers.ts';
import { createSubnet, listSubnets } from '../../src/openstack/subnets.ts';
import { createTransport } from '../../src/openstack/transport.ts';
import {
  createVolume,
  deleteVolume,
  findCreatedVolume,
  listVolumes,
  listVolumeTypes,
  showVolume,
  showVolumeLimits,
} from '../../src/openstack/volumes.ts';
import { listVolumeZones, listZones } from '../../src/openstack/zones.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions, Mode } from '../simulators/cloud/options.ts';
import { signIn as signInByPassword } from '../simulators/cloud/testing/person.ts';
import { until } from '../support/until.ts';
import { connection, createTestHttp, fixedToken, thrown } from './edge.ts';

const transport = createTransport({ caCertificate: null });
const clouds: CloudSimulator[] = [];

afterEach(async () => {
  await Promise.all(clouds.splice(0).map(async (cloud) => cloud.close()));
});

afterAll(async () => transport.close());

type Scene = { cloud: CloudSimulator; me: Cloud };

async function open(options: CloudOptions = {}, who = 'alice'): Promise<Scene> {
  const cloud = await CloudSimulator.start(options);
  clouds.push(cloud);
  return { cloud, me: await signIn(cloud, { mode: options.mode ?? 'openstack', who }) };
}

async function signIn(cloud: CloudSimulator, { mode, who }: { mode: Mode; who: string }): Promise<Cloud> {
  const answer = await signInByPassword(cloud, who, 'demo');
  const catalog = parseCatalog(object(object(answer.body)['token'])['catalog']);
  if (catalog === null) throw new Error(`no catalog for ${who}: ${answer.text}`);
  const projectId = cloud.world.project('demo').id;
  const token = { value: answer.headers.get('x-subject-token') ?? '', expiresAt: Infinity, projectId, catalog };
  const http = createTestHttp({ fetch: transport.fetch });
  const change: Partial<Connection> = { projectId, profile: profiles[mode], region: null };
  return connectCloud(connection({ http, tokens: fixedToken(token), ...change }));
}

function order({ cloud }: Scene, change: Partial<NewServer> = {}): NewServer {
  const { stock } = cloud.world;
  return {
    name: 'web-3',
    flavorId: '12',
    imageId: stock.image('debian-12').id,
    bootDisk: { sizeGiB: 20, type: null, deleteWithServer: true },
    nics: [{ networkId: stock.network('demo-net').id }],
    keyName: 'alice-key',
    zone: null,
    correlation: 'C-7KQ2',
    ...change,
  };
}

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

describe('a NIC', () => {
  test('is made of a network, a subnet and a port, attached, seen, detached and kept', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const network = await createNetwork(me, 'lan');
    const subnet = await createSubnet(me, { networkId: network.id, name: 'lan-a', cidr: '192.168.9.0/24' });
    expect(subnet).toMatchObject({ gateway: '192.168.9.1', pools: [{ start: '192.168.9.2', end: '192.168.9.254' }] });
    const port = await createPort(me, { networkId: network.id, name: 'nic', address: '192.168.9.7' });
    expect(port).toMatchObject({ status: 'DOWN', deviceId: null });
    expect(await attachInterface(me, server, { portId: port.id })).toMatchObject({ portId: port.id, state: 'DOWN' });
    await until(async () => (await showPort(me, port.id)).status === 'ACTIVE', 'ACTIVE');
    expect((await showServer(me, server)).addresses).toMatchObject([
      { network: 'demo-net', type: 'fixed' },
      { network: 'lan', address: '192.168.9.7', type: 'fixed', mac: port.mac },
    ]);
    await detachInterface(me, server, port.id);
    await until(async () => (await listInterfaces(me, server)).length === 1, 'detached');
    expect(await showPort(me, port.id)).toMatchObject({ status: 'DOWN', deviceId: null });
    await deletePort(me, port.id);
    await deleteNetwork(me, network.id);
    expect((await listSubnets(me, { networkId: network.id })).items).toEqual([]);
  });

  test('made by Nova goes with its attachment', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const networkId = cloud.world.stock.network('backup-net').id;
    const { portId } = await attachInterface(me, server, { networkId, address: '192.168.50.20' });
    await detachInterface(me, server, portId);
    await until(async () => (await thrownOrNull(showPort(me, portId))) !== null, 'gone');
  });

  test('that took longer than the answer is found all the same', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const { id } = await createPort(me, { networkId: cloud.world.stock.network('backup-net').id, name: 'nic' });
    cloud.failNext({ match: { method: 'POST', path: /os-interface/ }, with: 'reset_after' });
    expect(await attachInterface(me, server, { portId: id })).toMatchObject({ portId: id });
  });

  test.each([
    [
      'of a port in use',
      async ({ cloud, me }: Scene) => {
        const [port] = cloud.world.stock.portsOf(cloud.server('web-2').id);
        return attachInterface(me, cloud.server('web-1').id, { portId: port?.id ?? '' });
      },
      'conflict',
    ],
    [
      'with an address in use',
      async ({ cloud, me }: Scene) => {
        const networkId = cloud.world.stock.network('demo-net').id;
        return attachInterface(me, cloud.server('web-1').id, { networkId, address: '10.0.0.11' });
      },
      'conflict',
    ],
    [
      'of a locked server',
      async ({ cloud, me }: Scene) => {
        cloud.operator.lock('web-1');
        return attachInterface(me, cloud.server('web-1').id, { networkId: cloud.world.stock.network('demo-net').id });
      },
      'conflict',
    ],
    [
      'of a range that is full',
      async ({ cloud, me }: Scene) => {
        const network = await createNetwork(me, 'tiny');
        await createSubnet(me, { networkId: network.id, name: '', cidr: '10.77.0.0/30' });
        await createPort(me, { networkId: network.id, name: 'only' });
        return attachInterface(me, cloud.server('web-1').id, { networkId: network.id });
      },
      'bad_request',
    ],
  ])('%s is refused', async (_words, attach, kind) => {
    expect(await thrown(attach(await open()))).toMatchObject({ kind });
  });

  test('beyond the quota is refused by Neutron as such', async () => {
    const seed = { projects: [{ name: 'demo', quota: { ports: 4, networks: 2 } }, { name: 'ops' }, { name: 'admin' }] };
    const { cloud, me } = await open({ seed });
    const networkId = cloud.world.stock.network('demo-net').id;
    await createPort(me, { networkId, name: 'last' });
    expect(await thrown(createPort(me, { networkId, name: 'x' }))).toMatchObject({
      kind: 'quota',
      status: 409,
      code: 'OverQuota',
    });
    expect(await thrown(createNetwork(me, 'x'))).toMatchObject({ kind: 'quota' });
    expect(await showNetworkLimits(me)).toMatchObject({ networks: { used: 2, max: 2 }, ports: { used: 4, max: 4 } });
  });

  test('that is the first stays on OTC, where a network also has one subnet only', async () => {
    const { cloud, me } = await open({ mode: 'otc' });
    const server = cloud.server('web-1').id;
    const [first] = await listInterfaces(me, server);
    expect(await thrown(detachInterface(me, server, first?.portId ?? ''))).toMatchObject({ kind: 'forbidden' });
    const networkId = cloud.world.stock.network('backup-net').id;
    const second = createSubnet(me, { networkId, name: '', cidr: '10.9.0.0/24' });
    expect(await thrown(second)).toMatchObject({ kind: 'conflict' });
  });

  test('of other projects is not to be seen, but the networks that lead outside are', async () => {
    const { me } = await open();
    expect((await listNetworks(me)).items.map(({ name }) => name).toSorted()).toEqual([
      'backup-net',
      'demo-net',
      'public',
    ]);
    expect((await listNetworks(me, { external: true })).items.map(({ name }) => name)).toEqual(['public']);
  });
});

describe('images', () => {
  test('are those of everybody and one’s own, a page at a time', async () => {
    const { cloud, me } = await open();
    const first = await listImages(me, { limit: 4 });
    const rest = await listImages(me, { limit: 4, ...(first.next !== null && { marker: first.next }) });
    expect([...first.items, ...rest.items].map(({ name }) => name).toSorted()).toEqual([
      'centos-7',
      'debian-12',
      'rocky-9',
      'ubuntu-24.04',
      'web-golden',
      'windows-2025',
    ]);
    const bootable = await listImages(me, { bootable: true });
    expect(bootable.items.map(({ name }) => name)).not.toContain('centos-7');
    expect((await listImages(me, { visibility: 'private' })).items).toMatchObject([{ name: 'web-golden' }]);
    const { id } = cloud.world.stock.image('windows-2025');
    expect(await showImage(me, id)).toMatchObject({ minDiskGiB: 40, minRamMiB: 4096 });
  });

  test('on OTC are asked for by kind', async () => {
    const { me } = await open({ mode: 'otc' });
    expect((await listImages(me, { bootable: true, kind: 'private' })).items).toMatchObject([{ name: 'web-golden' }]);
  });
});

describe('key pairs', () => {
  test('are made, told once, brought along and deleted, each person’s own', async () => {
    const { cloud, me } = await open();
    const { keyPair, privateKey } = await generateKeyPair(me, 'mine');
    expect(privateKey.reveal()).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(await thrown(generateKeyPair(me, 'mine'))).toMatchObject({ kind: 'conflict' });
    await importKeyPair(me, { name: 'again@home', publicKey: keyPair.publicKey });
    const listed = await listKeyPairs(me);
    expect(listed.map(({ name }) => name)).toEqual(['again@home', 'alice-key', 'mine']);
    expect(listed[0]?.fingerprint).toBe(keyPair.fingerprint);
    const bob = await signIn(cloud, { mode: 'openstack', who: 'bob' });
    expect((await listKeyPairs(bob)).map(({ name }) => name)).toEqual(['bob-key']);
    expect(await thrown(deleteKeyPair(bob, 'mine'))).toMatchObject({ kind: 'not_found' });
    await deleteKeyPair(me, 'mine');
    await deleteKeyPair(me, 'again@home');
    expect(await listKeyPairs(me)).toHaveLength(1);
  });

  test('with an @ are too new for OTC', async () => {
    const { me } = await open({ mode: 'otc' });
    const order2 = { name: 'a@b', publicKey: 'ssh-rsa x' };
    expect(await thrown(importKeyPair(me, order2))).toMatchObject({ code: 'unsupported' });
  });

  test('beyond the quota are refused', async () => {
    const seed = { projects: [{ name: 'demo', quota: { keyPairs: 1 } }, { name: 'ops' }, { name: 'admin' }] };
    const { me } = await open({ seed });
    expect(await thrown(generateKeyPair(me, 'x'))).toMatchObject({ kind: 'quota' });
  });
});

describe('FPGA images', () => {
  test('are associated, seen so, and set free again', async () => {
    const { cloud, me } = await open({ mode: 'huawei', fpga: true });
    const { images, total } = await listFpgaImages(me);
    expect(total).toBe(4);
    expect(images.map(({ status }) => status)).toEqual(['active', 'active', 'saving', 'error']);
    const { stock } = cloud.world;
    const pair = { fpgaImageId: stock.fpgaImage('matrix-mult').id, imageId: stock.image('debian-12').id };
    expect(await associateFpgaImage(me, pair)).toMatchObject({ changed: true });
    expect(await associateFpgaImage(me, pair)).toMatchObject({ changed: false });
    expect(await listFpgaAssociations(me, { imageId: pair.imageId })).toMatchObject([
      { fpgaImages: [{ associated: true }] },
    ]);
    expect(await disassociateFpgaImage(me, pair)).toMatchObject({ changed: true });
    expect(await disassociateFpgaImage(me, pair)).toMatchObject({ changed: false });
    const half = { ...pair, fpgaImageId: stock.fpgaImage('half-built').id };
    expect(await thrown(associateFpgaImage(me, half))).toMatchObject({ code: 'Ecs.0100' });
  });

  test.each(['otc', 'huawei'] as const)('are not to be had in most regions of %s', async (mode) => {
    const { me } = await open({ mode });
    expect(await thrown(listFpgaImages(me))).toMatchObject({ code: 'unsupported' });
  });
});

describe('a native resize', () => {
  test('is tried, done as a job, and needs no confirmation', async () => {
    const { cloud, me } = await open({ mode: 'huawei' });
    const { id } = cloud.server('web-1');
    expect(await thrown(tryNativeResize(me, id, { flavorId: '12' }))).toMatchObject({ code: 'Ecs.0100' });
    await tryNativeResize(me, id, { flavorId: '12', stopFirst: true });
    expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
    const { jobId } = await nativeResize(me, id, { flavorId: '12', stopFirst: true });
    await until(async () => (await outcomeOf(me, jobId)) === 'succeeded', 'SUCCESS');
    expect(cloud.flavorOf('web-1')).toBe('s2.medium.1');
    expect(cloud.status('web-1')).toBe('ACTIVE');
  });

  test('goes from INIT over RUNNING, and can fail with a reason', async () => {
    const { cloud, me } = await open({ mode: 'huawei', pace: 'manual' });
    const { id } = cloud.server('web-1');
    cloud.operator.stop('web-1');
    const { jobId } = await nativeResize(me, id, { flavorId: '16' });
    expect((await showJob(me, jobId))?.status).toBe('INIT');
    cloud.step(jobId);
    expect((await showJob(me, jobId))?.status).toBe('RUNNING');
    cloud.finish(jobId);
    const job = await showJob(me, jobId);
    expect(job === null ? null : readOutcome(job)).toEqual({
      kind: 'failed',
      code: 'Ecs.0319',
      reason: 'Insufficient resources for the flavor.',
    });
    expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
    expect(await showJob(me, 'f'.repeat(32))).toBeNull();
  });

  test.each(['v1', 'v2.1'] as const)('may go to these flavors, told by %s', async (resizeFlavors) => {
    const { cloud, me } = await open({ mode: 'otc', resizeFlavors });
    const flavors = await listResizeFlavors(me, cloud.server('web-1').id);
    expect(flavors?.map(({ name, vcpus }) => [name, vcpus])).toEqual([
      ['s2.medium.1', 2],
      ['c1.large', 4],
      ['c1.2xlarge', 8],
      ['huge.nohost', 10],
      ['fail.finish', 2],
    ]);
  });

  test('nobody says which flavors it may go to, where neither API does', async () => {
    const { cloud, me } = await open({ mode: 'otc', resizeFlavors: 'none' });
    expect(await listResizeFlavors(me, cloud.server('web-1').id)).toBeNull();
  });
});

async function outcomeOf(me: Cloud, jobId: string): Promise<string> {
  const job = await showJob(me, jobId);
  return job === null ? 'unknown' : readOutcome(job).kind;
}

describe('versions', () => {
  test.each([
    ['2.93', '2.60', 'bot_maximum'],
    ['2.26', '2.26', 'cloud_maximum'],
    ['2.9', '2.9', 'cloud_maximum'],
  ])('up to %s are spoken as %s', async (maxMicroversion, version, because) => {
    const { me } = await open({ maxMicroversion });
    const { all, own } = await showVersions(me);
    expect(all?.map(({ id }) => id)).toEqual(['v2.0', 'v2.1']);
    expect(usedVersion(own, me.ceiling)).toEqual({ version, because });
  });
});

/** Null when it did not throw. */
async function thrownOrNull(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}
