// The NICs of a server. Attaching waits for the host, so it can take longer than anybody's time limit.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { isAmbiguous } from './errors.ts';
import { object, text } from './json.ts';
import { segment } from './path.ts';
import { parseFixedIps, type PortAddress } from './ports.ts';
import { readList, readOne } from './read.ts';

/** The call is synchronous and waits for the compute host: more than 30 s is ordinary. */
const ATTACH_TIMEOUT_MS = 120_000;

export type Interface = {
  portId: string;
  networkId: string | null;
  mac: string | null;
  /** Neutron's word for the port: often `DOWN` or `BUILD` at first, then `ACTIVE`. */
  state: string;
  addresses: PortAddress[];
};

/** GET /servers/{id}/os-interface (ecs-api B.14). Throws CloudError. */
export async function listInterfaces(cloud: Cloud, serverId: string): Promise<Interface[]> {
  const answer = await cloud.call({ service: 'compute', method: 'GET', path: interfacesOf(serverId) });
  return readList(object(answer.body)['interfaceAttachments'], parseInterface);
}

/** A port made before, or a network on which Nova makes one (and deletes it when detached). */
export type NewInterface = { portId: string } | { networkId: string; address?: string };

/**
 * POST /servers/{id}/os-interface (ecs-api B.14). When the answer is lost and a port was named, it looks whether the server
 * has it by now. Throws CloudError: `conflict` for a port or address in use and for the server's state, `quota`,
 * `not_found`, also for a port that another server got at the same instant; after an ambiguous one look with
 * `listInterfaces` before trying again.
 */
export async function attachInterface(cloud: Cloud, serverId: string, order: NewInterface): Promise<Interface> {
  try {
    const request = attachInterfaceRequest(serverId, order);
    return await readOne(cloud, request, { name: 'interfaceAttachment', parse: parseInterface });
  } catch (error) {
    if (!isAmbiguous(error) || !('portId' in order)) throw error;
    const present = await listInterfaces(cloud, serverId).catch(() => []);
    const attached = present.find(({ portId }) => portId === order.portId);
    if (attached === undefined) throw error;
    return attached;
  }
}

export function attachInterfaceRequest(serverId: string, order: NewInterface): CloudRequest {
  const interfaceAttachment =
    'portId' in order
      ? { port_id: order.portId }
      : {
          net_id: order.networkId,
          // Only one: OTC reads no further.
          ...(order.address !== undefined && { fixed_ips: [{ ip_address: order.address }] }),
        };
  return {
    service: 'compute',
    method: 'POST',
    path: interfacesOf(serverId),
    body: { interfaceAttachment },
    timeoutMs: ATTACH_TIMEOUT_MS,
  };
}

/**
 * DELETE /servers/{id}/os-interface/{port id} (ecs-api B.14). Done when `listInterfaces` shows it no more. Throws CloudError:
 * `conflict` for the server's state, `forbidden` for OTC's primary NIC, `not_found` when it is not there.
 */
export async function detachInterface(cloud: Cloud, serverId: string, portId: string): Promise<Accepted> {
  return accepted(await cloud.call(detachInterfaceRequest(serverId, portId)));
}

export function detachInterfaceRequest(serverId: string, portId: string): CloudRequest {
  return { service: 'compute', method: 'DELETE', path: `${interfacesOf(serverId)}/${segment(portId)}` };
}

function interfacesOf(serverId: string): string {
  return `/servers/${segment(serverId)}/os-interface`;
}

/** Null only for a record without a port. */
function parseInterface(value: unknown): Interface | null {
  const wire = object(value);
  const portId = text(wire['port_id']);
  if (portId === null) return null;
  return {
    portId,
    networkId: text(wire['net_id']),
    mac: text(wire['mac_addr']),
    state: text(wire['port_state'])?.toUpperCase() ?? 'UNKNOWN',
    addresses: parseFixedIps(wire['fixed_ips']),
  };
}
