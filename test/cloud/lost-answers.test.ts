// Orders that the cloud carries out and whose answer never arrives: what a client finds out by looking, and what it must
// not do. The cloud does its part for real; only the way back is cut.
import { describe, expect, test } from 'vitest';
import { attachVolume, detachVolume, listAttachments } from '../../src/openstack/attachments.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { correlationNote } from '../../src/openstack/correlation.ts';
import { CloudError, isAmbiguous } from '../../src/openstack/errors.ts';
import type { Http, HttpCall } from '../../src/openstack/http.ts';
import { attachInterface, listInterfaces } from '../../src/openstack/interfaces.ts';
import { deleteKeyPair, generateKeyPair, showKeyPair } from '../../src/openstack/keypairs.ts';
import { createNetwork, createNetworkRequest, deleteNetwork, listNetworks } from '../../src/openstack/networks.ts';
import { createPort, deletePort, listPorts } from '../../src/openstack/ports.ts';
import { createServer, deleteServer, findCreatedServer } from '../../src/openstack/server-lifecycle.ts';
import { listServers } from '../../src/openstack/servers.ts';
import { createSubnet, listSubnets } from '../../src/openstack/subnets.ts';
import { createVolume, deleteVolume, findCreatedVolume, listVolumes } from '../../src/openstack/volumes.ts';
import { uniqueName } from './support/unique.ts';
import { useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { gone, settled } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);

/** The member, whom every answer reaches but those to calls that change something. */
async function deaf(): Promise<Cloud> {
  const { http } = house.under.identity;
  return house.member({ http: { send: async (call) => (call.method === 'GET' ? http.send(call) : lost(http, call)) } });
}

async function lost(http: Http, call: HttpCall): Promise<never> {
  const { requestId } = await http.send(call);
  throw new CloudError({
    kind: 'timeout',
    method: call.method,
    url: call.url,
    status: null,
    code: null,
    serviceMessage: '',
    requestId,
    retryAfterMs: null,
    unsent: false,
  });
}

async function ambiguous(order: Promise<unknown>): Promise<void> {
  const error: unknown = await order.then(
    () => 'answered',
    (reason: unknown) => reason,
  );
  expect(isAmbiguous(error), String(error)).toBe(true);
}

describe('a new server whose answer is lost', () => {
  test('is found by its order, without the password that nobody will ever hear', async () => {
    const cloud = await deaf();
    const order = stock.order();
    const created = await createServer(cloud, order);
    house.after(async () => {
      await deleteServer(await house.member(), created.id);
      await gone(await house.watcher(), created.id);
    });
    expect(created.adminPass).toBeNull();
    await settled(await house.watcher(), created.id, 'ACTIVE');
    expect((await listServers(cloud, { name: order.name })).servers).toHaveLength(1);
    expect(await findCreatedServer(cloud, order)).toMatchObject({ id: created.id });
  });

  test('is found among others of its name, also when an earlier try had failed for good', async () => {
    const cloud = await house.member();
    const name = uniqueName();
    const other = await stock.create({ name });
    const order = stock.order({ name });
    expect(await findCreatedServer(cloud, order)).toBeNull();
    const created = await createServer(await deaf(), order);
    house.after(async () => {
      await deleteServer(cloud, created.id);
      await gone(await house.watcher(), created.id);
    });
    expect(created.id).not.toBe(other.id);
  });

  test('is found from the first moment on, before it has a place', async () => {
    const cloud = await house.member();
    const { id, name } = await stock.create({ correlation: 'order-1' });
    expect(await findCreatedServer(cloud, { name, correlation: 'order-1' })).toMatchObject({ id });
  });
});

test('a new disk whose answer is lost is found by its order, and made once', async () => {
  const cloud = await deaf();
  const order = { name: uniqueName(), sizeGiB: 1, zone: null, type: null, correlation: uniqueName('order') };
  expect(await findCreatedVolume(cloud, order)).toBeNull();
  await ambiguous(createVolume(cloud, order));
  const made = await findCreatedVolume(cloud, order);
  expect(made).toMatchObject({ name: order.name });
  const id = made?.id ?? '';
  house.after(async () => void (await deleteVolume(await house.member(), id)));
  await stock.volumeIs(id, 'available');
  expect((await listVolumes(cloud, { name: order.name })).items).toHaveLength(1);
});

