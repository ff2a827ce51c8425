// Subnets: ranges checked as Neutron checks them, and as OTC's VPC does on top.

import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';

import { isAdmin } from '../compute/caller.ts';
import { plain } from '../compute/schema.ts';
import { zuluTime } from '../compute/times.ts';
import type { Answer } from '../exchange.ts';
import type { ServiceCall } from '../resource-service.ts';
import type { SimSubnet } from '../stock/model.ts';
import { badAttribute, invalidInput, neutronRefusal, notFound, overQuota } from './errors.ts';
import { listAnswer } from './lists.ts';
import { descriptionIn, isShown, requireBody, requireMember, requireNetwork } from './networks.ts';
import { overlap, parseRange, shareOut, writeRange, type Range } from './ranges.ts';

const ATTRIBUTES = new Set([
  'network_id',
  'name',
  'cidr',
  'ip_version',
  'gateway_ip',
  'enable_dhcp',
  'dns_nameservers',
  'allocation_pools',
  'host_routes',
  'description',
]);

export function getSubnets(call: ServiceCall): Answer {
  const { stock } = call.core.world;
  const visible = [...stock.subnets.values()].filter((subnet) => {
    const network = stock.networks.get(subnet.networkId);
    return network !== undefined && isShown(call, network);
  });
  return listAnswer(call, 'subnets', visible.map(subnetView));
}

export function getSubnet(call: ServiceCall, id: string): Answer {
  return { status: 200, body: { subnet: subnetView(requireSubnet(call, id)) } };
}

export function postSubnet(call: ServiceCall): Answer {
  const body = requireBody(call, 'subnet', ATTRIBUTES);
  if (body['ip_version'] === undefined) {
    throw badAttribute("Failed to parse request. Required attribute 'ip_version' not specified");
  }
  requireNameServers(body['dns_nameservers']);
  requireMember(call, 'create_subnet');
  const network = requireNetwork(call, String(body['network_id']));
  const range = requireRange(body);
  requireRoom(call, network.id, range);
  const { stock } = call.core.world;
  const gateway = typeof body['gateway_ip'] === 'string' ? body['gateway_ip'] : undefined;
  const subnet = stock.addSubnet({
    id: randomUUID(),
    name: typeof body['name'] === 'string' ? body['name'] : '',
    networkId: network.id,
    projectId: call.projectId,
    cidr: writeRange(range),
    dnsServers: (body['dns_nameservers'] as string[] | undefined) ?? [],
    description: descriptionIn(body),
    createdAt: call.core.timeline.now(),
    ...shareOut(writeRange(range), gateway),
  });
  return { status: 201, body: { subnet: subnetView(subnet) } };
}

function requireNameServers(servers: unknown): void {
  for (const server of Array.isArray(servers) ? servers.map(String) : []) {
    if (isIP(server) !== 0) continue;
    const reason = `'${server}' is not a valid nameserver. '${server}' is not a valid IP address.`;
    throw badAttribute(`Invalid input for dns_nameservers. Reason: ${reason}`);
  }
}

function requireRange(body: Record<string, unknown>): Range {
  const { cidr } = body;
  if (cidr === undefined) {
    const message = 'Bad subnets request: a subnetpool must be specified in the absence of a cidr.';
    throw neutronRefusal(400, 'BadRequest', message);
  }
  const range = parseRange(plain(cidr));
  if (range === null) throw invalidInput(`${plain(cidr)} is not in a CIDR format.`);
  if (Number(body['ip_version']) !== range.version) {
    throw invalidInput(`cidr '${plain(cidr)}' does not match the ip_version '${plain(body['ip_version'])}'.`);
  }
  if (range.prefix > (range.version === 4 ? 30 : 126))
    throw invalidInput('Subnet has a prefix length that is incompatible with DHCP service enabled.');
  if (range.first === 0n) throw invalidInput("First IP '0.0.0.0' of network is not supported if enable_dhcp is True..");
  return range;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

function requireRoom(call: ServiceCall, networkId: string, range: Range): void {
  const { stock } = call.core.world;
  const present = stock.subnetsOf(networkId);
  if (call.core.settings.mode !== 'openstack') requireStrict(range, present.length);
  const overlapping = present.some((subnet) => {
    const other = parseRange(subnet.cidr);
    return other !== null && overlap(range, other);
  });
  if (overlapping) {
    const what = `Requested subnet with cidr: ${writeRange(range)} for network: ${networkId}`;
    throw invalidInput(`${what} overlaps with another subnet.`);
  }
  const own = [...stock.subnets.values()].filter(({ projectId }) => projectId === call.projectId);
  const { quota } = call.core.world.project(call.projectId);
  if (quota.subnets !== -1 && own.length >= quota.subnets) throw overQuota('subnet');
}

function requireStrict(range: Range, present: number): void {
  const isPrivate = PRIVATE.map(parseRange).some(
    (outer) => outer !== null && overlap(outer, range) && outer.prefix <= range.prefix,
  );
  if (!isPrivate || range.prefix > 28) throw invalidInput(`The CIDR ${writeRange(range)} is not supported.`);
  if (present > 0) throw neutronRefusal(409, 'Conflict', 'Only one subnet can be created for a network.');
}

export function deleteSubnet(call: ServiceCall, id: string): Answer {
  const subnet = requireSubnet(call, id);
  requireMember(call, 'delete_subnet');
  const { stock } = call.core.world;
  if ([...stock.ports.values()].some((port) => port.fixedIps.some(({ subnetId }) => subnetId === id))) {
    const reason = 'One or more ports have an IP allocation from this subnet.';
    throw neutronRefusal(409, 'SubnetInUse', `Unable to complete operation on subnet ${id}: ${reason}`);
  }
  stock.subnets.delete(subnet.id);
  return { status: 204 };
}

function requireSubnet({ core, caller, projectId }: ServiceCall, id: string): SimSubnet {
  const subnet = core.world.stock.subnets.get(id);
  if (subnet === undefined || (subnet.projectId !== projectId && !isAdmin(caller))) throw notFound('Subnet', id);
  return subnet;
}

function subnetView(subnet: SimSubnet): { id: string } & Record<string, unknown> {
  return {
    id: subnet.id,
    name: subnet.name,
    tenant_id: subnet.projectId,
    network_id: subnet.networkId,
    ip_version: isIP(subnet.cidr.split('/')[0] ?? ''),
    subnetpool_id: null,
    enable_dhcp: true,
    ipv6_ra_mode: null,
    ipv6_address_mode: null,
    gateway_ip: subnet.gateway,
    cidr: subnet.cidr,
    allocation_pools: subnet.pools,
    host_routes: [],
    dns_nameservers: subnet.dnsServers,
    description: subnet.description,
    service_types: [],
    tags: [],
    created_at: zuluTime(subnet.createdAt),
    updated_at: zuluTime(subnet.createdAt),
    revision_number: 0,
    project_id: subnet.projectId,
  };
}
