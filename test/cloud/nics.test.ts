// Ports, and the NICs that servers make of them: attached by port or by network, refused, detached.
import { describe, expect, test } from 'vitest';
import { isAmbiguous, isCloudError } from '../../src/openstack/errors.ts';
import { attachInterface, detachInterface, listInterfaces } from '../../src/openstack/interfaces.ts';
import { showNetworkLimits } from '../../src/openstack/networks.ts';
import { deletePort, showPort } from '../../src/openstack/ports.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import { showServer } from '../../src/openstack/servers.ts';
import { unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

async function detached(serverId: string, portId: string): Promise<void> {
  const cloud = await house.member();
  const look = async (): Promise<boolean> =>
    (await listInterfaces(cloud, serverId)).every((nic) => nic.portId !== portId);
  await house.until(look, `the port ${portId} to be taken off the server`);
}

describe('a NIC is attached', () => {
  test('with a port that was made before', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const { id: serverId } = await house.server();
    const nic = await attachInterface(cloud, serverId, { portId: port.id });
    expect(nic).toMatchObject({ portId: port.id, networkId: network.id, mac: port.mac, addresses: port.addresses });
    expect(await stock.portIs(port.id, { status: 'ACTIVE' })).toMatchObject({
      deviceId: serverId,
      deviceOwner: expect.stringMatching(/^compute:/),
    });
    const nics = await listInterfaces(cloud, serverId);
    expect(nics.find(({ portId }) => portId === port.id)).toEqual({ ...nic, state: 'ACTIVE' });
    expect((await listServerActions(cloud, serverId))[0]).toMatchObject({ action: 'attach_interface', failed: false });
    const addresses = (await showServer(cloud, serverId)).addresses.map(({ address }) => address);
    expect(addresses).toContain(port.addresses[0]?.address);
  });

  test('on a network, where a port is made for it, also with a wished-for address', async () => {
    const cloud = await house.member();
    const { network } = await stock.range('10.88.0.0/24');
    const { id: serverId } = await house.server();
    const any = await attachInterface(cloud, serverId, { networkId: network.id });
    expect(any).toMatchObject({
      networkId: network.id,
      addresses: [{ address: expect.stringMatching(/^10\.88\.0\./) }],
    });
    const wished = await attachInterface(cloud, serverId, { networkId: network.id, address: '10.88.0.99' });
    expect(wished.addresses).toMatchObject([{ address: '10.88.0.99' }]);
    expect(wished.portId).not.toBe(any.portId);
    expect(await showPort(cloud, wished.portId)).toMatchObject({ deviceId: serverId });
  });

  test('to a server that is stopped', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const { id: serverId } = await house.stoppedServer();
    const { portId } = await attachInterface(cloud, serverId, { networkId: network.id });
    expect((await listInterfaces(cloud, serverId)).map((nic) => nic.portId)).toContain(portId);
  });
});

describe('a NIC cannot be attached', () => {
  test('with a port that a server has, be it the same', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const servers = [(await house.server()).id, (await house.server()).id];
    await attachInterface(cloud, servers[0] ?? '', { portId: port.id });
    for (const serverId of servers) {
      await expect(attachInterface(cloud, serverId, { portId: port.id })).rejects.toMatchObject({
        kind: 'conflict',
        status: 409,
        serviceMessage: `Port ${port.id} is still in use.`,
      });
    }
    expect(await showPort(cloud, port.id)).toMatchObject({ deviceId: servers[0] });
  });

  test('with an address that somebody has', async () => {
    const cloud = await house.member();
    const { network } = await stock.range('10.88.0.0/24');
    await stock.port({ networkId: network.id, address: '10.88.0.50' });
    const { id: serverId } = await house.server();
    const order = { networkId: network.id, address: '10.88.0.50' };
    await expect(attachInterface(cloud, serverId, order)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: 'Fixed IP 10.88.0.50 is already in use.',
    });
  });

  test('with port and network, which the cloud calls a bad request', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    const interfaceAttachment = { port_id: unknownId(), net_id: unknownId() };
    const path = `/servers/${id}/os-interface`;
    const call = cloud.call({ service: 'compute', method: 'POST', path, body: { interfaceAttachment } });
    await expect(call).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: 'Must not input both network_id and port_id',
    });
  });

  test('with a port that there is not, also not in this project', async (context) => {
    const cloud = await house.member();
    const elsewhere = await house.elsewhere(context);
    const { network } = await stock.range('10.88.0.0/24', elsewhere);
    const theirs = await stock.port({ networkId: network.id }, elsewhere);
    const { id: serverId } = await house.server();
    for (const portId of [unknownId(), theirs.id]) {
      await expect(attachInterface(cloud, serverId, { portId })).rejects.toMatchObject({
        kind: 'not_found',
        status: 404,
        serviceMessage: `Port id ${portId} could not be found.`,
      });
    }
  });

  // What Nova leaves to its hosts comes back as its own failure, whoever's mistake it was.
  test('on a network that there is not, nor with an address outside of it, which the cloud calls its own failure', async () => {
    const cloud = await house.member();
    const { network } = await stock.range('10.88.0.0/24');
    const { id: serverId } = await house.server();
    const before = await listInterfaces(cloud, serverId);
    for (const order of [{ networkId: unknownId() }, { networkId: network.id, address: '10.99.9.9' }]) {
      const error: unknown = await attachInterface(cloud, serverId, order).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ kind: 'unavailable', status: 500, code: 'computeFault' });
      expect(isAmbiguous(error)).toBe(true);
    }
    expect(await listInterfaces(cloud, serverId)).toEqual(before);
  });

  test('to a server that is being built, is locked, or is not there', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const order = { networkId: network.id };
    const { id: building } = await stock.create();
    await expect(attachInterface(cloud, building, order)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: `Cannot 'attach_interface' instance ${building} while it is in vm_state building`,
    });
    const locked = await stock.lockedServer();
    await expect(attachInterface(cloud, locked, order)).rejects.toMatchObject({
      kind: 'conflict',
      serviceMessage: `Instance ${locked} is locked`,
    });
    const unknown = unknownId();
    await expect(attachInterface(cloud, unknown, order)).rejects.toMatchObject({
      kind: 'not_found',
      serviceMessage: `Instance ${unknown} could not be found.`,
    });
  });

  test('by a reader, nor taken off', async (context) => {
    const reader = await house.connect(context, 'reader');
    const { id: serverId } = await house.server();
    const [nic] = await listInterfaces(reader, serverId);
    const portId = nic?.portId ?? unknownId();
    const refused = { kind: 'forbidden', status: 403 };
    await expect(attachInterface(reader, serverId, { portId: unknownId() })).rejects.toMatchObject(refused);
    await expect(detachInterface(reader, serverId, portId)).rejects.toMatchObject(refused);
  });

  test('beyond the quota of ports, which Nova tells with 403', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const { network } = await stock.range('10.88.0.0/24', cloud);
    const { id: serverId } = await house.server({ project: cloud.projectId });
    const used = (await showNetworkLimits(cloud)).ports.used ?? 0;
    house.after(await setQuota(cloud.projectId, { ports: used }));
    await expect(attachInterface(cloud, serverId, { networkId: network.id })).rejects.toMatchObject({
      kind: 'quota',
      status: 403,
      serviceMessage: 'Maximum number of ports exceeded',
    });
  });
});

