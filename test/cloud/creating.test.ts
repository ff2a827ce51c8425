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
      // It has a place, and no host yet: seldom to be seen.
      '409 Instance ID is not ready',
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

test('a new name for what has no place yet is taken, and may be lost', async () => {
  const cloud = await house.member();
  const { id, name } = await stock.create();
  const wished = uniqueName('renamed');
  await renameServer(cloud, id, wished);
  await settled(await house.watcher(), id, 'ACTIVE');
  expect([name, wished]).toContain((await showServer(cloud, id)).name);
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
