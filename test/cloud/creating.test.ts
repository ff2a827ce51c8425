// New servers: from the order to ACTIVE, what an order may lack, and everything that is refused before it costs anything.
import { describe, expect, test } from 'vitest';
import { listInterfaces } from '../../src/openstack/interfaces.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { listNetworks } from '../../src/openstack/networks.ts';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import {
  createServer,
  findCreatedServer,
  readProgress,
  renameServer,
  type NewServer,
} from '../../src/openstack/server-lifecycle.ts';
import { confirmResize, listServers, resizeServer, showServer, startServer } from '../../src/openstack/servers.ts';
import { listVolumes } from '../../src/openstack/volumes.ts';
import { listZones } from '../../src/openstack/zones.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { CloudError } from '../../src/openstack/errors.ts';
import type { Server } from '../../src/openstack/server.ts';
import type { Quota } from './support/cloud-under-test.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { settled, strays, watch } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);
const { flavors, image } = house.under;

const BUILDING = ['BUILD/scheduling', 'BUILD', 'BUILD/networking', 'BUILD/block_device_mapping', 'BUILD/spawning'];

/** What every order that could not be carried out must leave behind: nothing. */
async function expectNothingOf({ name }: Pick<NewServer, 'name'>): Promise<void> {
  expect((await listServers(await house.member(), { name })).servers).toEqual([]);
}

/** One in any network of the project; none where it has none, for which Nova then does not ask. */
async function anyNic(cloud: Cloud): Promise<NewServer['nics']> {
  const { items } = await listNetworks(cloud);
  const usable = items.find(({ projectId, subnetIds }) => projectId === cloud.projectId && subnetIds.length > 0);
  return usable === undefined ? [] : [{ networkId: usable.id }];
}

describe('a new server', () => {
  test('is built step by step, and then runs with what was asked for', async (context) => {
    const cloud = await house.member();
    const networkId = needs(context, house.under.network);
    const { name: keyName } = await stock.keyPair();
    const zone = (await listZones(cloud)).find(({ available }) => available)?.name ?? null;
    const created = await stock.create({ keyName, zone, nics: [{ networkId }], correlation: 'order-1' });
    const { server, states } = await settled(await house.watcher(), created.id, 'ACTIVE');
    expect(strays(states, [...BUILDING, 'ACTIVE'])).toEqual([]);
    const { name, vcpus, ramMiB, diskGiB } = await showFlavor(cloud, flavors.small);
    expect(server).toMatchObject({
      name: created.name,
      flavor: { name, vcpus, ramMiB, diskGiB },
      imageId: image,
      keyName,
      zone,
      metadata: { 'flight-deck-order': 'order-1' },
      locked: false,
      fault: null,
    });
    expect(readProgress(server)).toEqual({ kind: 'ready' });
    expect(await listInterfaces(cloud, created.id)).toMatchObject([{ networkId, addresses: [expect.anything()] }]);
  });

  test('has a first password, which is told with the order and never again', async () => {
    const { id, adminPass } = await stock.create();
    const password = adminPass?.reveal() ?? '';
    expect(password.length).toBeGreaterThanOrEqual(8);
    await settled(await house.watcher(), id, 'ACTIVE');
    const shown = await (await house.member()).call({ service: 'compute', method: 'GET', path: `/servers/${id}` });
    expect(JSON.stringify(shown.body)).not.toContain(password);
  });

  test('begins its record with the order, under the id that the order was answered with', async () => {
    const { id, requestId } = await stock.create();
    const early = await listServerActions(await house.member(), id);
    // As long as it has no place there is nothing to keep a record in.
    expect(early.map(({ action }) => action).filter((action) => action !== 'create')).toEqual([]);
    await settled(await house.watcher(), id, 'ACTIVE');
    const actions = await listServerActions(await house.member(), id);
    expect(actions).toMatchObject([{ action: 'create', requestId, failed: false }]);
  });

  test('counts against the quota as soon as it has a place, which is a moment after the order', async (context) => {
    const cloud = await house.elsewhere(context);
    const before = await showLimits(cloud);
    const { id } = await stock.create({ nics: await anyNic(cloud) }, cloud);
    await settled({ cloud, under: house.under }, id, 'ACTIVE');
    const { vcpus, ramMiB } = await showFlavor(cloud, flavors.small);
    const after = await showLimits(cloud);
    expect(after.servers.used).toBe((before.servers.used ?? 0) + 1);
    expect(after.cores.used).toBe((before.cores.used ?? 0) + vcpus);
    expect(after.ramMiB.used).toBe((before.ramMiB.used ?? 0) + ramMiB);
  });
});