describe('a NIC is taken off', () => {
  test('and the port that was there before is free again, the one that was made for it gone', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const own = await stock.port({ networkId: network.id });
    const { id: serverId } = await house.server();
    await attachInterface(cloud, serverId, { portId: own.id });
    const { portId: made } = await attachInterface(cloud, serverId, { networkId: network.id });
    const { requestId } = await detachInterface(cloud, serverId, own.id);
    await detached(serverId, own.id);
    expect((await listServerActions(cloud, serverId))[0]).toMatchObject({ action: 'detach_interface', requestId });
    expect(await stock.portIs(own.id, { deviceId: null, status: 'DOWN' })).toMatchObject({ addresses: own.addresses });
    await detachInterface(cloud, serverId, made);
    await detached(serverId, made);
    const isGone = async (): Promise<boolean> =>
      showPort(cloud, made).then(
        () => false,
        (error: unknown) => isCloudError(error, 'not_found'),
      );
    await house.until(isGone, 'the port that was made for the NIC to be gone');
    // Free again: another server may have it.
    const { id: other } = await house.server();
    expect(await attachInterface(cloud, other, { portId: own.id })).toMatchObject({ portId: own.id });
  });

  test('by deleting its port, too: the server loses it', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const { id: serverId } = await house.server();
    await attachInterface(cloud, serverId, { portId: port.id });
    await deletePort(cloud, port.id);
    await detached(serverId, port.id);
    await expect(showPort(cloud, port.id)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('that the server does not have: accepted, and nothing happens', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const free = await stock.port({ networkId: network.id });
    const { id: serverId } = await house.server();
    const before = await listInterfaces(cloud, serverId);
    for (const portId of [free.id, unknownId()]) await detachInterface(cloud, serverId, portId);
    const settledAction = async (): Promise<boolean> =>
      (await listServerActions(cloud, serverId))[0]?.action === 'detach_interface';
    await house.until(settledAction, 'the record of the order');
    expect(await listInterfaces(cloud, serverId)).toEqual(before);
    expect(await showPort(cloud, free.id)).toMatchObject({ deviceId: null });
  });
});

test('of two servers that want the same port at once, one gets it', async () => {
  const cloud = await house.member();
  const { network } = await stock.range();
  const { id: portId } = await stock.port({ networkId: network.id });
  const servers = [(await house.server()).id, (await house.server()).id];
  const outcomes = await Promise.allSettled(servers.map(async (id) => attachInterface(cloud, id, { portId })));
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    // Who is too late by a moment is told that the server “does not have” the port it was just given.
    const isNo = isCloudError(outcome.reason, 'conflict') || isCloudError(outcome.reason, 'not_found');
    expect(isNo || isAmbiguous(outcome.reason), String(outcome.reason)).toBe(true);
  }
  const { deviceId } = await stock.portIs(portId, { status: 'ACTIVE' });
  const lists = await Promise.all(servers.map(async (id) => listInterfaces(cloud, id)));
  const holders = servers.filter((_, index) => lists[index]?.some((nic) => nic.portId === portId));
  expect(holders).toEqual([deviceId]);
});
