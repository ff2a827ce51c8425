// Networks, their subnets and ports, and what is left of each.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import {
  createNetwork,
  createNetworkRequest,
  deleteNetwork,
  listNetworks,
  showNetwork,
  showNetworkLimits,
} from '../../src/openstack/networks.ts';
import { createPort, createPortRequest, deletePort, listPorts, showPort } from '../../src/openstack/ports.ts';
import { createSubnet, createSubnetRequest, deleteSubnet, listSubnets } from '../../src/openstack/subnets.ts';
import { CLOUD, connect, NETWORK, recorded, thrown, useNock } from './edge.ts';

useNock();

const NETWORK_ID = '413fb1cc-cff7-46b1-9f79-2aff0edf6b02';

describe('networks', () => {
  test('are made', async () => {
    nock(CLOUD)
      .post(`${NETWORK}/networks`, { network: { name: 'check-net', admin_state_up: true } })
      .reply(201, recorded('network-create') as nock.Body);
    expect(await createNetwork(connect(), 'check-net')).toEqual({
      id: NETWORK_ID,
      name: 'check-net',
      status: 'ACTIVE',
      subnetIds: [],
      shared: false,
      external: false,
      mtu: 1450,
      projectId: '3e9cd2ccf71246cbb55c441b646d58c2',
      description: '',
    });
  });

  test('are listed by name and by where they lead', async () => {
    nock(CLOUD)
      .get(`${NETWORK}/networks`)
      .query({ name: 'public', 'router:external': 'true', limit: '1000' })
      .reply(200, { networks: [{ id: 'n1', 'router:external': true, tenant_id: 'p9' }, { name: 'nameless' }] });
    const { items } = await listNetworks(connect(), { name: 'public', external: true });
    expect(items).toMatchObject([{ id: 'n1', name: '', external: true, projectId: 'p9', status: 'UNKNOWN' }]);
  });

  test('are paged', async () => {
    const body = { networks: [{ id: 'n1' }], networks_links: [{ rel: 'previous' }, { rel: 'next', href: 'x' }] };
    nock(CLOUD).get(`${NETWORK}/networks`).query({ limit: '1', marker: 'n0' }).reply(200, body);
    expect((await listNetworks(connect(), { limit: 1, marker: 'n0' })).next).toBe('n1');
  });

  test('are shown and deleted', async () => {
    nock(CLOUD)
      .get(`${NETWORK}/networks/n1`)
      .reply(200, { network: { id: 'n1' } });
    nock(CLOUD).delete(`${NETWORK}/networks/n1`).reply(204);
    expect(await showNetwork(connect(), 'n1')).toMatchObject({ id: 'n1' });
    await deleteNetwork(connect(), 'n1');
  });

  test.each([
    [409, 'OverQuota', 'quota'],
    [403, 'PolicyNotAuthorized', 'forbidden'],
  ])('are refused with words of Neutron’s own: %s %s', async (status, type, kind) => {
    nock(CLOUD)
      .post(`${NETWORK}/networks`)
      .reply(status, { NeutronError: { type, message: 'no', detail: 'really' } });
    expect(await thrown(createNetwork(connect(), 'x'))).toMatchObject({
      kind,
      code: type,
      serviceMessage: 'no really',
    });
  });
});

describe('subnets', () => {
  const ORDER = { networkId: NETWORK_ID, name: 'a', cidr: '10.9.0.0/24' };

  test('are made with DHCP, and the rest is the cloud’s choice', async () => {
    nock(CLOUD)
      .post(`${NETWORK}/subnets`, {
        subnet: { network_id: NETWORK_ID, name: 'a', cidr: '10.9.0.0/24', ip_version: 4, enable_dhcp: true },
      })
      .reply(201, recorded('subnet-create') as nock.Body);
    expect(await createSubnet(connect(), ORDER)).toEqual({
      id: '99f75f4a-cc81-476b-9cb2-0b9cee341b48',
      name: '',
      networkId: NETWORK_ID,
      cidr: '10.9.0.0/24',
      ipVersion: 4,
      gateway: '10.9.0.1',
      dhcp: true,
      dnsServers: [],
      pools: [{ start: '10.9.0.2', end: '10.9.0.254' }],
      description: '',
    });
  });

  test('are made as wished', () => {
    const order = { ...ORDER, cidr: 'fd00::/64', gateway: 'fd00::1', dnsServers: ['100.125.4.25'] };
    expect(createSubnetRequest(order).body).toMatchObject({
      subnet: { ip_version: 6, gateway_ip: 'fd00::1', dns_nameservers: ['100.125.4.25'] },
    });
  });

  test('of one network are listed, half-told ones left out', async () => {
    const subnets = [{ id: 's1', network_id: 'n1', cidr: '10.0.0.0/24', gateway_ip: null }, { id: 's2' }];
    nock(CLOUD).get(`${NETWORK}/subnets`).query({ network_id: 'n1', limit: '1000' }).reply(200, { subnets });
    expect((await listSubnets(connect(), { networkId: 'n1' })).items).toMatchObject([{ id: 's1', gateway: null }]);
  });

  test('are deleted, unless ports have addresses of them', async () => {
    nock(CLOUD).delete(`${NETWORK}/subnets/s1`).reply(204);
    await deleteSubnet(connect(), 's1');
    nock(CLOUD)
      .delete(`${NETWORK}/subnets/s1`)
      .reply(409, { NeutronError: { type: 'SubnetInUse', message: 'One or more ports', detail: '' } });
    expect(await thrown(deleteSubnet(connect(), 's1'))).toMatchObject({ kind: 'conflict', code: 'SubnetInUse' });
  });
});

