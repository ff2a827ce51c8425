// NICs with their networks, subnets and ports, through the whole edge, on the strict simulated cloud.
import { describe, expect, test } from 'vitest';
import { attachInterface, detachInterface, listInterfaces } from '../../../src/openstack/interfaces.ts';
import { createNetwork, deleteNetwork, listNetworks, showNetworkLimits } from '../../../src/openstack/networks.ts';
import { createPort, deletePort, showPort } from '../../../src/openstack/ports.ts';
import { showServer } from '../../../src/openstack/servers.ts';
import { createSubnet, listSubnets } from '../../../src/openstack/subnets.ts';
import { until } from '../../support/until.ts';
import { thrown } from '../edge.ts';
import { open, thrownOrNull, useScenes, type Scene } from './scene.ts';

useScenes();

describe('a NIC', () => {
  test('is made of a network, a subnet and a port, attached, seen, detached and kept', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const network = await createNetwork(me, 'lan');
    const subnet = await createSubnet(me, { networkId: network.id, name: 'lan-a', cidr: '192.168.9.0/24' });
    expect(subnet).toMatchObject({ gateway: '192.168.9.1', pools: [{ start: '192.168.9.2', end: '192.168.9.254' }] });
    const port = await createPort(me, { networkId: network.id, name: 'nic', address: '192.168.9.7' });
    expect(port).toMatchObject({ status: 'DOWN', deviceId: null });
    expect(await attachInterface(me, server, { portId: port.id })).toMatchObject({ portId: port.id, state: 'DOWN' });
    await until(async () => (await showPort(me, port.id)).status === 'ACTIVE', 'ACTIVE');
    expect((await showServer(me, server)).addresses).toMatchObject([
      { network: 'demo-net', type: 'fixed' },
      { network: 'lan', address: '192.168.9.7', type: 'fixed', mac: port.mac },
    ]);
    await detachInterface(me, server, port.id);
    await until(async () => (await listInterfaces(me, server)).length === 1, 'detached');
    expect(await showPort(me, port.id)).toMatchObject({ status: 'DOWN', deviceId: null });
    await deletePort(me, port.id);
    await deleteNetwork(me, network.id);
    expect((await listSubnets(me, { networkId: network.id })).items).toEqual([]);
  });

  test('made by Nova goes with its attachment', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const networkId = cloud.world.stock.network('backup-net').id;
    const { portId } = await attachInterface(me, server, { networkId, address: '192.168.50.20' });
    await detachInterface(me, server, portId);
    await until(async () => (await thrownOrNull(showPort(me, portId))) !== null, 'gone');
  });

  test('that took longer than the answer is found all the same', async () => {
    const { cloud, me } = await open();
    const server = cloud.server('web-1').id;
    const { id } = await createPort(me, { networkId: cloud.world.stock.network('backup-net').id, name: 'nic' });
    cloud.failNext({ match: { method: 'POST', path: /os-interface/ }, with: 'reset_after' });
    expect(await attachInterface(me, server, { portId: id })).toMatchObject({ portId: id });
  });

  test.each([
    [
      'of a port in use',
      async ({ cloud, me }: Scene) => {
        const [port] = cloud.world.stock.portsOf(cloud.server('web-2').id);
        return attachInterface(me, cloud.server('web-1').id, { portId: port?.id ?? '' });
      },
      'conflict',
    ],
    [
      'with an address in use',
      async ({ cloud, me }: Scene) => {
        const networkId = cloud.world.stock.network('demo-net').id;
        return attachInterface(me, cloud.server('web-1').id, { networkId, address: '10.0.0.11' });
      },
      'conflict',
    ],
    [
      'of a locked server',
      async ({ cloud, me }: Scene) => {
        cloud.operator.lock('web-1');
        return attachInterface(me, cloud.server('web-1').id, { networkId: cloud.world.stock.network('demo-net').id });
      },
      'conflict',
    ],
    [
      'of a range that is full',
      async ({ cloud, me }: Scene) => {
        const network = await createNetwork(me, 'tiny');
        await createSubnet(me, { networkId: network.id, name: '', cidr: '10.77.0.0/30' });
        await createPort(me, { networkId: network.id, name: 'only' });
        return attachInterface(me, cloud.server('web-1').id, { networkId: network.id });
      },
      'bad_request',
    ],
  ])('%s is refused', async (_words, attach, kind) => {
    expect(await thrown(attach(await open()))).toMatchObject({ kind });
  });

  test('beyond the quota is refused by Neutron as such', async () => {
    const seed = { projects: [{ name: 'demo', quota: { ports: 4, networks: 2 } }, { name: 'ops' }, { name: 'admin' }] };
    const { cloud, me } = await open({ seed });
    const networkId = cloud.world.stock.network('demo-net').id;
    await createPort(me, { networkId, name: 'last' });
    expect(await thrown(createPort(me, { networkId, name: 'x' }))).toMatchObject({
      kind: 'quota',
      status: 409,
      code: 'OverQuota',
    });
    expect(await thrown(createNetwork(me, 'x'))).toMatchObject({ kind: 'quota' });
    expect(await showNetworkLimits(me)).toMatchObject({ networks: { used: 2, max: 2 }, ports: { used: 4, max: 4 } });
  });

  test('that is the first stays on OTC, where a network also has one subnet only', async () => {
    const { cloud, me } = await open({ mode: 'otc' });
    const server = cloud.server('web-1').id;
    const [first] = await listInterfaces(me, server);
    expect(await thrown(detachInterface(me, server, first?.portId ?? ''))).toMatchObject({ kind: 'forbidden' });
    const networkId = cloud.world.stock.network('backup-net').id;
    const second = createSubnet(me, { networkId, name: '', cidr: '10.9.0.0/24' });
    expect(await thrown(second)).toMatchObject({ kind: 'conflict' });
  });

  test('of other projects is not to be seen, but the networks that lead outside are', async () => {
    const { me } = await open();
    expect((await listNetworks(me)).items.map(({ name }) => name).toSorted()).toEqual([
      'backup-net',
      'demo-net',
      'public',
    ]);
    expect((await listNetworks(me, { external: true })).items.map(({ name }) => name)).toEqual(['public']);
  });
});
