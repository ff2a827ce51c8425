// Whole conversations about new servers, disks, NICs and keys, before whichever cloud is tested: what people type and click,
// what their cards say, and what the cloud itself says afterwards.
import { describe, expect, test } from 'vitest';
import { showImage } from '../../src/openstack/images.ts';
import { listInterfaces, type Interface } from '../../src/openstack/interfaces.ts';
import { listKeyPairs } from '../../src/openstack/keypairs.ts';
import { listNetworks, showNetwork } from '../../src/openstack/networks.ts';
import { listServers } from '../../src/openstack/servers.ts';
import { listVolumes, type Volume } from '../../src/openstack/volumes.ts';
import { useBot } from './support/use-bot.ts';
import { needs, type TestServer } from './support/use-cloud.ts';
import { useNames } from './support/use-names.ts';
import { PUBLIC_KEY } from './support/use-stock.ts';

const house = await useBot();
const names = useNames(house);
const { small } = house.under.flavors;

async function volumeNamed(name: string): Promise<Volume | undefined> {
  return (await listVolumes(await house.member(), { name })).items[0];
}

async function keyPairNames(): Promise<string[]> {
  return (await listKeyPairs(await house.member())).map(({ name }) => name);
}

/** The NICs it has that it did not have before. */
async function addedTo({ id }: TestServer, before: Interface[]): Promise<Interface[]> {
  const known = new Set(before.map(({ portId }) => portId));
  return (await listInterfaces(await house.member(), id)).filter(({ portId }) => !known.has(portId));
}

describe('a new server', () => {
  test.for([
    ['the flavor’s own disk', '--disk-type flavor-disk'],
    ['a disk of its own', '--disk 1'],
  ] as const)(
    'is ordered in a line with %s, comes up on its card, and is deleted after a second question',
    async ([what, disk], context) => {
      if (what === 'a disk of its own') needs(context, house.under.fillsBootDisks);
      const cloud = await house.member();
      const [flavor, image] = [await house.nameOf(small), (await showImage(cloud, house.under.image)).name];
      const network = needs(context, house.under.network);
      const { alice, bob } = await house.openSignedIn();
      const name = names.server();
      await alice.says(`/ecs create ${name} --flavor ${flavor} --image "${image}" --network ${network} ${disk}`);
      await bob.seesOnCard(`Ready · ${name}`);
      await bob.seesOnCard('ACTIVE');
      const { text } = await alice.seesInDm('Its first password, told to you alone and only here; change it soon: ');
      expect(text).toContain(name);
      const { servers } = await listServers(cloud, { name });
      expect(servers).toMatchObject([{ name, status: 'ACTIVE', flavor: { name: flavor } }]);
      expect((await alice.asks(`/ecs delete ${name}`)).text).toContain(`Delete ${name} in project`);
      await alice.clicks('Delete it');
      await bob.sees(`${name} is deleted, as @alice asked.`);
      expect((await listServers(cloud, { name })).servers).toEqual([]);
    },
  );

  test('is ordered in a form, and its card says when no host has room for it', async (context) => {
    const flavor = await house.roomlessFlavor(context);
    const cloud = await house.member();
    const network = await showNetwork(cloud, needs(context, house.under.network));
    const { alice, bob } = await house.openSignedIn();
    const name = names.server();
    await alice.says(`/ecs create ${name}`);
    await alice.seesModal('In project');
    await alice.submits({
      Name: name,
      Flavor: await house.nameOf(flavor),
      Image: (await showImage(cloud, house.under.image)).name,
      'Disk type': 'The flavor’s own disk',
      Network: network.name,
    });
    await alice.seesModal(`${name} is ordered.`);
    await bob.seesOnCard(`Error · ${name}`);
    await bob.seesOnCard(/The cloud could not build it.*No valid host was found\./);
    await bob.clicks('Delete');
    await bob.seesPrivately(`Delete ${name} in project`);
    await bob.clicks('Delete it');
    await alice.sees(`${name} is deleted, as @bob asked.`);
  });
});