test('a disk that is attached all the same shows on the server; to order it again changes nothing', async () => {
  const [cloud, member] = [await deaf(), await house.member()];
  const { id: volumeId } = await stock.volume();
  const { id: serverId } = await house.server();
  await ambiguous(attachVolume(cloud, serverId, { volumeId }));
  await stock.volumeIs(volumeId, 'in-use');
  await expect(attachVolume(member, serverId, { volumeId })).rejects.toMatchObject({ kind: 'bad_request' });
  expect(await listAttachments(cloud, serverId)).toMatchObject([{ volumeId }]);
  await ambiguous(detachVolume(cloud, serverId, volumeId));
  await stock.volumeIs(volumeId, 'available');
  await expect(detachVolume(member, serverId, volumeId)).rejects.toMatchObject({ kind: 'not_found' });
});

test('a NIC of a port that was made before is found on the server; one of a network is only uncertain', async () => {
  const cloud = await deaf();
  const { network } = await stock.range();
  const port = await stock.port({ networkId: network.id });
  const { id: serverId } = await house.server();
  expect(await attachInterface(cloud, serverId, { portId: port.id })).toMatchObject({ portId: port.id });
  await ambiguous(attachInterface(cloud, serverId, { networkId: network.id }));
  const nics = (await listInterfaces(cloud, serverId)).filter(({ networkId }) => networkId === network.id);
  expect(nics).toHaveLength(2);
});

test('networks, ranges and ports carry their order in their description, which tells them from others of their name', async () => {
  const [cloud, member] = [await deaf(), await house.member()];
  const name = uniqueName();
  const correlation = uniqueName('order');
  const twin = await createNetwork(member, name);
  house.after(async () => void (await deleteNetwork(member, twin.id)));
  await ambiguous(cloud.call(createNetworkRequest({ name, correlation })));
  const mine = <T extends { description: string }>(things: T[]): T | undefined =>
    things.find(({ description }) => description === correlationNote(correlation));
  const networks = (await listNetworks(cloud, { name })).items;
  expect(networks).toHaveLength(2);
  const networkId = mine(networks)?.id ?? '';
  expect(networkId).not.toBe('');
  house.after(async () => void (await deleteNetwork(member, networkId)));
  await ambiguous(createSubnet(cloud, { networkId, name, cidr: '10.88.0.0/24', correlation }));
  expect(mine((await listSubnets(cloud, { networkId })).items)).toMatchObject({ cidr: '10.88.0.0/24' });
  await ambiguous(createPort(cloud, { networkId, name, correlation }));
  const port = mine((await listPorts(cloud, { networkId })).items);
  expect(port).toMatchObject({ name });
  await deletePort(member, port?.id ?? '');
});

test('a generated key pair whose answer is lost is there, and its private key is nowhere', async () => {
  const [cloud, member] = [await deaf(), await house.member()];
  const name = uniqueName();
  await ambiguous(generateKeyPair(cloud, name));
  expect(await showKeyPair(cloud, name)).toMatchObject({ name });
  await expect(generateKeyPair(member, name)).rejects.toMatchObject({ kind: 'conflict' });
  await ambiguous(deleteKeyPair(cloud, name));
  await expect(deleteKeyPair(member, name)).rejects.toMatchObject({ kind: 'not_found' });
  const { privateKey } = await generateKeyPair(member, name);
  expect(privateKey.reveal()).toContain('PRIVATE KEY');
  await deleteKeyPair(member, name);
});

test('a delete whose answer is lost is done: the next one finds nothing', async () => {
  const cloud = await deaf();
  const { id } = await house.server();
  await ambiguous(deleteServer(cloud, id));
  await gone(await house.watcher(), id);
  await expect(deleteServer(await house.member(), id)).rejects.toMatchObject({ kind: 'not_found' });
});
