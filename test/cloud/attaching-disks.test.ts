// Disks on servers: attached, named, refused, detached; the volume alone says when it is done.
import { describe, expect, test } from 'vitest';
import {
  attachVolume,
  detachVolume,
  listAttachments,
  showDiskFates,
  type NewAttachment,
} from '../../src/openstack/attachments.ts';
import { isAmbiguous, isCloudError } from '../../src/openstack/errors.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import { listServers, resizeServer } from '../../src/openstack/servers.ts';
import { deleteVolume, listVolumes, showVolume } from '../../src/openstack/volumes.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { settled, strays } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);

/** What a volume goes through; a quick cloud lets a look miss any of it. */
const ATTACHING = ['available', 'reserved', 'attaching', 'in-use'];
const DETACHING = ['in-use', 'detaching', 'available'];

/** A server with this disk on it. */
async function attached(wanted: Partial<NewAttachment> = {}): Promise<{ serverId: string; volumeId: string }> {
  const { id: volumeId } = await stock.volume();
  const { id: serverId } = await house.server();
  await attachVolume(await house.member(), serverId, { volumeId, ...wanted });
  await stock.volumeIs(volumeId, 'in-use');
  return { serverId, volumeId };
}

describe('attaching', () => {
  test('takes the disk from available to in-use, under the name that the cloud gives it', async () => {
    const cloud = await house.member();
    const { id: volumeId } = await stock.volume();
    const { id: serverId } = await house.server();
    const { device, requestId } = await attachVolume(cloud, serverId, { volumeId });
    const { volume, statuses } = await stock.volumeIs(volumeId, 'in-use');
    expect(strays(statuses, ATTACHING)).toEqual([]);
    expect(device).toMatch(/^\/dev\/[a-z]+$/);
    expect(volume.attachments).toMatchObject([{ serverId, device, attachedAt: expect.any(Number) }]);
    expect(await listAttachments(cloud, serverId)).toEqual([{ volumeId, serverId, device, deleteWithServer: false }]);
    const [last] = await listServerActions(cloud, serverId);
    expect(last).toMatchObject({ action: 'attach_volume', requestId, failed: false });
  });

  test('under a name that was wished for', async () => {
    const cloud = await house.member();
    const { id: volumeId } = await stock.volume();
    const { id: serverId } = await house.server();
    expect(await attachVolume(cloud, serverId, { volumeId, device: '/dev/sdz' })).toMatchObject({ device: '/dev/sdz' });
    await stock.volumeIs(volumeId, 'in-use');
    expect(await listAttachments(cloud, serverId)).toMatchObject([{ volumeId, device: '/dev/sdz' }]);
  });

  test('several, each under a name of its own', async () => {
    const cloud = await house.member();
    const volumes = [await stock.volume(), await stock.volume()];
    const { id: serverId } = await house.server();
    const devices: (string | null)[] = [];
    for (const { id: volumeId } of volumes) {
      devices.push((await attachVolume(cloud, serverId, { volumeId })).device);
      await stock.volumeIs(volumeId, 'in-use');
    }
    expect(new Set(devices).size).toBe(2);
    const listed = await listAttachments(cloud, serverId);
    expect(listed.map(({ volumeId }) => volumeId).toSorted()).toEqual(volumes.map(({ id }) => id).toSorted());
  });

  test('to a server that is stopped, and to one that waits for the confirmation of its resize', async () => {
    const cloud = await house.member();
    const volumes = [await stock.volume(), await stock.volume()];
    const { id: stopped } = await house.stoppedServer();
    const { id: resized } = await house.server();
    await resizeServer(cloud, resized, house.under.flavors.medium);
    await settled(await house.watcher(), resized, 'VERIFY_RESIZE');
    for (const [index, serverId] of [stopped, resized].entries()) {
      const volumeId = volumes[index]?.id ?? '';
      await attachVolume(cloud, serverId, { volumeId });
      await stock.volumeIs(volumeId, 'in-use');
    }
  });

  test('with the choice whether the disk goes with the server', async () => {
    const cloud = await house.member();
    const { serverId, volumeId } = await attached({ deleteWithServer: true });
    expect(await listAttachments(cloud, serverId)).toMatchObject([{ volumeId, deleteWithServer: true }]);
    expect(await showDiskFates(cloud, serverId)).toEqual(new Map([[volumeId, true]]));
  });

  test('a choice that the ceiling does not allow is said to be unsupported, and nothing is attached', async () => {
    const old = await house.member({ ceiling: '2.78' });
    const { id: volumeId } = await stock.volume();
    const { id: serverId } = await house.server();
    await expect(attachVolume(old, serverId, { volumeId, deleteWithServer: true })).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(await listAttachments(await house.member(), serverId)).toEqual([]);
    expect(await showVolume(old, volumeId)).toMatchObject({ status: 'available' });
  });
});

