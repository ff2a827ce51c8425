// Disks by themselves: made, listed, refused, counted, deleted. What servers do with them is in attaching.
import { describe, expect, test } from 'vitest';
import { isCloudError } from '../../src/openstack/errors.ts';
import {
  createVolume,
  deleteVolume,
  findCreatedVolume,
  listVolumes,
  listVolumeTypes,
  showVolume,
  showVolumeLimits,
  type NewVolume,
} from '../../src/openstack/volumes.ts';
import { listVolumeZones } from '../../src/openstack/zones.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { strays } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);

function order(wanted: Partial<NewVolume> = {}): NewVolume {
  return { name: uniqueName(), sizeGiB: 1, zone: null, type: null, correlation: uniqueName('order'), ...wanted };
}

describe('a new disk', () => {
  test('is made, and is then available with what was asked for', async () => {
    const cloud = await house.member();
    const zone = (await listVolumeZones(cloud)).find(({ available }) => available)?.name ?? null;
    const [type] = await listVolumeTypes(cloud);
    const wish = order({ sizeGiB: 2, zone, type: type?.name ?? null });
    const made = await createVolume(cloud, wish);
    house.after(async () => void (await deleteVolume(cloud, made.id)));
    expect(made).toMatchObject({ name: wish.name, status: 'creating', sizeGiB: 2, attachments: [] });
    const { volume, statuses } = await stock.volumeIs(made.id, 'available');
    expect(strays(statuses, ['creating', 'available'])).toEqual([]);
    expect(volume).toMatchObject({
      id: made.id,
      name: wish.name,
      sizeGiB: 2,
      type: type?.name,
      zone,
      bootable: false,
      encrypted: false,
      shareable: false,
      attachments: [],
      imageId: null,
      metadata: { 'flight-deck-order': wish.correlation },
    });
    expect(volume.createdAt).not.toBeNull();
  });

  test('has a type and a zone of the cloud’s choice where nothing was said', async () => {
    const cloud = await house.member();
    const { type, zone } = await stock.volume();
    expect((await listVolumeTypes(cloud)).map(({ name }) => name)).toContain(type);
    expect((await listVolumeZones(cloud)).map(({ name }) => name)).toContain(zone);
  });

  test('counts against the quota at once, and no more once it is gone', async (context) => {
    const cloud = await house.elsewhere(context);
    const before = await showVolumeLimits(cloud);
    const { id } = await stock.volume({ sizeGiB: 3 }, cloud);
    const during = await showVolumeLimits(cloud);
    expect(during.volumes.used).toBe((before.volumes.used ?? 0) + 1);
    expect(during.gigabytes.used).toBe((before.gigabytes.used ?? 0) + 3);
    await deleteVolume(cloud, id);
    await stock.volumeGone(id, cloud);
    expect(await showVolumeLimits(cloud)).toEqual(before);
  });
});

describe('a disk cannot be made', () => {
  test.each<[what: string, wish: Partial<NewVolume>, refusal: Record<string, unknown>]>([
    [
      'of no size',
      { sizeGiB: 0 },
      {
        kind: 'bad_request',
        serviceMessage: 'Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1',
      },
    ],
    [
      'of a size that is no whole number',
      { sizeGiB: 1.5 },
      {
        kind: 'bad_request',
        serviceMessage:
          "Invalid input for field/attribute size. Value: 1.5. 1.5 is not of type 'integer', 'string', 'null'",
      },
    ],
    [
      'of an unknown type',
      { type: 'no-such-type' },
      { kind: 'not_found', status: 404, serviceMessage: 'Volume type with name no-such-type could not be found.' },
    ],
    [
      'in an unknown zone',
      { zone: 'nowhere' },
      { kind: 'bad_request', serviceMessage: "Availability zone 'nowhere' is invalid." },
    ],
  ])('%s', async (_what, wish, refusal) => {
    const cloud = await house.member();
    const wanted = order(wish);
    await expect(createVolume(cloud, wanted)).rejects.toMatchObject(refusal);
    expect((await listVolumes(cloud, { name: wanted.name })).items).toEqual([]);
  });

  test('with a name that is too long', async () => {
    await expect(createVolume(await house.member(), order({ name: 'x'.repeat(256) }))).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
    });
  });

  test('by a reader', async (context) => {
    await expect(createVolume(await house.connect(context, 'reader'), order())).rejects.toMatchObject({
      kind: 'forbidden',
      status: 403,
      serviceMessage: "Policy doesn't allow volume:create to be performed.",
    });
  });

  test('beyond the quota, which Cinder tells with 413 and its own words', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    await stock.volume({}, cloud);
    const { volumes, gigabytes } = await showVolumeLimits(cloud);
    const used = { volumes: volumes.used ?? 0, gigabytes: gigabytes.used ?? 0 };
    house.after(await setQuota(cloud.projectId, used));
    expect(await showVolumeLimits(cloud)).toEqual({
      volumes: { used: used.volumes, max: used.volumes },
      gigabytes: { used: used.gigabytes, max: used.gigabytes },
    });
    await expect(createVolume(cloud, order({ sizeGiB: 5 }))).rejects.toMatchObject({
      kind: 'quota',
      status: 413,
      code: 'overLimit',
      serviceMessage: `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 5G, quota is ${used.gigabytes}G and ${used.gigabytes}G has been consumed.`,
    });
    house.after(await setQuota(cloud.projectId, { gigabytes: 1000 }));
    await expect(createVolume(cloud, order())).rejects.toMatchObject({
      kind: 'quota',
      status: 413,
      serviceMessage: `VolumeLimitExceeded: Maximum number of volumes allowed (${used.volumes}) exceeded for quota 'volumes'.`,
    });
  });
});