/** What a server that runs says to each, so that asking never does anything. */
const IDLE: [name: string, change: (cloud: Cloud, id: string) => Promise<unknown>, running: string][] = [
  ['start', startServer, "409 Cannot 'start' instance ID while it is in vm_state active"],
  [
    'resize',
    async (cloud, id) => resizeServer(cloud, id, flavors.small),
    '400 When resizing, instances must change flavor!',
  ],
  ['confirmResize', confirmResize, "409 Cannot 'confirmResize' instance ID while it is in vm_state active"],
];

test.each(IDLE)(
  'what is being built takes no %s: perhaps not found until it has a place, then a conflict',
  async (...row) => {
    const [name, change, running] = row;
    const cloud = await house.member();
    const { id } = await stock.create();
    const refusals = new Set<string>();
    await watch(await house.watcher(), id, {
      async when({ status }) {
        const error = await change(cloud, id).catch((reason: unknown) => reason);
        if (!(error instanceof CloudError)) throw new Error(`${name} was taken`);
        refusals.add(`${error.status} ${error.serviceMessage.replaceAll(id, 'ID')}`);
        return status === 'ACTIVE';
      },
      what: `${id} to be built`,
    });
    const path = [
      '404 Instance ID could not be found.',
      `409 Cannot '${name}' instance ID while it is in vm_state building`,
      running,
    ];
    expect(strays([...refusals], path)).toEqual([]);
    expect([...refusals].at(-1)).toBe(running);
  },
);

describe('the network of a new server', () => {
  test('must be named where there are several', async () => {
    const cloud = await house.member();
    await stock.range();
    await stock.range();
    const order = stock.order({ nics: [] });
    await expect(createServer(cloud, order)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: 'Multiple possible networks found, use a Network ID to be more specific.',
    });
    await expectNothingOf(order);
  });

  test('may be the one of a port that was made before', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const { id } = await stock.create({ nics: [{ portId: port.id }] });
    await settled(await house.watcher(), id, 'ACTIVE');
    expect(await listInterfaces(cloud, id)).toMatchObject([{ portId: port.id, addresses: port.addresses }]);
  });

  test('several give several NICs', async () => {
    const { network: one } = await stock.range('10.88.0.0/24');
    const { network: other } = await stock.range('10.89.0.0/24');
    const { id } = await stock.create({ nics: [{ networkId: one.id }, { networkId: other.id }] });
    const { server } = await settled(await house.watcher(), id, 'ACTIVE');
    const nics = await listInterfaces(await house.member(), id);
    expect(nics.map(({ networkId }) => networkId).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(server.addresses.map(({ network }) => network).toSorted()).toEqual([one.name, other.name].toSorted());
  });

  test('cannot be one without addresses, nor a port that a server has', async () => {
    const cloud = await house.member();
    const bare = await stock.network();
    await expect(createServer(cloud, stock.order({ nics: [{ networkId: bare.id }] }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Network ${bare.id} requires a subnet in order to boot instances on.`,
    });
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const { id } = await stock.create({ nics: [{ portId: port.id }] });
    await settled(await house.watcher(), id, 'ACTIVE');
    await expect(createServer(cloud, stock.order({ nics: [{ portId: port.id }] }))).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: `Port ${port.id} is still in use.`,
    });
  });

  test('of another project is not there', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const [theirs] = (await listNetworks(await house.member())).items.filter(
      ({ shared, external }) => !shared && !external,
    );
    const networkId = theirs?.id ?? '';
    await expect(createServer(elsewhere, stock.order({ nics: [{ networkId }] }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Network ${networkId} could not be found.`,
    });
  });
});