test.each(['2.1', '2.78', '2.79', '2.88', '2.93'])(
  'the disks of a server are listed alike under a ceiling of %s',
  async (ceiling) => {
    const { serverId, volumeId } = await attached();
    const [one] = await listAttachments(await house.member({ ceiling }), serverId);
    const tells = Number(ceiling.split('.')[1]) >= 79;
    expect(one).toMatchObject({ serverId, volumeId, deleteWithServer: tells ? false : null });
    expect(one?.device).toMatch(/^\/dev\//);
  },
);

describe('a disk cannot be attached', () => {
  test('that a server has already, be it the same', async () => {
    const cloud = await house.member();
    const { serverId, volumeId } = await attached();
    const { id: other } = await house.server();
    for (const id of [serverId, other]) {
      await expect(attachVolume(cloud, id, { volumeId })).rejects.toMatchObject({
        kind: 'bad_request',
        status: 400,
        serviceMessage: `Invalid volume: volume ${volumeId} is already attached to instances: ${serverId}`,
      });
    }
    expect(await showVolume(cloud, volumeId)).toMatchObject({ status: 'in-use', attachments: [{ serverId }] });
  });

  test('under a name that another disk has', async () => {
    const cloud = await house.member();
    const { id: second } = await stock.volume();
    const { serverId } = await attached({ device: '/dev/sdz' });
    await expect(attachVolume(cloud, serverId, { volumeId: second, device: '/dev/sdz' })).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: 'The supplied device path (/dev/sdz) is in use.',
    });
    await stock.volumeIs(second, 'available');
  });

  test('that could not be made, which can only be deleted', async (context) => {
    const addBrokenDisk = needs(context, house.under.addBrokenDisk);
    const cloud = await house.member();
    const volumeId = await addBrokenDisk(uniqueName());
    const { id: serverId } = await house.server();
    await stock.volumeIs(volumeId, 'error');
    await expect(attachVolume(cloud, serverId, { volumeId })).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: expect.stringContaining(
        `Volume attachments can not be created if the volume is in an error state. The Volume ${volumeId} currently has a status of: error`,
      ),
    });
    await deleteVolume(cloud, volumeId);
    await stock.volumeGone(volumeId);
  });

  test('of another project, or that there is not', async (context) => {
    const cloud = await house.member();
    const { id: theirs } = await stock.volume({}, await house.elsewhere(context));
    const { id: serverId } = await house.server();
    for (const volumeId of [theirs, unknownId()]) {
      await expect(attachVolume(cloud, serverId, { volumeId })).rejects.toMatchObject({
        kind: 'not_found',
        status: 404,
        serviceMessage: `Volume ${volumeId} could not be found.`,
      });
    }
  });

  test('to a server that is being built, is locked, or is not there', async () => {
    const cloud = await house.member();
    const { id: volumeId } = await stock.volume();
    const { id: building } = await stock.create();
    await expect(attachVolume(cloud, building, { volumeId })).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: `Cannot 'attach_volume' instance ${building} while it is in vm_state building`,
    });
    const locked = await stock.lockedServer();
    await expect(attachVolume(cloud, locked, { volumeId })).rejects.toMatchObject({
      kind: 'conflict',
      serviceMessage: `Instance ${locked} is locked`,
    });
    const unknown = unknownId();
    await expect(attachVolume(cloud, unknown, { volumeId })).rejects.toMatchObject({
      kind: 'not_found',
      serviceMessage: `Instance ${unknown} could not be found.`,
    });
    expect(await showVolume(cloud, volumeId)).toMatchObject({ status: 'available', attachments: [] });
  });

  test('by a reader, nor taken off', async (context) => {
    const reader = await house.connect(context, 'reader');
    const { serverId, volumeId } = await attached();
    expect(await listAttachments(reader, serverId)).toMatchObject([{ volumeId }]);
    const refused = { kind: 'forbidden', status: 403 };
    await expect(attachVolume(reader, serverId, { volumeId })).rejects.toMatchObject(refused);
    await expect(detachVolume(reader, serverId, volumeId)).rejects.toMatchObject(refused);
  });
});

