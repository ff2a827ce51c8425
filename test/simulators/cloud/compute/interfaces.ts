// os-interface: a server's NICs. What Nova leaves to its hosts comes back as a 500, whoever's mistake it was.

import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer } from '../exchange.ts';
import { Refusal, isRecord } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { allocate, fixedIpsView } from '../network/ports.ts';
import type { SimNetwork, SimPort } from '../stock/model.ts';
import { begin, requireState, requireUnlocked } from './actions.ts';
import { requireBody, requireFields } from './bodies.ts';
import { requireRole, requireServer, type ComputeCall } from './caller.ts';
import { novaRefusal, unexpected } from './errors.ts';
import { plug, unplug } from './nics.ts';
import { plan } from './transitions.ts';

const CONNECT_FAILURE = 'keystoneauth1.exceptions.connection.ConnectFailure';

/** GET /servers/{id}/os-interface */
export function getInterfaces(call: ComputeCall, serverId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'reader', 'os-attach-interfaces:list');
  if (call.core.down.has('network')) throw unexpected(CONNECT_FAILURE);
  const ports = call.core.world.stock.portsOf(server.id);
  return { status: 200, body: { interfaceAttachments: ports.map(interfaceView) } };
}

/** GET /servers/{id}/os-interface/{port id} */
export function getInterface(call: ComputeCall, serverId: string, portId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'reader', 'os-attach-interfaces:show');
  const port = call.core.world.stock.portsOf(server.id).find(({ id }) => id === portId);
  if (port === undefined) throw novaRefusal(404, `Instance ${serverId} does not have a port with id ${portId}`);
  return { status: 200, body: { interfaceAttachment: interfaceView(port) } };
}

const VM_STATES = ['active', 'paused', 'stopped'];

/** POST /servers/{id}/os-interface */
export async function postInterface(call: ComputeCall, serverId: string): Promise<Answer> {
  const order = readOrder(call);
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'os-attach-interfaces:create');
  requireUnlocked(call, server);
  requireState(server, { name: 'attach_interface', vmStates: VM_STATES });
  if (call.core.down.has('network')) throw unexpected(CONNECT_FAILURE);
  const port = order.portId === null ? makePort(call, order) : await takePort(call, server, order.portId);
  const change = begin(call, server, 'attach_interface');
  plug(call.core, server, port);
  const answer = { status: 200, body: { interfaceAttachment: interfaceView(port) } };
  plan(change, [{ pace: 'attachMs', run: () => Object.assign(port, { status: 'ACTIVE' }) }]);
  return answer;
}

type Order = { portId: string | null; networkId: string | null; address: string | null };

function readOrder(call: ComputeCall): Order {
  const body = requireBody(call, 'interfaceAttachment');
  const tag = call.version >= 49 ? ['tag'] : [];
  requireFields('interfaceAttachment', body, { required: [], allowed: ['port_id', 'net_id', 'fixed_ips', ...tag] });
  const [first] = Array.isArray(body['fixed_ips']) ? (body['fixed_ips'] as unknown[]) : [];
  const order = {
    portId: wordOrNull(body['port_id']),
    networkId: wordOrNull(body['net_id']),
    address: isRecord(first) ? wordOrNull(first['ip_address']) : null,
  };
  if (order.portId !== null && order.networkId !== null) {
    throw novaRefusal(400, 'Must not input both network_id and port_id');
  }
  if (order.address !== null && order.networkId === null) {
    throw novaRefusal(400, 'Must input network_id when request IP address');
  }
  return order;
}

function wordOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Of two servers that both found it free, the late one looks for it in vain. */
async function takePort(call: ComputeCall, server: SimServer, id: string): Promise<SimPort> {
  const port = requireFreePort(call, id);
  await sleep(call.core.settings.raceWindowMs);
  if (port.deviceId === '') return port;
  if (port.deviceId === server.id) throw inUse(id);
  throw novaRefusal(404, `Instance ${server.id} does not have a port with id ${id}`);
}

