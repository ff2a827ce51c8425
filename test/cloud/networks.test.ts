// Networks and their ranges: made, checked by the cloud, counted, and not deleted while somebody is on them.
import { describe, expect, test } from 'vitest';
import {
  createNetwork,
  deleteNetwork,
  listNetworks,
  showNetwork,
  showNetworkLimits,
} from '../../src/openstack/networks.ts';
import { createSubnet, deleteSubnet, listSubnets, showSubnet, type NewSubnet } from '../../src/openstack/subnets.ts';
import { deletePort } from '../../src/openstack/ports.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

describe('a new network', () => {
  test('is there at once, without a range, for its project alone', async () => {
    const cloud = await house.member();
    const made = await stock.network();
    expect(made).toMatchObject({
      status: 'ACTIVE',
      subnetIds: [],
      shared: false,
      external: false,
      mtu: expect.any(Number),
      projectId: cloud.projectId,
    });
    expect(await showNetwork(cloud, made.id)).toEqual(made);
  });

  test('may have the name of another one', async () => {
    const cloud = await house.member();
    const { id, name } = await stock.network();
    const twin = await createNetwork(cloud, name);
    house.after(async () => void (await deleteNetwork(cloud, twin.id)));
    expect((await listNetworks(cloud, { name })).items.map((network) => network.id).toSorted()).toEqual(
      [id, twin.id].toSorted(),
    );
  });

  test('may have a name made to be misread, but not one that is too long', async () => {
    const cloud = await house.member();
    const name = `${uniqueName()} <!channel> *bold* & "q" 'a' %_ サーバ`;
    const { id } = await createNetwork(cloud, name);
    house.after(async () => void (await deleteNetwork(cloud, id)));
    expect((await listNetworks(cloud, { name })).items).toMatchObject([{ id, name }]);
    await expect(createNetwork(cloud, 'x'.repeat(256))).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      code: 'HTTPBadRequest',
      serviceMessage: expect.stringContaining('exceeds maximum length of 255'),
    });
  });

  test('counts against the quota, which refuses one too many with 409 and a code of its own', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const before = (await showNetworkLimits(cloud)).networks.used ?? 0;
    await stock.network(cloud);
    house.after(await setQuota(cloud.projectId, { networks: before + 1 }));
    expect((await showNetworkLimits(cloud)).networks).toEqual({ used: before + 1, max: before + 1 });
    await expect(createNetwork(cloud, uniqueName())).rejects.toMatchObject({
      kind: 'quota',
      status: 409,
      code: 'OverQuota',
      serviceMessage: "Quota exceeded for resources: ['network'].",
    });
  });
});