describe('a disk that a server has', () => {
  test('cannot be deleted', async () => {
    const cloud = await house.member();
    const { volumeId } = await attached();
    await expect(deleteVolume(cloud, volumeId)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: expect.stringMatching(
        /^Invalid volume: Volume status must be available or error .* not be .*attached/,
      ),
    });
    expect(await showVolume(cloud, volumeId)).toMatchObject({ status: 'in-use' });
  });

  test('is listed as in-use, and the server itself knows it', async () => {
    const cloud = await house.member();
    const { serverId, volumeId } = await attached();
    const inUse = await listVolumes(cloud, { status: 'in-use' });
    expect(inUse.items.map(({ id }) => id)).toContain(volumeId);
    const server = (await listServers(cloud, { limit: 1000 })).servers.find(({ id }) => id === serverId);
    expect(server?.volumeIds).toEqual([volumeId]);
  });
});

describe('detaching', () => {
  test('takes the disk back to available, where it can be attached again', async () => {
    const cloud = await house.member();
    const { serverId, volumeId } = await attached();
    const { requestId } = await detachVolume(cloud, serverId, volumeId);
    const { volume, statuses } = await stock.volumeIs(volumeId, 'available');
    expect(strays(statuses, DETACHING)).toEqual([]);
    expect(volume.attachments).toEqual([]);
    expect(await listAttachments(cloud, serverId)).toEqual([]);
    const [last] = await listServerActions(cloud, serverId);
    expect(last).toMatchObject({ action: 'detach_volume', requestId, failed: false });
    await attachVolume(cloud, serverId, { volumeId });
    await stock.volumeIs(volumeId, 'in-use');
  });

  test('what is not attached is not found', async () => {
    const cloud = await house.member();
    const { id: volumeId } = await stock.volume();
    const { id: serverId } = await house.server();
    await expect(detachVolume(cloud, serverId, volumeId)).rejects.toMatchObject({
      kind: 'not_found',
      status: 404,
      serviceMessage: `Instance ${serverId} is not attached to volume ${volumeId}`,
    });
    const unknown = unknownId();
    await expect(detachVolume(cloud, serverId, unknown)).rejects.toMatchObject({
      kind: 'not_found',
      serviceMessage: `Volume ${unknown} could not be found.`,
    });
  });

  test('from a server that does not have it leaves it where it is', async () => {
    const cloud = await house.member();
    const { volumeId } = await attached();
    const { id: other } = await house.server();
    await expect(detachVolume(cloud, other, volumeId)).rejects.toMatchObject({ kind: 'not_found', status: 404 });
    expect(await showVolume(cloud, volumeId)).toMatchObject({ status: 'in-use' });
  });

  test('twice at once is done once', async () => {
    const cloud = await house.member();
    const { serverId, volumeId } = await attached();
    const outcomes = await Promise.allSettled([
      detachVolume(cloud, serverId, volumeId),
      detachVolume(cloud, serverId, volumeId),
    ]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(isKnownNo(outcome.reason)).toBe(true);
    await stock.volumeIs(volumeId, 'available');
    expect(await listAttachments(cloud, serverId)).toEqual([]);
  });
});

/** Refused, not there any more, or uncertain: what a client must be ready for when it was not alone. */
function isKnownNo(reason: unknown): boolean {
  const isRefusal = (['bad_request', 'conflict', 'not_found'] as const).some((kind) => isCloudError(reason, kind));
  return isRefusal || isAmbiguous(reason);
}

test('of two servers that want the same disk at once, one gets it', async () => {
  const cloud = await house.member();
  const { id: volumeId } = await stock.volume();
  const servers = [(await house.server()).id, (await house.server()).id];
  const outcomes = await Promise.allSettled(servers.map(async (id) => attachVolume(cloud, id, { volumeId })));
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(isKnownNo(outcome.reason)).toBe(true);
  const { volume } = await stock.volumeIs(volumeId, 'in-use');
  expect(volume.attachments).toHaveLength(1);
  const holders = await Promise.all(servers.map(async (id) => listAttachments(cloud, id)));
  expect(holders.flat()).toMatchObject([{ volumeId, serverId: volume.attachments[0]?.serverId }]);
});
