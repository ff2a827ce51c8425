// Two orders at the same instant for what only one can have: a name, an address, the last place. Servers are in creating;
// disks and NICs that two servers want, beside the other questions about them.
import { expect, test } from 'vitest';
import { CloudError, isAmbiguous } from '../../src/openstack/errors.ts';
import { deleteKeyPair, generateKeyPair, listKeyPairs } from '../../src/openstack/keypairs.ts';
import { createNetwork, deleteNetwork, listNetworks, showNetworkLimits } from '../../src/openstack/networks.ts';
import { createPort, deletePort, listPorts } from '../../src/openstack/ports.ts';
import { createSubnet, listSubnets } from '../../src/openstack/subnets.ts';
import { createVolume, deleteVolume, listVolumes, showVolumeLimits } from '../../src/openstack/volumes.ts';
import { uniqueName } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

/** Both at once; whoever was refused, was refused for one of these reasons or does not know. */
async function both(order: () => Promise<unknown>, kinds: CloudError['kind'][]): Promise<number> {
  const outcomes = await Promise.allSettled([order(), order()]);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    const reason: unknown = outcome.reason;
    const isNo = reason instanceof CloudError && kinds.includes(reason.kind);
    expect(isNo || isAmbiguous(reason), String(reason)).toBe(true);
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

test('two key pairs of one name: one is made', async () => {
  const cloud = await house.member();
  const name = uniqueName();
  house.after(async () => void (await deleteKeyPair(cloud, name)));
  expect(await both(async () => generateKeyPair(cloud, name), ['conflict'])).toBe(1);
  expect((await listKeyPairs(cloud)).filter((keyPair) => keyPair.name === name)).toHaveLength(1);
});

test('two ports with one address: one has it', async () => {
  const cloud = await house.member();
  const { network } = await stock.range('10.88.0.0/24');
  const order = { networkId: network.id, name: uniqueName(), address: '10.88.0.42' };
  expect(await both(async () => createPort(cloud, order), ['conflict'])).toBe(1);
  const { items } = await listPorts(cloud, { networkId: network.id, address: '10.88.0.42' });
  expect(items).toHaveLength(1);
  for (const { id } of items) await deletePort(cloud, id);
});

test('two ranges that overlap: one is made', async () => {
  const cloud = await house.member();
  const { id: networkId } = await stock.network();
  const order = { networkId, name: uniqueName(), cidr: '10.88.0.0/24' };
  expect(await both(async () => createSubnet(cloud, order), ['bad_request', 'conflict'])).toBe(1);
  expect((await listSubnets(cloud, { networkId })).items).toHaveLength(1);
});

test('two disks for the last place of the quota: one is made', async (context) => {
  const setQuota = needs(context, house.under.setQuota);
  const cloud = await house.elsewhere(context);
  const name = uniqueName();
  house.after(await setQuota(cloud.projectId, { volumes: ((await showVolumeLimits(cloud)).volumes.used ?? 0) + 1 }));
  const order = { name, sizeGiB: 1, zone: null, type: null, correlation: uniqueName('order') };
  expect(await both(async () => createVolume(cloud, order), ['quota'])).toBe(1);
  const made = (await listVolumes(cloud, { name })).items;
  expect(made).toHaveLength(1);
  const looks = async (): Promise<boolean> =>
    (await listVolumes(cloud, { name })).items.every(({ status }) => status === 'available');
  await house.until(looks, 'the disk to be made');
  for (const { id } of made) await deleteVolume(cloud, id);
});

// Neutron counts without holding anybody back: it may make one too many.
test('two networks for the last place of the quota: whoever is told yes has one, be it one too many; then it is full', async (context) => {
  const setQuota = needs(context, house.under.setQuota);
  const cloud = await house.elsewhere(context);
  const name = uniqueName();
  const mine = async (): Promise<string[]> => (await listNetworks(cloud, { name })).items.map(({ id }) => id);
  house.after(async () => {
    for (const id of await mine()) await deleteNetwork(cloud, id);
  });
  house.after(await setQuota(cloud.projectId, { networks: ((await showNetworkLimits(cloud)).networks.used ?? 0) + 1 }));
  const made = await both(async () => createNetwork(cloud, name), ['quota']);
  expect(made).toBeGreaterThanOrEqual(1);
  expect(await mine()).toHaveLength(made);
  await expect(createNetwork(cloud, name)).rejects.toMatchObject({ kind: 'quota' });
});
