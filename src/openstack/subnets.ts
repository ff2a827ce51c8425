// Subnets: the address ranges of a network.
import { accepted, type Accepted } from './accepted.ts';
import { parseCidr } from './cidr.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { descriptionOf } from './correlation.ts';
import { boolean, list, number, object, text, texts } from './json.ts';
import { segment } from './path.ts';
import { readOne, readPage, toQuery, type Page } from './read.ts';

const LARGEST_PAGE = 1000;

export type Subnet = {
  id: string;
  /** '' when nobody named it. */
  name: string;
  networkId: string;
  cidr: string;
  /** 4 or 6. */
  ipVersion: number;
  gateway: string | null;
  dhcp: boolean;
  dnsServers: string[];
  /** What ports get their addresses from; both ends are in it. */
  pools: { start: string; end: string }[];
  /** '' also where the cloud knows none. */
  description: string;
};

export type SubnetFilter = { networkId?: string; name?: string; limit?: number; marker?: string };

/** One page. GET /v2.0/subnets (ecs-api D.3). Throws CloudError. */
export async function listSubnets(cloud: Cloud, filter: SubnetFilter = {}): Promise<Page<Subnet>> {
  return readPage(cloud, listSubnetsRequest(filter), { name: 'subnets', parse: parseSubnet });
}

export function listSubnetsRequest({ networkId, name, limit = LARGEST_PAGE, marker }: SubnetFilter): CloudRequest {
  const query = toQuery({ network_id: networkId, name, limit, marker });
  return { service: 'network', method: 'GET', path: '/subnets', query };
}

/** GET /v2.0/subnets/{id} (ecs-api D.3). Throws CloudError, `not_found`. */
export async function showSubnet(cloud: Cloud, id: string): Promise<Subnet> {
  const request: CloudRequest = { service: 'network', method: 'GET', path: `/subnets/${segment(id)}` };
  return readOne(cloud, request, { name: 'subnet', parse: parseSubnet });
}

export type NewSubnet = {
  networkId: string;
  name: string;
  /** Checked before with `cidrProblem`. */
  cidr: string;
  /** Null: the cloud takes the range's first address. */
  gateway?: string | null;
  /** At most five; none: the cloud's own. */
  dnsServers?: string[];
  /** Ours: what made it, see `correlationNote`. Null: this cloud takes no descriptions. */
  correlation?: string | null;
};

/**
 * POST /v2.0/subnets (ecs-api D.3), with DHCP. Throws CloudError: `bad_request` for a bad or overlapping range, `quota`,
 * `conflict` where the network may have only one.
 */
export async function createSubnet(cloud: Cloud, order: NewSubnet): Promise<Subnet> {
  return readOne(cloud, createSubnetRequest(order), { name: 'subnet', parse: parseSubnet });
}

export function createSubnetRequest(order: NewSubnet): CloudRequest {
  const { networkId, name, cidr, gateway = null, dnsServers = [], correlation = null } = order;
  const subnet = {
    network_id: networkId,
    name,
    cidr,
    ip_version: parseCidr(cidr)?.version ?? 4,
    enable_dhcp: true,
    ...(gateway !== null && { gateway_ip: gateway }),
    ...(dnsServers.length > 0 && { dns_nameservers: dnsServers }),
    ...descriptionOf(correlation),
  };
  return { service: 'network', method: 'POST', path: '/subnets', body: { subnet } };
}

/** DELETE /v2.0/subnets/{id} (ecs-api D.3). Throws CloudError, `conflict` while ports have addresses of it. */
export async function deleteSubnet(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(deleteSubnetRequest(id)));
}

export function deleteSubnetRequest(id: string): CloudRequest {
  return { service: 'network', method: 'DELETE', path: `/subnets/${segment(id)}` };
}

/** Null only for a record that cannot be told apart or has no range. */
function parseSubnet(value: unknown): Subnet | null {
  const wire = object(value);
  const [id, networkId, cidr] = [text(wire['id']), text(wire['network_id']), text(wire['cidr'])];
  if (id === null || networkId === null || cidr === null) return null;
  return {
    id,
    name: text(wire['name']) ?? '',
    networkId,
    cidr,
    ipVersion: number(wire['ip_version']) ?? 4,
    gateway: text(wire['gateway_ip']),
    dhcp: boolean(wire['enable_dhcp']) ?? true,
    dnsServers: texts(wire['dns_nameservers']),
    pools: list(wire['allocation_pools']).flatMap(parsePool),
    description: text(wire['description']) ?? '',
  };
}

function parsePool(value: unknown): Subnet['pools'] {
  const [start, end] = [text(object(value)['start']), text(object(value)['end'])];
  return start === null || end === null ? [] : [{ start, end }];
}