describe('disks are listed', () => {
  test('by their whole name, by status, newest first and page by page', async () => {
    const cloud = await house.member();
    const name = uniqueName('page');
    const made: string[] = [];
    for (const _ of [1, 2, 3]) made.push((await stock.volume({ name })).id);
    expect((await listVolumes(cloud, { name })).items.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    expect((await listVolumes(cloud, { name: name.slice(0, -1) })).items).toEqual([]);
    expect((await listVolumes(cloud, { name, status: 'available' })).items).toHaveLength(3);
    expect((await listVolumes(cloud, { name, status: 'in-use' })).items).toEqual([]);
    const first = await listVolumes(cloud, { name, limit: 2 });
    const second = await listVolumes(cloud, { name, limit: 2, marker: first.next ?? '' });
    const listed = [...first.items, ...second.items];
    expect(listed.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    const ages = listed.map(({ createdAt }) => createdAt ?? 0);
    expect(ages).toEqual(ages.toSorted((one, other) => other - one));
    expect(second.next).toBeNull();
  });

  test('to readers, too, and not to other projects', async (context) => {
    const { id, name } = await stock.volume();
    expect(await showVolume(await house.connect(context, 'reader'), id)).toMatchObject({ name });
    const elsewhere = await house.elsewhere(context);
    expect((await listVolumes(elsewhere, { name })).items).toEqual([]);
    await expect(showVolume(elsewhere, id)).rejects.toMatchObject({
      kind: 'not_found',
      status: 404,
      serviceMessage: `Volume ${id} could not be found.`,
    });
    await expect(deleteVolume(elsewhere, id)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('after a marker that is not there they are not found', async () => {
    await expect(listVolumes(await house.member(), { marker: unknownId() })).rejects.toMatchObject({
      kind: 'not_found',
      status: 404,
    });
  });
});

describe('a disk is deleted', () => {
  test('in a moment, and is not found afterwards', async () => {
    const cloud = await house.member();
    const { id } = await stock.volume();
    await deleteVolume(cloud, id);
    await stock.volumeGone(id);
    await expect(deleteVolume(cloud, id)).rejects.toMatchObject({
      kind: 'not_found',
      status: 404,
      serviceMessage: `Volume ${id} could not be found.`,
    });
  });

  test('not twice at a time: of two deletes the second may be refused for the state', async () => {
    const cloud = await house.member();
    const { id } = await stock.volume();
    const outcomes = await Promise.allSettled([deleteVolume(cloud, id), deleteVolume(cloud, id)]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(['bad_request', 'not_found']).toContain(isCloudError(outcome.reason) ? outcome.reason.kind : 'none');
    }
    await stock.volumeGone(id);
  });

  test('not by a reader', async (context) => {
    const { id } = await stock.volume();
    await expect(deleteVolume(await house.connect(context, 'reader'), id)).rejects.toMatchObject({
      kind: 'forbidden',
      serviceMessage: "Policy doesn't allow volume:delete to be performed.",
    });
  });
});

test('two orders of the same name are two disks, told apart by their order', async () => {
  const cloud = await house.member();
  const name = uniqueName('twin');
  const first = await stock.volume({ name, correlation: 'order-1' });
  const second = await stock.volume({ name, correlation: 'order-2' });
  expect(await findCreatedVolume(cloud, { name, correlation: 'order-1' })).toMatchObject({ id: first.id });
  expect(await findCreatedVolume(cloud, { name, correlation: 'order-2' })).toMatchObject({ id: second.id });
  expect(await findCreatedVolume(cloud, { name, correlation: 'order-3' })).toBeNull();
});
