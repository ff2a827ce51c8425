// Networks: list, show, create, delete, with Neutron's checks.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { isAdmin } from '../compute/caller.ts';
import { zuluTime } from '../compute/times.ts';
import type { Answer } from '../exchange.ts';
import { bodyOf, hasRole, type ServiceCall } from '../resource-service.ts';
import type { SimNetwork } from '../stock/model.ts';
import { badAttribute, neutronRefusal, notFound, overQuota, policyRefusal } from './errors.ts';
import { listAnswer } from './lists.ts';

const ATTRIBUTES = new Set(['name', 'admin_state_up', 'description', 'shared']);

export function getNetworks(call: ServiceCall): Answer {
  const visible = [...call.core.world.stock.networks.values()].filter((network) => isShown(call, network));
  return listAnswer(
    call,
    'networks',
    visible.map((network) => networkView(call, network)),
  );
}

export function getNetwork(call: ServiceCall, id: string): Answer {
  return { status: 200, body: { network: networkView(call, requireNetwork(call, id)) } };
}

export async function postNetwork(call: ServiceCall): Promise<Answer> {
  const body = requireBody(call, 'network', ATTRIBUTES);
  requireMember(call, 'create_network');
  const { stock } = call.core.world;
  const own = [...stock.networks.values()].filter(({ projectId }) => projectId === call.projectId);
  const { quota } = call.core.world.project(call.projectId);
  if (quota.networks !== -1 && own.length >= quota.networks) throw overQuota('network');
  // Whoever comes in between has counted the same, and nobody counts again: one too many may be made.
  await sleep(call.core.settings.raceWindowMs);
  const network: SimNetwork = {
    id: randomUUID(),
    name: typeof body['name'] === 'string' ? body['name'] : '',
    projectId: call.projectId,
    shared: false,
    external: false,
    description: descriptionIn(body),
    createdAt: call.core.timeline.now(),
  };
  stock.networks.set(network.id, network);
  return { status: 201, body: { network: networkView(call, network) } };
}

export function deleteNetwork(call: ServiceCall, id: string): Answer {
  const network = requireNetwork(call, id);
  requireMember(call, 'delete_network');
  const { stock } = call.core.world;
  const ports = [...stock.ports.values()].filter(({ networkId }) => networkId === id).map((port) => port.id);
  if (ports.length > 0) {
    const reason = `There are one or more ports still in use on the network, id for these ports is: ${ports.join(',')}.`;
    throw neutronRefusal(409, 'NetworkInUse', `Unable to complete operation on network ${id}. ${reason}`);
  }
  for (const subnet of stock.subnetsOf(id)) stock.subnets.delete(subnet.id);
  stock.networks.delete(network.id);
  return { status: 204 };
}

/** The object under `name`, with no attribute but these and a name of a length that fits; VPCs have no descriptions. */
export function requireBody(call: ServiceCall, name: string, known: Set<string>): Record<string, unknown> {
  const body = bodyOf(call, name);
  if (body === null) throw badAttribute(`Unable to find '${name}' in request body`);
  const takes = (attribute: string): boolean => attribute !== 'description' || call.core.settings.mode === 'openstack';
  const extra = Object.keys(body).filter((attribute) => !known.has(attribute) || !takes(attribute));
  if (extra.length > 0) throw badAttribute(`Unrecognized attribute(s) '${extra.join(', ')}'`);
  const named = body['name'];
  if (typeof named === 'string' && named.length > 255) {
    throw badAttribute(`Invalid input for name. Reason: '${named}' exceeds maximum length of 255.`);
  }
  return body;
}

export function descriptionIn({ description }: Record<string, unknown>): string {
  return typeof description === 'string' ? description : '';
}

export function requireMember(call: ServiceCall, rule: string): void {
  if (!hasRole(call, 'member')) throw policyRefusal(rule);
}

export function requireNetwork(call: ServiceCall, id: string): SimNetwork {
  const network = call.core.world.stock.networks.get(id);
  if (network === undefined || !isShown(call, network)) throw notFound('Network', id);
  return network;
}

export function isShown(call: Pick<ServiceCall, 'caller' | 'projectId'>, network: SimNetwork): boolean {
  return network.projectId === call.projectId || network.shared || network.external || isAdmin(call.caller);
}

function networkView({ core }: ServiceCall, network: SimNetwork): { id: string } & Record<string, unknown> {
  return {
    id: network.id,
    name: network.name,
    tenant_id: network.projectId,
    admin_state_up: true,
    mtu: network.external ? 1500 : 1450,
    status: 'ACTIVE',
    subnets: core.world.stock.subnetsOf(network.id).map(({ id }) => id),
    shared: network.shared,
    availability_zone_hints: [],
    availability_zones: [],
    ipv4_address_scope: null,
    ipv6_address_scope: null,
    'router:external': network.external,
    description: network.description,
    port_security_enabled: true,
    is_default: false,
    tags: [],
    created_at: zuluTime(network.createdAt),
    updated_at: zuluTime(network.createdAt),
    revision_number: 1,
    project_id: network.projectId,
  };
}