describe('ports', () => {
  test('are free when they are made', async () => {
    nock(CLOUD)
      .post(`${NETWORK}/ports`, { port: { network_id: NETWORK_ID, name: 'check-port', admin_state_up: true } })
      .reply(201, recorded('port-create') as nock.Body);
    expect(await createPort(connect(), { networkId: NETWORK_ID, name: 'check-port' })).toEqual({
      id: '11a53a59-baf6-485a-95c9-31c6597f5a5d',
      name: 'check-port',
      networkId: NETWORK_ID,
      status: 'DOWN',
      mac: 'fa:16:3e:32:b3:f0',
      addresses: [{ address: '10.9.0.245', subnetId: '99f75f4a-cc81-476b-9cb2-0b9cee341b48' }],
      deviceId: null,
      deviceOwner: null,
      securityGroupIds: ['104ca5df-a828-4f98-8772-07b57b53b052'],
      description: '',
    });
  });

  test('tell the server that has them', async () => {
    nock(CLOUD)
      .get(`${NETWORK}/ports/p1`)
      .reply(200, recorded('port-active') as nock.Body);
    expect(await showPort(connect(), 'p1')).toMatchObject({
      status: 'ACTIVE',
      deviceId: '4f3630f7-31a6-46b3-8774-fdd378580b6f',
      deviceOwner: 'compute:nova',
    });
  });

  test.each([
    [{ address: '10.9.0.7' }, { fixed_ips: [{ ip_address: '10.9.0.7' }] }],
    [{ subnetId: 's1' }, { fixed_ips: [{ subnet_id: 's1' }] }],
    [{ subnetId: 's1', address: '10.9.0.7' }, { fixed_ips: [{ subnet_id: 's1', ip_address: '10.9.0.7' }] }],
    [{ securityGroupIds: ['g1'] }, { security_groups: ['g1'] }],
  ])('are made as wished: %j', (wish, expected) => {
    const { body } = createPortRequest({ networkId: 'n1', name: 'x', ...wish });
    expect(body).toEqual({ port: { network_id: 'n1', name: 'x', admin_state_up: true, ...expected } });
  });

  test('of a server, or of a name, are listed', async () => {
    const query = { device_id: 's1', network_id: 'n1', name: 'x', limit: '1000' };
    nock(CLOUD)
      .get(`${NETWORK}/ports`)
      .query(query)
      .reply(200, { ports: [{ id: 'p1', network_id: 'n1' }, { id: 'p2' }] });
    const { items } = await listPorts(connect(), { serverId: 's1', networkId: 'n1', name: 'x' });
    expect(items.map(({ id }) => id)).toEqual(['p1']);
  });

  test.each([
    ['IpAddressAlreadyAllocated', 409, 'conflict'],
    ['IpAddressGenerationFailure', 409, 'conflict'],
    ['InvalidIpForNetwork', 400, 'bad_request'],
    ['NetworkNotFound', 404, 'not_found'],
    ['OverQuota', 409, 'quota'],
  ])('are refused for a reason: %s', async (type, status, kind) => {
    nock(CLOUD)
      .post(`${NETWORK}/ports`)
      .reply(status, { NeutronError: { type, message: 'no', detail: '' } });
    expect(await thrown(createPort(connect(), { networkId: 'n1', name: 'x' }))).toMatchObject({ kind, code: type });
  });

  test('are deleted', async () => {
    nock(CLOUD).delete(`${NETWORK}/ports/p1`).reply(204);
    await deletePort(connect(), 'p1');
  });
});

describe('what is left of them', () => {
  test('is told with what is used', async () => {
    const quota = {
      network: { limit: 100, used: 2, reserved: 0 },
      subnet: { limit: -1, used: 3, reserved: 0 },
      port: { limit: '500', used: '7', reserved: 0 },
    };
    nock(CLOUD).get(`${NETWORK}/quotas/p1/details.json`).reply(200, { quota });
    expect(await showNetworkLimits(connect())).toEqual({
      networks: { used: 2, max: 100 },
      subnets: { used: 3, max: Number.POSITIVE_INFINITY },
      ports: { used: 7, max: 500 },
    });
  });

  test('is told without, where the cloud knows no details', async () => {
    nock(CLOUD).get(`${NETWORK}/quotas/p1/details.json`).reply(404, {});
    nock(CLOUD)
      .get(`${NETWORK}/quotas/p1`)
      .reply(200, recorded('neutron-quotas') as nock.Body);
    expect(await showNetworkLimits(connect())).toEqual({
      networks: { used: null, max: 100 },
      subnets: { used: null, max: 100 },
      ports: { used: null, max: 500 },
    });
  });

  test('is not told by a service that is away', async () => {
    nock(CLOUD).get(`${NETWORK}/quotas/p1/details.json`).times(3).reply(503, {});
    expect(await thrown(showNetworkLimits(connect()))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('what we make', () => {
  const MARK = { description: 'Made by ECS Flight Deck, E-7KQ2MX' };

  test('says so where the cloud keeps descriptions', () => {
    const correlation = 'E-7KQ2MX';
    expect(createNetworkRequest({ name: 'a', correlation }).body).toMatchObject({ network: MARK });
    const subnet = { networkId: 'n1', name: 'a', cidr: '10.9.0.0/24' };
    expect(createSubnetRequest({ ...subnet, correlation }).body).toMatchObject({ subnet: MARK });
    expect(createPortRequest({ networkId: 'n1', name: 'a', correlation }).body).toMatchObject({ port: MARK });
  });

  test('is known by it again', async () => {
    nock(CLOUD)
      .get(`${NETWORK}/networks/n1`)
      .reply(200, { network: { id: 'n1', ...MARK } });
    expect(await showNetwork(connect(), 'n1')).toMatchObject(MARK);
  });
});
