// The end of a server: from any state, once or twice, and what of its disks, NICs and keys outlives it.
import { describe, expect, test } from 'vitest';
import { attachVolume } from '../../src/openstack/attachments.ts';
import { isCloudError } from '../../src/openstack/errors.ts';
import { listInterfaces } from '../../src/openstack/interfaces.ts';
import { deleteKeyPair } from '../../src/openstack/keypairs.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { showPort } from '../../src/openstack/ports.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import { deleteServer, renameServer } from '../../src/openstack/server-lifecycle.ts';
import { listChangedServers, listServers, resizeServer, showServer } from '../../src/openstack/servers.ts';
import { unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { gone, settled, strays } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);
const { medium } = house.under.flavors;

describe('a server is deleted', () => {
  test('while it is still being built', async () => {
    const { id } = await stock.create();
    await deleteServer(await house.member(), id);
    // Whatever it had come to, it never runs.
    expect(await gone(await house.watcher(), id)).not.toContain('ACTIVE');
  });

  test('while it is stopped', async () => {
    const { id } = await house.stoppedServer();
    expect(strays(await house.remove(id), ['SHUTOFF', 'SHUTOFF/deleting', 'DELETED'])).toEqual([]);
  });

  test('while it waits for the confirmation of its resize', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    await deleteServer(cloud, id);
    await gone(await house.watcher(), id);
  });

  test('by a colleague, and gives back its part of the quota', async (context) => {
    const { id } = await house.server();
    const cloud = await house.connect(context, 'colleague');
    const before = await showLimits(cloud);
    await deleteServer(cloud, id);
    await gone(await house.watcher(), id);
    expect((await showLimits(cloud)).servers.used).toBe((before.servers.used ?? 0) - 1);
  });
});

test('a second delete is taken while the first is under way, and finds nothing afterwards', async () => {
  const cloud = await house.member();
  const { id } = await house.server();
  const outcomes = await Promise.allSettled([deleteServer(cloud, id), deleteServer(cloud, id)]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(isCloudError(outcome.reason, 'not_found')).toBe(true);
  }
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  await gone(await house.watcher(), id);
  await expect(deleteServer(cloud, id)).rejects.toMatchObject({
    kind: 'not_found',
    status: 404,
    serviceMessage: `Instance ${id} could not be found.`,
  });
});

test('a deleted server is found no more by anything but the list of changes', async () => {
  const cloud = await house.member();
  const { id, name } = await house.server();
  const since = await house.nextSecond();
  await house.remove(id);
  expect((await listServers(cloud, { name })).servers).toEqual([]);
  await expect(renameServer(cloud, id, 'again')).rejects.toMatchObject({ kind: 'not_found' });
  const { servers } = await listChangedServers(cloud, since);
  expect(servers.find((server) => server.id === id)).toMatchObject({ name, status: 'DELETED', vmState: 'deleted' });
  // Its record outlives it.
  expect((await listServerActions(cloud, id)).map(({ action }) => action)).toEqual(['delete', 'create']);
});

test('an administrator may list the deleted ones by their status', async (context) => {
  const administrator = await house.connect(context, 'administrator');
  const { id, name } = await house.server();
  await house.remove(id);
  const { servers } = await listServers(administrator, { name, status: 'DELETED', allProjects: true });
  expect(servers).toMatchObject([{ id, status: 'DELETED' }]);
});

describe('a delete is refused', () => {
  test('while the server is locked', async () => {
    const cloud = await house.member();
    const id = await stock.lockedServer();
    await expect(deleteServer(cloud, id)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: `Instance ${id} is locked`,
    });
    expect(await showServer(cloud, id)).toMatchObject({ status: 'ACTIVE', taskState: null });
  });

  test('to a reader', async (context) => {
    const { id } = await house.server();
    await expect(deleteServer(await house.connect(context, 'reader'), id)).rejects.toMatchObject({
      kind: 'forbidden',
      status: 403,
      serviceMessage: "Policy doesn't allow os_compute_api:servers:delete to be performed.",
    });
  });

  test('for a server of another project, and for one that is none', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const { id } = await house.server();
    for (const unknown of [id, unknownId()]) {
      await expect(deleteServer(elsewhere, unknown)).rejects.toMatchObject({
        kind: 'not_found',
        serviceMessage: `Instance ${unknown} could not be found.`,
      });
    }
  });
});

describe('with the server', () => {
  test('goes the NIC that was made for it, and stays the port that was there before', async (context) => {
    const cloud = await house.member();
    const networkId = needs(context, house.under.network);
    const { network } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    const { id } = await stock.create({ nics: [{ networkId }, { portId: port.id }] });
    await settled(await house.watcher(), id, 'ACTIVE');
    const made = (await listInterfaces(cloud, id)).find(({ portId }) => portId !== port.id)?.portId ?? '';
    expect(await showPort(cloud, port.id)).toMatchObject({ deviceId: id, status: 'ACTIVE' });
    await house.remove(id);
    await expect(showPort(cloud, made)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await showPort(cloud, port.id)).toMatchObject({ deviceId: null, status: 'DOWN', addresses: port.addresses });
  });

  test('goes a disk that was attached to go with it, and stays one that was not', async () => {
    const cloud = await house.member();
    const [kept, going] = [await stock.volume(), await stock.volume()];
    const { id } = await house.server();
    await attachVolume(cloud, id, { volumeId: kept.id });
    await attachVolume(cloud, id, { volumeId: going.id, deleteWithServer: true });
    for (const { id: volumeId } of [kept, going]) await stock.volumeIs(volumeId, 'in-use');
    await house.remove(id);
    await stock.volumeIs(kept.id, 'available');
    await stock.volumeGone(going.id);
  });

  test('its key is not deleted, nor does it lose its key when that is', async () => {
    const cloud = await house.member();
    const { name: keyName } = await stock.keyPair();
    const { id } = await stock.create({ keyName });
    await settled(await house.watcher(), id, 'ACTIVE');
    await deleteKeyPair(cloud, keyName);
    expect(await showServer(cloud, id)).toMatchObject({ keyName });
  });
});
