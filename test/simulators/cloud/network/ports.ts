// Ports: list, show, create, delete, with Neutron's checks of addresses and its quota.

import { isIP } from 'node:net';

import { isAdmin } from '../compute/caller.ts';
import { unplug } from '../compute/nics.ts';
import { plain } from '../compute/schema.ts';
import { zuluTime } from '../compute/times.ts';
import { isRecord, type Answer } from '../exchange.ts';
import type { ServiceCall } from '../resource-service.ts';
import type { SimPort } from '../stock/model.ts';
import { badAttribute, neutronRefusal, notFound, overQuota } from './errors.ts';
import { listAnswer } from './lists.ts';
import { descriptionIn, requireBody, requireMember, requireNetwork } from './networks.ts';
import { hasRoomFor } from './ranges.ts';

const ATTRIBUTES = new Set([
  'network_id',
  'name',
  'admin_state_up',
  'fixed_ips',
  'security_groups',
  'allowed_address_pairs',
  'device_owner',
  'device_id',
  'description',
]);

export function getPorts(call: ServiceCall): Answer {
  const visible = [...call.core.world.stock.ports.values()].filter((port) => isOwn(call, port));
  return listAnswer(call, 'ports', visible.map(portView));
}

export function getPort(call: ServiceCall, id: string): Answer {
  return { status: 200, body: { port: portView(requirePort(call, id)) } };
}

export function postPort(call: ServiceCall): Answer {
  const body = requireBody(call, 'port', ATTRIBUTES);
  const wanted = wantedAddress(body['fixed_ips']);
  requireMember(call, 'create_port');
  const network = requireNetwork(call, String(body['network_id']));
  requireQuota(call);
  requireGroups(call, body['security_groups']);
  // Where there are no addresses a port is made without one.
  const isBare = call.core.world.stock.subnetsOf(network.id).length === 0 && Object.keys(wanted).length === 0;
  const fixedIps = isBare ? [] : [allocate(call, network.id, wanted)];
  const name = typeof body['name'] === 'string' ? body['name'] : '';
  const port = call.core.world.stock.addPort({
    networkId: network.id,
    projectId: call.projectId,
    name,
    fixedIps,
    description: descriptionIn(body),
    createdAt: call.core.timeline.now(),
  });
  return { status: 201, body: { port: portView(port) } };
}

type Wanted = { subnetId?: string; address?: string };

function wantedAddress(fixedIps: unknown): Wanted {
  const [first] = Array.isArray(fixedIps) ? (fixedIps as unknown[]) : [];
  if (!isRecord(first)) return {};
  const { subnet_id: subnetId, ip_address: address } = first;
  if (address !== undefined && isIP(plain(address)) === 0) {
    throw badAttribute(`Invalid input for fixed_ips. Reason: '${plain(address)}' is not a valid IP address.`);
  }
  return {
    ...(typeof subnetId === 'string' && { subnetId }),
    ...(typeof address === 'string' && { address }),
  };
}

function requireQuota({ core, projectId }: ServiceCall): void {
  const { quota } = core.world.project(projectId);
  const own = [...core.world.stock.ports.values()].filter((port) => port.projectId === projectId);
  if (quota.ports !== -1 && own.length >= quota.ports) throw overQuota('port');
}

// The only groups there are come with the project, under ids that nobody has to know.
function requireGroups({ core, projectId }: ServiceCall, groups: unknown): void {
  const known = new Set(
    [...core.world.stock.ports.values()]
      .filter((port) => port.projectId === projectId)
      .flatMap((port) => port.securityGroups),
  );
  for (const id of Array.isArray(groups) ? groups.map(String) : []) {
    if (!known.has(id)) throw neutronRefusal(404, 'SecurityGroupNotFound', `Security group ${id} does not exist`);
  }
}

/** An address of the network: the one asked for, or the next free one. */
export function allocate(
  { core }: Pick<ServiceCall, 'core'>,
  networkId: string,
  { subnetId, address }: Wanted,
): { subnetId: string; address: string } {
  const { stock } = core.world;
  const subnets = stock.subnetsOf(networkId);
  if (subnetId !== undefined && !subnets.some(({ id }) => id === subnetId)) throw notFound('Subnet', subnetId);
  if (address === undefined) {
    const free = stock.freeAddress(networkId, subnetId);
    if (free !== null) return free;
    throw neutronRefusal(409, 'IpAddressGenerationFailure', `No more IP addresses available on network ${networkId}.`);
  }
  const subnet = subnets.find(({ cidr }) => hasRoomFor(cidr, address));
  if (subnet === undefined) {
    const message = `IP address ${address} is not a valid IP for any of the subnets on the specified network.`;
    throw neutronRefusal(400, 'InvalidIpForNetwork', message);
  }
  if (stock.isTaken(networkId, address)) {
    const message = `IP address ${address} already allocated in subnet ${subnet.id}`;
    throw neutronRefusal(409, 'IpAddressAlreadyAllocated', message);
  }
  return { subnetId: subnet.id, address };
}

export function deletePort(call: ServiceCall, id: string): Answer {
  const port = requirePort(call, id);
  requireMember(call, 'delete_port');
  if (port.deviceId !== '' && call.core.settings.mode !== 'openstack') {
    throw neutronRefusal(409, 'PortInUse', `Port ${id} is currently in use by device ${port.deviceId}.`);
  }
  unplug(call.core, port);
  call.core.world.stock.removePort(port);
  return { status: 204 };
}

function requirePort(call: ServiceCall, id: string): SimPort {
  const port = call.core.world.stock.ports.get(id);
  if (port === undefined || !isOwn(call, port)) throw notFound('Port', id);
  return port;
}

function isOwn({ caller, projectId }: ServiceCall, port: SimPort): boolean {
  return port.projectId === projectId || isAdmin(caller);
}

function portView(port: SimPort): { id: string } & Record<string, unknown> {
  return {
    id: port.id,
    name: port.name,
    network_id: port.networkId,
    tenant_id: port.projectId,
    mac_address: port.mac,
    admin_state_up: true,
    status: port.status,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
    fixed_ips: fixedIpsView(port),
    project_id: port.projectId,
    port_security_enabled: true,
    security_groups: port.securityGroups,
    'binding:vnic_type': 'normal',
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    description: port.description,
    tags: [],
    created_at: zuluTime(port.createdAt),
    updated_at: zuluTime(port.createdAt),
    revision_number: 1,
  };
}

export function fixedIpsView(port: SimPort): unknown[] {
  return port.fixedIps.map(({ subnetId, address }) => ({ subnet_id: subnetId, ip_address: address }));
}
