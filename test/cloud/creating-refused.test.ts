// Orders for servers that a cloud refuses before they cost anything, and boot disks, which it may only find out about later.
import { describe, expect, test } from 'vitest';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import { createServer, readProgress, type NewServer } from '../../src/openstack/server-lifecycle.ts';
import { listServers } from '../../src/openstack/servers.ts';
import { listVolumes } from '../../src/openstack/volumes.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { settled, strays } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);
const { flavors, image } = house.under;

const BUILDING = ['BUILD/scheduling', 'BUILD', 'BUILD/networking', 'BUILD/block_device_mapping', 'BUILD/spawning'];

/** What every order that could not be carried out must leave behind: nothing. */
async function expectNothingOf({ name }: Pick<NewServer, 'name'>): Promise<void> {
  expect((await listServers(await house.member(), { name })).servers).toEqual([]);
}

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