describe('things for a server', () => {
  test('a disk is made, attached, listed and detached', async () => {
    const { alice } = await house.openSignedIn();
    const name = names.disk();
    const server = await house.server();
    await alice.says(`/ecs disk create ${name} --size 1 --attach ${server.name}`);
    await alice.seesOnCard(`✅ Done · Create disk ${name} and attach it to ${server.name}`);
    expect(await volumeNamed(name)).toMatchObject({ status: 'in-use', sizeGiB: 1 });
    expect((await alice.asks(`/ecs disk list ${server.name}`)).text).toContain(name);
    await alice.asks(`/ecs disk detach ${name}`);
    await alice.clicks('Detach it');
    await alice.seesOnCard(`✅ Done · Detach disk ${name} from ${server.name}`);
    expect(await volumeNamed(name)).toMatchObject({ status: 'available' });
  });

  test('a disk is attached, and taken back with Undo by somebody else', async () => {
    const { alice, bob } = await house.openSignedIn();
    const name = names.disk();
    const server = await house.server();
    await alice.says(`/ecs disk create ${name} --size 1`);
    await alice.seesOnCard(`✅ Done · Create disk ${name}`);
    await alice.says(`/ecs disk attach ${name} ${server.name}`);
    await alice.seesOnCard(`✅ Done · Attach disk ${name} to ${server.name}`);
    await bob.clicks('Undo');
    await alice.seesOnCard(`↩️ Undone · Attach disk ${name} to ${server.name}`);
    expect(await volumeNamed(name)).toMatchObject({ status: 'available' });
  });

  test('a NIC comes on a new network with its range, and goes with Undo, and its network with Remove', async () => {
    const cloud = await house.member();
    const { alice } = await house.openSignedIn();
    const name = names.network();
    const server = await house.server();
    const before = await listInterfaces(cloud, server.id);
    await alice.says(`/ecs nic attach ${server.name} --new-network ${name} --cidr 10.89.0.0/24`);
    await alice.seesOnCard(`✅ Done · Attach a NIC on the new network ${name} to ${server.name}`);
    const [added] = await addedTo(server, before);
    expect(added?.addresses.map(({ address }) => address)).toMatchObject([expect.stringMatching(/^10\.89\.0\.\d+$/)]);
    await alice.clicks('Undo');
    await alice.seesOnCard('↩️ Undone');
    expect((await listInterfaces(cloud, server.id)).map(({ portId }) => portId)).toEqual(
      before.map(({ portId }) => portId),
    );
    await alice.clicks('Remove');
    await alice.seesOnCard('🧹 Cleared away');
    expect((await listNetworks(cloud, { name })).items).toEqual([]);
  });

  test('a NIC comes on a network that is there, and is detached after a second question', async (context) => {
    const cloud = await house.member();
    const network = await showNetwork(cloud, needs(context, house.under.network));
    const { alice } = await house.openSignedIn();
    const server = await house.server();
    const before = await listInterfaces(cloud, server.id);
    await alice.says(`/ecs nic attach ${server.name} --network "${network.name}"`);
    await alice.seesOnCard('✅ Done · Attach a NIC');
    const [added] = await addedTo(server, before);
    await alice.asks(`/ecs nic detach ${server.name} ${added?.addresses[0]?.address}`);
    await alice.clicks('Detach it');
    await alice.seesOnCard('✅ Done · Detach NIC');
    expect(await listInterfaces(cloud, server.id)).toHaveLength(before.length);
  });
});

describe('a key pair', () => {
  test('is made, its private key seen once on a page, and deleted', async () => {
    const { alice } = await house.openSignedIn();
    const name = names.keyPair();
    const link = await alice.asksForLink(`/ecs keypair create ${name}`);
    const offer = await alice.browser.open(link);
    expect((await alice.browser.submit(offer)).html).toMatch(/-----BEGIN [\s\S]+-----END [A-Z ]+-----/);
    expect((await alice.browser.open(link)).status).toBe(410);
    expect((await alice.asks('/ecs keypair list')).text).toContain(name);
    await alice.asks(`/ecs keypair delete ${name}`);
    await alice.clicks('Delete it');
    await alice.seesPrivately(`Your key pair ${name} is deleted.`);
    expect(await keyPairNames()).not.toContain(name);
  });

  test('is made known by its public half', async () => {
    const { alice } = await house.openSignedIn();
    const name = names.keyPair();
    await alice.says(`/ecs keypair import ${name}`);
    await alice.seesModal('Public key');
    await alice.submits({ Name: name, 'Public key': PUBLIC_KEY });
    await alice.seesModal(`Your key pair ${name}`);
    expect(await keyPairNames()).toContain(name);
  });
});
