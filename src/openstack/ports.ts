// Ports: NICs apart from any server, until one is given to it.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { descriptionOf } from './correlation.ts';
import { list, object, text, texts } from './json.ts';
import { segment } from './path.ts';
import { readOne, readPage, toQuery, type Page } from './read.ts';

const LARGEST_PAGE = 1000;

export type Port = {
  id: string;
  /** '' when nobody named it. */
  name: string;
  networkId: string;
  /** Neutron's word, e.g. `ACTIVE`, `DOWN` (as long as nothing uses it), `BUILD`. */
  status: string;
  mac: string | null;
  addresses: PortAddress[];
  /** The server (or router, …) that has it; null: free. */
  deviceId: string | null;
  deviceOwner: string | null;
  securityGroupIds: string[];
  /** '' also where the cloud knows none. */
  description: string;
};

export type PortAddress = { address: string; subnetId: string | null };

export type PortFilter = {
  serverId?: string;
  networkId?: string;
  /** The whole name, exactly. */
  name?: string;
  address?: string;
  limit?: number;
  /** Id of the last port seen. */
  marker?: string;
};

/** One page. GET /v2.0/ports (ecs-api D.3). Throws CloudError. */
export async function listPorts(cloud: Cloud, filter: PortFilter = {}): Promise<Page<Port>> {
  return readPage(cloud, listPortsRequest(filter), { name: 'ports', parse: parsePort });
}

export function listPortsRequest(filter: PortFilter): CloudRequest {
  const { serverId, networkId, name, address, limit = LARGEST_PAGE, marker } = filter;
  const fixed = address === undefined ? undefined : `ip_address=${address}`;
  const query = toQuery({ device_id: serverId, network_id: networkId, name, fixed_ips: fixed, limit, marker });
  return { service: 'network', method: 'GET', path: '/ports', query };
}

/** GET /v2.0/ports/{id} (ecs-api D.3). Throws CloudError, `not_found`. */
export async function showPort(cloud: Cloud, id: string): Promise<Port> {
  const request: CloudRequest = { service: 'network', method: 'GET', path: `/ports/${segment(id)}` };
  return readOne(cloud, request, { name: 'port', parse: parsePort });
}

export type NewPort = {
  networkId: string;
  name: string;
  /** Null: the cloud chooses among all of the network's. */
  subnetId?: string | null;
  /** Null: the cloud chooses. */
  address?: string | null;
  /** None: the project's default group. */
  securityGroupIds?: string[];
  /** Ours: what made it, see `correlationNote`. Null: this cloud takes no descriptions. */
  correlation?: string | null;
};

/**
 * POST /v2.0/ports (ecs-api D.3); it stays `DOWN` until a server has it. Throws CloudError: `conflict` for an address in
 * use or a range without a free one, `bad_request` for one outside the range, `quota`, `not_found`.
 */
export async function createPort(cloud: Cloud, order: NewPort): Promise<Port> {
  return readOne(cloud, createPortRequest(order), { name: 'port', parse: parsePort });
}

export function createPortRequest(order: NewPort): CloudRequest {
  const { networkId, name, subnetId = null, address = null, securityGroupIds = [], correlation = null } = order;
  const fixed = { ...(subnetId !== null && { subnet_id: subnetId }), ...(address !== null && { ip_address: address }) };
  const port = {
    network_id: networkId,
    name,
    admin_state_up: true,
    ...((subnetId ?? address) !== null && { fixed_ips: [fixed] }),
    ...(securityGroupIds.length > 0 && { security_groups: securityGroupIds }),
    ...descriptionOf(correlation),
  };
  return { service: 'network', method: 'POST', path: '/ports', body: { port } };
}

/**
 * DELETE /v2.0/ports/{id} (ecs-api D.3). Throws CloudError; OTC refuses while a server has it, plain Neutron takes it away
 * from the server, so detach first.
 */
export async function deletePort(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(deletePortRequest(id)));
}

export function deletePortRequest(id: string): CloudRequest {
  return { service: 'network', method: 'DELETE', path: `/ports/${segment(id)}` };
}

/** Null only for a record that belongs nowhere. */
function parsePort(value: unknown): Port | null {
  const wire = object(value);
  const [id, networkId] = [text(wire['id']), text(wire['network_id'])];
  if (id === null || networkId === null) return null;
  return {
    id,
    name: text(wire['name']) ?? '',
    networkId,
    status: text(wire['status'])?.toUpperCase() ?? 'UNKNOWN',
    mac: text(wire['mac_address']),
    addresses: parseFixedIps(wire['fixed_ips']),
    deviceId: text(wire['device_id']),
    deviceOwner: text(wire['device_owner']),
    securityGroupIds: texts(wire['security_groups']),
    description: text(wire['description']) ?? '',
  };
}

/** As Neutron and Nova both write them. */
export function parseFixedIps(value: unknown): PortAddress[] {
  return list(value).flatMap((entry) => {
    const address = text(object(entry)['ip_address']);
    return address === null ? [] : [{ address, subnetId: text(object(entry)['subnet_id']) }];
  });
}