describe('an order is refused, and leaves nothing behind, with', () => {
  test.each<[what: string, wish: (id: string) => Partial<NewServer>, message: (id: string) => string]>([
    ['an unknown flavor', (id) => ({ flavorId: id }), (id) => `Flavor ${id} could not be found.`],
    ['an unknown image', (id) => ({ imageId: id }), () => 'Can not find requested image'],
    ['an unknown key', (id) => ({ keyName: id }), () => 'Invalid key_name provided.'],
    ['an unknown zone', (id) => ({ zone: id }), () => 'The requested availability zone is not available'],
    ['an unknown network', (id) => ({ nics: [{ networkId: id }] }), (id) => `Network ${id} could not be found.`],
    ['an unknown port', (id) => ({ nics: [{ portId: id }] }), (id) => `Port id ${id} could not be found.`],
    [
      'an unknown security group',
      (id) => ({ securityGroups: [id] }),
      (id) => `Unable to find security_group with name or id '${id}'`,
    ],
    ['an empty name', () => ({ name: '' }), () => "Invalid input for field/attribute name. Value: . '' is too short"],
  ])('%s', async (_what, wish, message) => {
    const id = unknownId();
    const order = stock.order(wish(id));
    await expect(createServer(await house.member(), order)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      code: 'badRequest',
      serviceMessage: message(id),
      requestId: expect.stringMatching(/^req-/),
    });
    if (order.name !== '') await expectNothingOf(order);
  });

  test('a disabled flavor', async (context) => {
    const flavorId = needs(context, flavors.disabled);
    await expect(createServer(await house.member(), stock.order({ flavorId }))).rejects.toMatchObject({
      kind: 'bad_request',
      // By a number that only the cloud's own database knows.
      serviceMessage: expect.stringMatching(/^Flavor \d+ could not be found\.$/),
    });
  });

  test('a key of somebody else', async (context) => {
    const { name: keyName } = await stock.keyPair(uniqueName(), await house.connect(context, 'colleague'));
    await expect(createServer(await house.member(), stock.order({ keyName }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: 'Invalid key_name provided.',
    });
  });

  test('an image that has no contents yet', async () => {
    const imageId = await stock.image({ empty: true });
    await expect(createServer(await house.member(), stock.order({ imageId }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Image ${imageId} is not active.`,
    });
  });

  test('a flavor whose disk or memory is less than the image wants', async () => {
    const cloud = await house.member();
    const { diskGiB, ramMiB } = await showFlavor(cloud, flavors.small);
    const wide = await stock.image({ minDiskGiB: diskGiB + 1 });
    await expect(createServer(cloud, stock.order({ imageId: wide }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${bytes(diskGiB)} bytes, minimum size is ${bytes(diskGiB + 1)} bytes.`,
    });
    const hungry = await stock.image({ minRamMiB: ramMiB + 1 });
    await expect(createServer(cloud, stock.order({ imageId: hungry }))).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: "Flavor's memory is too small for requested image.",
    });
  });

  test('a reader as the one who asks', async (context) => {
    const order = stock.order();
    await expect(createServer(await house.connect(context, 'reader'), order)).rejects.toMatchObject({
      kind: 'forbidden',
      status: 403,
      serviceMessage: "Policy doesn't allow os_compute_api:servers:create to be performed.",
    });
    await expectNothingOf(order);
  });
});

function bytes(gib: number): number {
  return gib * 1024 ** 3;
}

