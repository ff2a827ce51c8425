// Networks: what NICs are plugged into (Neutron, VPC).
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { descriptionOf } from './correlation.ts';
import { isCloudError } from './errors.ts';
import { boolean, number, object, text, texts } from './json.ts';
import { toAllowance, type Allowance } from './limits.ts';
import { segment } from './path.ts';
import { readOne, readPage, toQuery, type Page } from './read.ts';

const LARGEST_PAGE = 1000;

export type Network = {
  id: string;
  /** '' when nobody named it. */
  name: string;
  /** Neutron's word, e.g. `ACTIVE`, `DOWN`. */
  status: string;
  subnetIds: string[];
  /** Offered to several projects. */
  shared: boolean;
  /** Leads outside: for floating addresses, not for NICs. */
  external: boolean;
  mtu: number | null;
  projectId: string | null;
  /** '' also where the cloud knows none. */
  description: string;
};

export type NetworkFilter = {
  /** The whole name, exactly. */
  name?: string;
  external?: boolean;
  limit?: number;
  /** Id of the last network seen. */
  marker?: string;
};

/** One page. GET /v2.0/networks (ecs-api D.3). Throws CloudError. */
export async function listNetworks(cloud: Cloud, filter: NetworkFilter = {}): Promise<Page<Network>> {
  return readPage(cloud, listNetworksRequest(filter), { name: 'networks', parse: parseNetwork });
}

export function listNetworksRequest({ name, external, limit = LARGEST_PAGE, marker }: NetworkFilter): CloudRequest {
  const query = toQuery({ name, 'router:external': external, limit, marker });
  return { service: 'network', method: 'GET', path: '/networks', query };
}

/** GET /v2.0/networks/{id} (ecs-api D.3). Throws CloudError, `not_found`. */
export async function showNetwork(cloud: Cloud, id: string): Promise<Network> {
  const request: CloudRequest = { service: 'network', method: 'GET', path: `/networks/${segment(id)}` };
  return readOne(cloud, request, { name: 'network', parse: parseNetwork });
}

export type NewNetwork = {
  name: string;
  /** Ours: what made it, see `correlationNote`. Null: this cloud takes no descriptions. */
  correlation?: string | null;
};

/** POST /v2.0/networks (ecs-api D.3). Names need not be unique. Throws CloudError, `quota`. */
export async function createNetwork(cloud: Cloud, name: string): Promise<Network> {
  return readOne(cloud, createNetworkRequest({ name }), { name: 'network', parse: parseNetwork });
}

export function createNetworkRequest({ name, correlation = null }: NewNetwork): CloudRequest {
  const network = { name, admin_state_up: true, ...descriptionOf(correlation) };
  return { service: 'network', method: 'POST', path: '/networks', body: { network } };
}

/** DELETE /v2.0/networks/{id} (ecs-api D.3). Throws CloudError, `conflict` while ports use it. */
export async function deleteNetwork(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(deleteNetworkRequest(id)));
}

export function deleteNetworkRequest(id: string): CloudRequest {
  return { service: 'network', method: 'DELETE', path: `/networks/${segment(id)}` };
}

export type NetworkLimits = { networks: Allowance; subnets: Allowance; ports: Allowance };

/**
 * GET /v2.0/quotas/{project id}/details.json, which tells what is used, or where that is unknown /v2.0/quotas/{project id}
 * (ecs-api D.3). Throws CloudError.
 */
export async function showNetworkLimits(cloud: Cloud): Promise<NetworkLimits> {
  const path = `/quotas/${segment(cloud.projectId)}`;
  const ask = async (detailed: string): Promise<unknown> =>
    (await cloud.call({ service: 'network', method: 'GET', path: `${path}${detailed}` })).body;
  const body = await ask('/details.json').catch(async (error: unknown) => {
    if (isCloudError(error, 'not_found')) return ask('');
    throw error;
  });
  const quota = object(object(body)['quota']);
  return {
    networks: parseQuota(quota['network']),
    subnets: parseQuota(quota['subnet']),
    ports: parseQuota(quota['port']),
  };
}

function parseQuota(value: unknown): Allowance {
  if (number(value) !== null) return toAllowance(null, value);
  return toAllowance(object(value)['used'], object(value)['limit']);
}

/** Null only for a record without an id. */
function parseNetwork(value: unknown): Network | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? '',
    status: text(wire['status'])?.toUpperCase() ?? 'UNKNOWN',
    subnetIds: texts(wire['subnets']),
    shared: boolean(wire['shared']) ?? false,
    external: boolean(wire['router:external']) ?? false,
    mtu: number(wire['mtu']),
    projectId: text(wire['project_id']) ?? text(wire['tenant_id']),
    description: text(wire['description']) ?? '',
  };
}