describe('networks are listed', () => {
  test('by their whole name, by whether they lead outside, and page by page', async () => {
    const cloud = await house.member();
    const name = uniqueName('page');
    const made: string[] = [];
    for (const _ of [1, 2, 3]) {
      const { id } = await createNetwork(cloud, name);
      house.after(async () => void (await deleteNetwork(cloud, id)));
      made.push(id);
    }
    const ids = async (filter: Parameters<typeof listNetworks>[1]): Promise<string[]> =>
      (await listNetworks(cloud, filter)).items.map(({ id }) => id).toSorted();
    expect(await ids({ name })).toEqual(made.toSorted());
    expect(await ids({ name: name.slice(0, -1) })).toEqual([]);
    expect(await ids({ name, external: false })).toEqual(made.toSorted());
    expect(await ids({ name, external: true })).toEqual([]);
    expect((await listNetworks(cloud, { external: true })).items.every(({ external }) => external)).toBe(true);
    const first = await listNetworks(cloud, { name, limit: 2 });
    expect(first.items).toHaveLength(2);
    const second = await listNetworks(cloud, { name, limit: 2, marker: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    expect(second.next).toBeNull();
  });

  test('not to other projects', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const { id, name } = await stock.network();
    expect((await listNetworks(elsewhere, { name })).items).toEqual([]);
    for (const unknown of [id, unknownId()]) {
      const refused = {
        kind: 'not_found',
        status: 404,
        code: 'NetworkNotFound',
        serviceMessage: `Network ${unknown} could not be found.`,
      };
      await expect(showNetwork(elsewhere, unknown)).rejects.toMatchObject(refused);
      await expect(deleteNetwork(elsewhere, unknown)).rejects.toMatchObject(refused);
    }
  });
});

describe('a new range', () => {
  test('gives its network addresses: the first is the gateway’s, the rest are for ports', async () => {
    const cloud = await house.member();
    const { network, subnet } = await stock.range('10.88.0.0/24');
    expect(subnet).toMatchObject({
      networkId: network.id,
      cidr: '10.88.0.0/24',
      ipVersion: 4,
      gateway: '10.88.0.1',
      dhcp: true,
      dnsServers: [],
      pools: [{ start: '10.88.0.2', end: '10.88.0.254' }],
    });
    expect(await showSubnet(cloud, subnet.id)).toEqual(subnet);
    expect(await showNetwork(cloud, network.id)).toMatchObject({ subnetIds: [subnet.id] });
  });

  test('may have a gateway and name servers of its own, and loses the host’s part of what was written', async () => {
    const cloud = await house.member();
    const { id: networkId } = await stock.network();
    const wish = { cidr: '10.88.0.37/24', gateway: '10.88.0.254', dnsServers: ['9.9.9.9', '1.1.1.1'] };
    const made = await createSubnet(cloud, { networkId, name: uniqueName(), ...wish });
    expect(made).toMatchObject({ cidr: '10.88.0.0/24', gateway: '10.88.0.254' });
    expect(made.dnsServers.toSorted()).toEqual(['1.1.1.1', '9.9.9.9']);
    expect(made.pools).toEqual([{ start: '10.88.0.1', end: '10.88.0.253' }]);
  });

  test('may stand beside another one of the same network, and may be one of version 6', async () => {
    const cloud = await house.member();
    const { network } = await stock.range('10.88.0.0/24');
    const second = await createSubnet(cloud, { networkId: network.id, name: uniqueName(), cidr: '10.88.1.0/24' });
    const third = await createSubnet(cloud, { networkId: network.id, name: uniqueName(), cidr: 'fd00:88::/64' });
    // In version 6 the range's own address is one like any other, and the gateway's.
    expect(third).toMatchObject({
      ipVersion: 6,
      cidr: 'fd00:88::/64',
      gateway: 'fd00:88::',
      pools: [{ start: 'fd00:88::1', end: 'fd00:88::ffff:ffff:ffff:ffff' }],
    });
    const { items } = await listSubnets(cloud, { networkId: network.id });
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining([second.id, third.id]));
    expect(items).toHaveLength(3);
  });

  test.each<[what: string, wish: Partial<NewSubnet>, refusal: { code: string; serviceMessage: string }]>([
    [
      'that is no range',
      { cidr: 'everything' },
      { code: 'InvalidInput', serviceMessage: 'Invalid input for operation: everything is not in a CIDR format.' },
    ],
    [
      'with a prefix that there is not',
      { cidr: '10.88.0.0/33' },
      { code: 'InvalidInput', serviceMessage: 'Invalid input for operation: 10.88.0.0/33 is not in a CIDR format.' },
    ],
    [
      'of a single address',
      { cidr: '10.88.0.0/32' },
      {
        code: 'InvalidInput',
        serviceMessage:
          'Invalid input for operation: Subnet has a prefix length that is incompatible with DHCP service enabled.',
      },
    ],
    [
      'of everything',
      { cidr: '0.0.0.0/0' },
      {
        code: 'InvalidInput',
        serviceMessage:
          "Invalid input for operation: First IP '0.0.0.0' of network is not supported if enable_dhcp is True..",
      },
    ],
    [
      'with a name server that is none',
      { dnsServers: ['dns'] },
      {
        code: 'HTTPBadRequest',
        serviceMessage:
          "Invalid input for dns_nameservers. Reason: 'dns' is not a valid nameserver. 'dns' is not a valid IP address.",
      },
    ],
  ])('%s is refused', async (_what, wish, refusal) => {
    const cloud = await house.member();
    const { id: networkId } = await stock.network();
    const order = { networkId, name: uniqueName(), cidr: '10.88.0.0/24', ...wish };
    await expect(createSubnet(cloud, order)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      ...refusal,
    });
    expect((await listSubnets(cloud, { networkId })).items).toEqual([]);
  });

  test('that overlaps another one of the network is refused, and welcome on another network', async () => {
    const cloud = await house.member();
    const { network } = await stock.range('10.88.0.0/24');
    const order = { networkId: network.id, name: uniqueName(), cidr: '10.88.0.128/25' };
    await expect(createSubnet(cloud, order)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      code: 'InvalidInput',
      serviceMessage: `Invalid input for operation: Requested subnet with cidr: 10.88.0.128/25 for network: ${network.id} overlaps with another subnet.`,
    });
    const other = await stock.network();
    expect(await createSubnet(cloud, { ...order, networkId: other.id })).toMatchObject({ cidr: '10.88.0.128/25' });
  });

  test('of a network that there is not is not found', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const theirs = await stock.network();
    for (const networkId of [unknownId(), theirs.id]) {
      const order = { networkId, name: uniqueName(), cidr: '10.88.0.0/24' };
      await expect(createSubnet(elsewhere, order)).rejects.toMatchObject({
        kind: 'not_found',
        code: 'NetworkNotFound',
      });
    }
  });

  test('beyond the quota is refused with 409 and a code of its own', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const { network } = await stock.range('10.88.0.0/24', cloud);
    const used = (await showNetworkLimits(cloud)).subnets.used ?? 0;
    house.after(await setQuota(cloud.projectId, { subnets: used }));
    const order = { networkId: network.id, name: uniqueName(), cidr: '10.89.0.0/24' };
    await expect(createSubnet(cloud, order)).rejects.toMatchObject({
      kind: 'quota',
      status: 409,
      code: 'OverQuota',
      serviceMessage: "Quota exceeded for resources: ['subnet'].",
    });
  });
});

describe('while somebody is on it', () => {
  test('a network is not deleted, nor its range; afterwards both go together', async () => {
    const cloud = await house.member();
    const { network, subnet } = await stock.range();
    const port = await stock.port({ networkId: network.id });
    await expect(deleteNetwork(cloud, network.id)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      code: 'NetworkInUse',
      serviceMessage: expect.stringMatching(
        /^Unable to complete operation on network \S+\. There are one or more ports still in use on the network, id for these ports is: \S+\.$/,
      ),
    });
    await expect(deleteSubnet(cloud, subnet.id)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      code: 'SubnetInUse',
      serviceMessage: `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
    });
    await deletePort(cloud, port.id);
    await deleteNetwork(cloud, network.id);
    await expect(showSubnet(cloud, subnet.id)).rejects.toMatchObject({
      kind: 'not_found',
      code: 'SubnetNotFound',
      serviceMessage: `Subnet ${subnet.id} could not be found.`,
    });
    await expect(deleteNetwork(cloud, network.id)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('a range alone can go before its network', async () => {
    const cloud = await house.member();
    const { network, subnet } = await stock.range();
    await deleteSubnet(cloud, subnet.id);
    expect(await showNetwork(cloud, network.id)).toMatchObject({ subnetIds: [] });
    await expect(deleteSubnet(cloud, subnet.id)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