describe('a boot disk', () => {
  const disk = { sizeGiB: 2, type: null, deleteWithServer: true };

  test('is made from the image, belongs to the server and goes with it', async (context) => {
    needs(context, house.under.fillsBootDisks);
    const cloud = await house.member();
    const { id } = await stock.create({ bootDisk: disk });
    const { server } = await settled(await house.watcher(), id, 'ACTIVE');
    expect(server.imageId).toBeNull();
    const [volume] = (await listVolumes(cloud)).items.filter(({ attachments }) =>
      attachments.some(({ serverId }) => serverId === id),
    );
    expect(volume).toMatchObject({ status: 'in-use', sizeGiB: 2, bootable: true, imageId: image });
    await house.remove(id);
    await house.until(
      async () => (await listVolumes(cloud)).items.every((one) => one.id !== volume?.id),
      'the boot disk to go with its server',
    );
  });

  test('that cannot be filled ends in ERROR, and the fault says so', async (context) => {
    const spoil = needs(context, house.under.spoilBootDisk);
    const order = stock.order({ bootDisk: disk });
    spoil(order.name);
    const { id } = await stock.create(order);
    const { server, states } = await settled(await house.watcher(), id, 'ERROR');
    expect(strays(states, [...BUILDING, 'ERROR'])).toEqual([]);
    expect(readProgress(server)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /^Build of instance \S+ aborted: Volume \S+ did not finish being created even after we waited \d+ seconds or \d+ attempts\. And its status is error\.$/,
      ),
    });
    expect(server.fault?.code).toBe(500);
    // The record has it that all went well: only the status and the fault know better.
    expect(await listServerActions(await house.member(), id)).toMatchObject([{ action: 'create', failed: false }]);
  });

  test('of a type of its own is unsupported where the ceiling is too low for that', async () => {
    const order = stock.order({ bootDisk: { ...disk, type: 'any' } });
    await expect(createServer(await house.member({ ceiling: '2.66' }), order)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expectNothingOf(order);
  });

  test('must be as large as the image wants, of a known type, and from an image that is there', async () => {
    const cloud = await house.member();
    const imageId = await stock.image({ minDiskGiB: 3 });
    const refused = async (wanted: Partial<NewServer>) =>
      createServer(cloud, stock.order({ bootDisk: disk, ...wanted })).then(
        () => 'accepted',
        (error: unknown) => error,
      );
    expect(await refused({ imageId })).toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Volume is smaller than the minimum size specified in image metadata. Volume size is ${bytes(2)} bytes, minimum size is ${bytes(3)} bytes.`,
    });
    expect(await refused({ bootDisk: { ...disk, type: 'no-such-type' } })).toMatchObject({
      kind: 'bad_request',
      serviceMessage: 'Volume type no-such-type could not be found.',
    });
    const unknown = unknownId();
    expect(await refused({ imageId: unknown })).toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Block Device Mapping is Invalid: failed to get image ${unknown}.`,
    });
    const empty = await stock.image({ empty: true });
    expect(await refused({ imageId: empty })).toMatchObject({
      kind: 'bad_request',
      // Not by its name: the order carries the id where Nova does not look for it.
      serviceMessage: 'Image None is not active.',
    });
  });
});

describe('the quota of servers', () => {
  test('refuses one too many of anything, says by how much, and several at once', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const { vcpus, ramMiB } = await showFlavor(cloud, flavors.small);
    const { servers, cores, ramMiB: ram } = await showLimits(cloud);
    const nics = await anyNic(cloud);
    const full = { instances: servers.used ?? 0, cores: cores.used ?? 0, ramMiB: ram.used ?? 0 };
    const refused = async (quota: Quota): Promise<unknown> => {
      const restore = await setQuota(cloud.projectId, quota);
      const outcome = await createServer(cloud, stock.order({ nics })).catch((error: unknown) => error);
      await restore();
      return outcome;
    };
    const over = (text: string) => ({ kind: 'quota', status: 403, serviceMessage: `Quota exceeded for ${text}` });
    const of = (used: number): string => `but already used ${used} of ${used}`;
    expect(await refused({ instances: full.instances })).toMatchObject(
      over(`instances: Requested 1, ${of(full.instances)} instances`),
    );
    expect(await refused({ cores: full.cores })).toMatchObject(
      over(`cores: Requested ${vcpus}, ${of(full.cores)} cores`),
    );
    expect(await refused({ ramMiB: full.ramMiB })).toMatchObject(
      over(`ram: Requested ${ramMiB}, ${of(full.ramMiB)} ram`),
    );
    const lists = `${full.cores}, ${full.instances}`;
    expect(await refused({ instances: full.instances, cores: full.cores })).toMatchObject(
      over(`cores, instances: Requested ${vcpus}, 1, but already used ${lists} of ${lists} cores, instances`),
    );
  });
});