function inUse(id: string): Refusal {
  return novaRefusal(409, `Port ${id} is still in use.`);
}

function requireFreePort({ core, caller }: ComputeCall, id: string): SimPort {
  const port = core.world.stock.ports.get(id);
  if (port === undefined || port.projectId !== caller.projectId) {
    throw novaRefusal(404, `Port id ${id} could not be found.`);
  }
  if (port.deviceId !== '') throw inUse(id);
  return port;
}

function makePort(call: ComputeCall, order: Order): SimPort {
  const { core } = call;
  const projectId = call.caller.projectId ?? '';
  const network = findNetwork(call, order.networkId);
  const quota = core.world.project(projectId).quota.ports;
  const own = [...core.world.stock.ports.values()].filter((port) => port.projectId === projectId);
  if (quota !== -1 && own.length >= quota) throw novaRefusal(403, 'Maximum number of ports exceeded');
  const fixedIps = [takeAddress(call, network.id, order.address)];
  return core.world.stock.addPort({ networkId: network.id, projectId, fixedIps, madeByNova: true });
}

/** Without a name the project's only one. An unknown one is found out on the host. */
function findNetwork({ core, caller }: ComputeCall, id: string | null): SimNetwork {
  const networks = [...core.world.stock.networks.values()];
  const usable = networks.filter(
    ({ projectId, shared, external }) => (projectId === caller.projectId || shared) && !external,
  );
  if (id === null && usable.length > 1) {
    throw novaRefusal(400, 'Multiple possible networks found, use a Network ID to be more specific.');
  }
  const network = id === null ? usable[0] : usable.find((one) => one.id === id);
  if (network === undefined) throw unexpected('oslo_messaging.rpc.client.RemoteError');
  return network;
}

function takeAddress(call: ComputeCall, networkId: string, address: string | null): SimPort['fixedIps'][number] {
  try {
    return allocate(call, networkId, address === null ? {} : { address });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status } = error.answer;
    if (status === 409 && address !== null) throw novaRefusal(409, `Fixed IP ${address} is already in use.`);
    if (status === 409) throw novaRefusal(400, `No fixed IP addresses available for network: ${networkId}`);
    throw unexpected('nova.exception_Remote.InvalidInput_Remote');
  }
}

/** DELETE /servers/{id}/os-interface/{port id}: accepted for any port, and quietly without effect for another's. */
export function deleteInterface(call: ComputeCall, serverId: string, portId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'os-attach-interfaces:delete');
  requireUnlocked(call, server);
  requireState(server, { name: 'detach_interface', vmStates: VM_STATES });
  const { stock } = call.core.world;
  const ports = stock.portsOf(server.id);
  requireSecondary(call, ports, portId);
  const port = ports.find(({ id }) => id === portId);
  const change = begin(call, server, 'detach_interface');
  if (port === undefined) return { status: 202 };
  const run = (): void => {
    unplug(call.core, port);
    stock.releasePort(port);
  };
  plan(change, [{ pace: 'detachMs', run }]);
  return { status: 202 };
}

/** The commercial clouds keep the first one. */
function requireSecondary({ core }: ComputeCall, ports: SimPort[], portId: string): void {
  if (core.settings.mode === 'openstack' || ports[0]?.id !== portId) return;
  throw novaRefusal(403, `The primary port ${portId} cannot be detached.`);
}

function interfaceView(port: SimPort): Record<string, unknown> {
  return {
    net_id: port.networkId,
    port_id: port.id,
    mac_addr: port.mac,
    port_state: port.status,
    fixed_ips: fixedIpsView(port),
  };
}

/** NICs as a new server is given them: its own ports, and one on each network named. */
export function plugNew(call: ComputeCall, server: SimServer, nics: Nic[]): void {
  for (const nic of nics) {
    const port = 'portId' in nic ? requireFreePort(call, nic.portId) : makePort(call, { ...nic, portId: null });
    plug(call.core, server, port);
    port.status = 'ACTIVE';
  }
}

export type Nic = { portId: string } | { networkId: string; address: string | null };
