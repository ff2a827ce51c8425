// What one step of an errand does, and the one cloud call it makes: the same function for sending, and for showing as a plan.
import { unreachable } from '../errors.ts';
import { attachVolumeRequest, detachVolumeRequest } from '../openstack/attachments.ts';
import type { CloudRequest } from '../openstack/cloud.ts';
import { attachInterfaceRequest, detachInterfaceRequest } from '../openstack/interfaces.ts';
import { createNetworkRequest, deleteNetworkRequest } from '../openstack/networks.ts';
import { createPortRequest, deletePortRequest } from '../openstack/ports.ts';
import { createSubnetRequest, deleteSubnetRequest } from '../openstack/subnets.ts';
import { createVolumeRequest, deleteVolumeRequest } from '../openstack/volumes.ts';

/** Something that exists, or what an earlier step of the same errand makes. */
export type Ref = { id: string; name: string } | { step: number };

export type Thing = 'disk' | 'network' | 'subnet' | 'port';

export type ServerRef = { id: string; name: string };

export type Task =
  | { kind: 'make_disk'; name: string; sizeGiB: number; type: string | null; zone: string | null; correlation: string }
  | { kind: 'attach_disk'; server: ServerRef; disk: Ref }
  | { kind: 'detach_disk'; server: ServerRef; disk: Ref }
  // `correlation` null: this cloud takes no descriptions, so that what we make there is known by its name alone.
  | { kind: 'make_network'; name: string; correlation: string | null }
  | { kind: 'make_subnet'; network: Ref; name: string; cidr: string; correlation: string | null }
  // Always a port of our own making: were Nova to make it, a call repeated after a lost answer could make two.
  | {
      kind: 'make_port';
      network: Ref;
      subnet: Ref | null;
      name: string;
      address: string | null;
      correlation: string | null;
    }
  | { kind: 'attach_port'; server: ServerRef; port: Ref }
  | { kind: 'detach_port'; server: ServerRef; port: Ref }
  | { kind: 'remove'; thing: Thing; it: Ref };

/** Pure. `idOf` may give a placeholder for what does not exist yet. */
export function requestOf(task: Task, idOf: (ref: Ref) => string): CloudRequest {
  switch (task.kind) {
    case 'make_disk':
      return createVolumeRequest(task);
    case 'attach_disk':
      return attachVolumeRequest(task.server.id, { volumeId: idOf(task.disk) });
    case 'detach_disk':
      return detachVolumeRequest(task.server.id, idOf(task.disk));
    case 'make_network':
      return createNetworkRequest(task);
    case 'make_subnet':
      return createSubnetRequest({ ...task, networkId: idOf(task.network) });
    case 'make_port':
      return createPortRequest({ ...task, networkId: idOf(task.network), subnetId: task.subnet && idOf(task.subnet) });
    case 'attach_port':
      return attachInterfaceRequest(task.server.id, { portId: idOf(task.port) });
    case 'detach_port':
      return detachInterfaceRequest(task.server.id, idOf(task.port));
    case 'remove':
      return removeRequest(task.thing, idOf(task.it));
    default:
      return unreachable(task);
  }
}

function removeRequest(thing: Thing, id: string): CloudRequest {
  switch (thing) {
    case 'disk':
      return deleteVolumeRequest(id);
    case 'network':
      return deleteNetworkRequest(id);
    case 'subnet':
      return deleteSubnetRequest(id);
    case 'port':
      return deletePortRequest(id);
    default:
      return unreachable(thing);
  }
}

/** The server whose state decides whether the call is taken; null for what lives apart from servers. */
export function serverOf(task: Task): ServerRef | null {
  return 'server' in task ? task.server : null;
}