test('two orders at once for the last place may both be taken, and come to at most one server', async (context) => {
  const setQuota = needs(context, house.under.setQuota);
  const cloud = await house.elsewhere(context);
  const { servers } = await showLimits(cloud);
  house.after(await setQuota(cloud.projectId, { instances: (servers.used ?? 0) + 1 }));
  const wish = { nics: await anyNic(cloud) };
  const outcomes = await Promise.allSettled([stock.create(wish, cloud), stock.create(wish, cloud)]);
  const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value.id);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
  for (const reason of refused) expect(reason).toMatchObject({ kind: 'quota' });
  const ended = await Promise.all(taken.map(async (id) => built(cloud, id)));
  expect(ended.filter(({ status }) => status === 'ACTIVE').length).toBeLessThanOrEqual(1);
  for (const { status, fault } of ended) {
    if (status === 'ACTIVE') continue;
    expect(fault).toEqual({
      code: 413,
      message: expect.stringMatching(
        /^Quota exceeded for instances: Requested \d+, but already used \d+ of \d+ instances$/,
      ),
    });
  }
});

async function built(cloud: Cloud, id: string): Promise<Server> {
  const when = (server: Server): boolean => readProgress(server).kind !== 'building' && server.taskState === null;
  return (await watch({ cloud, under: house.under }, id, { when, what: `${id} to be built, or not` })).server;
}

test('no host for it ends in ERROR, on record as one, still counted, and can be deleted', async (context) => {
  const flavorId = needs(context, flavors.fitsNoHost);
  const cloud = await house.member();
  const [{ ramMiB }, limits] = await Promise.all([showFlavor(cloud, flavorId), showLimits(cloud)]);
  const room = (limits.ramMiB.max ?? Infinity) - (limits.ramMiB.used ?? 0);
  if (ramMiB > room) house.after(await needs(context, house.under.setQuota)(cloud.projectId, { ramMiB: 2 * ramMiB }));
  const { id } = await stock.create({ flavorId });
  const { server } = await settled(await house.watcher(), id, 'ERROR');
  expect(readProgress(server)).toEqual({ kind: 'failed', message: 'No valid host was found.' });
  expect(await listServerActions(cloud, id)).toMatchObject([{ action: 'create', failed: true }]);
  expect((await showLimits(cloud)).ramMiB.used).toBeGreaterThanOrEqual(ramMiB);
  expect(strays(await house.remove(id), ['ERROR', 'ERROR/deleting', 'DELETED'])).toEqual([]);
});

test('a flavor whose hosts fail at resizing can be had from the start', async (context) => {
  const { id } = await stock.create({ flavorId: needs(context, flavors.failsOnHost) });
  await settled(await house.watcher(), id, 'ACTIVE');
});

test('two orders of the same name are two servers, told apart by their order', async () => {
  const cloud = await house.member();
  const name = uniqueName('twin');
  const first = await stock.create({ name, correlation: 'order-1' });
  const second = await stock.create({ name, correlation: 'order-2' });
  expect(second.id).not.toBe(first.id);
  expect(await findCreatedServer(cloud, { name, correlation: 'order-2' })).toMatchObject({ id: second.id });
  expect(await findCreatedServer(cloud, { name, correlation: 'order-1' })).toMatchObject({ id: first.id });
  expect(await findCreatedServer(cloud, { name, correlation: 'order-3' })).toBeNull();
});

test('a server can be given another name from the moment of its order', async () => {
  const cloud = await house.member();
  const { id } = await stock.create();
  const name = uniqueName('renamed');
  await renameServer(cloud, id, name);
  await settled(await house.watcher(), id, 'ACTIVE');
  expect(await showServer(cloud, id)).toMatchObject({ name });
});

test('a server can be given another name, by whoever may change it', async (context) => {
  const cloud = await house.member();
  const { id } = await house.server();
  const name = uniqueName('renamed');
  await renameServer(cloud, id, name);
  expect(await showServer(cloud, id)).toMatchObject({ name });
  await expect(renameServer(cloud, id, ' ')).rejects.toMatchObject({ kind: 'bad_request' });
  await expect(renameServer(await house.connect(context, 'reader'), id, 'mine')).rejects.toMatchObject({
    kind: 'forbidden',
  });
  await expect(renameServer(cloud, unknownId(), 'nothing')).rejects.toMatchObject({ kind: 'not_found' });
});

test('one that is watched while it is built says how far it is', async () => {
  const { id } = await stock.create();
  const seen = new Set<string>();
  await watch(await house.watcher(), id, {
    when(server) {
      const progress = readProgress(server);
      seen.add(progress.kind);
      return progress.kind !== 'building';
    },
    what: `${id} to be built`,
  });
  expect([...seen]).toEqual(['building', 'ready']);
});
