// Ports: NICs that no server has yet. Made, refused, counted, listed.
import { describe, expect, test } from 'vitest';
import { showNetworkLimits } from '../../src/openstack/networks.ts';
import { createPort, deletePort, listPorts, showPort } from '../../src/openstack/ports.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

describe('a new port', () => {
  test('has an address of its network, belongs to nobody, and is down', async () => {
    const cloud = await house.member();
    const { network, subnet } = await stock.range('10.88.0.0/24');
    const name = uniqueName();
    const port = await stock.port({ networkId: network.id, name });
    expect(port).toMatchObject({
      name,
      networkId: network.id,
      status: 'DOWN',
      mac: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
      addresses: [{ address: expect.stringMatching(/^10\.88\.0\.\d+$/), subnetId: subnet.id }],
      deviceId: null,
      deviceOwner: null,
      securityGroupIds: [expect.any(String)],
    });
    expect(await showPort(cloud, port.id)).toEqual(port);
  });

  test('may choose its address, its range and its security group', async () => {
    const { network, subnet } = await stock.range('10.88.0.0/24');
    const [group = ''] = (await stock.port({ networkId: network.id })).securityGroupIds;
    const wish = { subnetId: subnet.id, address: '10.88.0.77', securityGroupIds: [group] };
    const port = await stock.port({ networkId: network.id, ...wish });
    expect(port.addresses).toEqual([{ address: '10.88.0.77', subnetId: subnet.id }]);
    expect(port.securityGroupIds).toEqual([group]);
    // Nobody keeps the gateway's address back as long as no router has it.
    expect(await stock.port({ networkId: network.id, address: subnet.gateway })).toMatchObject({
      addresses: [{ address: subnet.gateway }],
    });
  });

  test('is refused with an address in use, outside, or where none is left', async () => {
    const cloud = await house.member();
    const { network, subnet } = await stock.range('10.88.0.0/30');
    const networkId = network.id;
    const order = { networkId, name: uniqueName() };
    // Neither one of elsewhere, nor the range's own, nor the one that calls everybody.
    for (const address of ['10.99.0.1', '10.88.0.0', '10.88.0.3']) {
      await expect(createPort(cloud, { ...order, address }), address).rejects.toMatchObject({
        kind: 'bad_request',
        status: 400,
        code: 'InvalidIpForNetwork',
        serviceMessage: `IP address ${address} is not a valid IP for any of the subnets on the specified network.`,
      });
    }
    // One address of four is nobody's, and not the gateway's either.
    const port = await stock.port({ networkId });
    const address = port.addresses[0]?.address ?? '';
    await expect(createPort(cloud, { ...order, address })).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      code: 'IpAddressAlreadyAllocated',
      serviceMessage: `IP address ${address} already allocated in subnet ${subnet.id}`,
    });
    await expect(createPort(cloud, order)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      code: 'IpAddressGenerationFailure',
      serviceMessage: `No more IP addresses available on network ${networkId}.`,
    });
  });

  test('has no address where its network has none', async () => {
    const { id: networkId } = await stock.network();
    expect(await stock.port({ networkId })).toMatchObject({ networkId, status: 'DOWN', addresses: [] });
  });

  test('is refused on a network, a subnet or with a group that there is not', async () => {
    const cloud = await house.member();
    const unknown = unknownId();
    const { network } = await stock.range();
    const refusal = async (order: Partial<Parameters<typeof createPort>[1]>): Promise<unknown> =>
      createPort(cloud, { networkId: network.id, name: uniqueName(), ...order }).catch((error: unknown) => error);
    expect(await refusal({ networkId: unknown })).toMatchObject({ kind: 'not_found', code: 'NetworkNotFound' });
    expect(await refusal({ subnetId: unknown })).toMatchObject({ kind: 'not_found', code: 'SubnetNotFound' });
    expect(await refusal({ securityGroupIds: [unknown] })).toMatchObject({
      kind: 'not_found',
      code: 'SecurityGroupNotFound',
    });
  });

  test('is refused beyond the quota with 409, which is no conflict', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const { network } = await stock.range('10.88.0.0/24', cloud);
    const used = (await showNetworkLimits(cloud)).ports.used ?? 0;
    house.after(await setQuota(cloud.projectId, { ports: used }));
    expect((await showNetworkLimits(cloud)).ports).toEqual({ used, max: used });
    await expect(createPort(cloud, { networkId: network.id, name: uniqueName() })).rejects.toMatchObject({
      kind: 'quota',
      status: 409,
      code: 'OverQuota',
      serviceMessage: "Quota exceeded for resources: ['port'].",
    });
  });
});

describe('ports are listed', () => {
  test('by server, by network, by name, by address and page by page', async () => {
    const cloud = await house.member();
    const { network } = await stock.range();
    const name = uniqueName('page');
    const made: string[] = [];
    for (const _ of [1, 2, 3]) made.push((await stock.port({ networkId: network.id, name })).id);
    const { id: serverId } = await stock.create({ nics: [{ portId: made[0] ?? '' }] });
    await stock.portIs(made[0] ?? '', { status: 'ACTIVE' });
    const ids = async (filter: Parameters<typeof listPorts>[1]): Promise<string[]> =>
      (await listPorts(cloud, filter)).items.map(({ id }) => id).toSorted();
    expect(await ids({ serverId })).toEqual([made[0]]);
    expect(await ids({ name })).toEqual(made.toSorted());
    expect(await ids({ name: name.slice(0, -1) })).toEqual([]);
    expect(await ids({ networkId: network.id, name })).toEqual(made.toSorted());
    const address = (await showPort(cloud, made[1] ?? '')).addresses[0]?.address ?? '';
    expect(await ids({ networkId: network.id, address })).toEqual([made[1]]);
    expect(await ids({ networkId: network.id, address: '10.88.0.250' })).toEqual([]);
    const first = await listPorts(cloud, { name, limit: 2 });
    const second = await listPorts(cloud, { name, limit: 2, marker: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    expect(second.next).toBeNull();
  });

  test('not to other projects', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const { network } = await stock.range();
    const { id, name } = await stock.port({ networkId: network.id });
    expect((await listPorts(elsewhere, { name })).items).toEqual([]);
    await expect(showPort(elsewhere, id)).rejects.toMatchObject({ kind: 'not_found', code: 'PortNotFound' });
    await expect(deletePort(elsewhere, id)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
