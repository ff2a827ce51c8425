// os-volume_attachments: which disks a server has, and giving and taking them.

import { randomUUID } from 'node:crypto';

import type { Answer } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { uuidFrom } from '../stock/ids.ts';
import type { SimVolume } from '../stock/model.ts';
import { beginAttachment, beginDetachment } from '../volume/changes.ts';
import { begin, requireState, requireUnlocked } from './actions.ts';
import { requireBody, requireFields, requireUuid } from './bodies.ts';
import { requireRole, requireServer, type ComputeCall } from './caller.ts';
import { novaRefusal, unexpected } from './errors.ts';
import { invalidField } from './schema.ts';

/** GET /servers/{id}/os-volume_attachments */
export function getAttachments(call: ComputeCall, serverId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'reader', 'os-volumes-attachments:index');
  const volumes = call.core.world.stock.volumesOf(server.id);
  return { status: 200, body: { volumeAttachments: volumes.map((volume) => attachmentView(call, volume)) } };
}

/** GET /servers/{id}/os-volume_attachments/{volume id} */
export function getAttachment(call: ComputeCall, serverId: string, volumeId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'reader', 'os-volumes-attachments:show');
  return { status: 200, body: { volumeAttachment: attachmentView(call, requireAttached(call, server, volumeId)) } };
}

const ATTACHABLE = { name: 'attach_volume', vmStates: ['active', 'paused', 'stopped', 'resized', 'soft-delete'] };

/** POST /servers/{id}/os-volume_attachments */
export function postAttachment(call: ComputeCall, serverId: string): Answer {
  const order = readOrder(call);
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'os-volumes-attachments:create');
  requireUnlocked(call, server);
  requireState(server, ATTACHABLE);
  const volume = requireFreeVolume(call, server, order.volumeId);
  const device = deviceFor(call, server, order.device);
  begin(call, server, 'attach_volume');
  volume.deleteWithServer = order.deleteWithServer;
  beginAttachment(call.core, volume, { id: randomUUID(), serverId: server.id, device, isRoot: false });
  server.volumeIds = [...server.volumeIds, volume.id];
  if (call.version >= 101) return { status: 202 };
  return { status: 200, body: { volumeAttachment: answerView(call, volume) } };
}

type Order = { volumeId: string; device: string | null; deleteWithServer: boolean };

function readOrder(call: ComputeCall): Order {
  const body = requireBody(call, 'volumeAttachment');
  const since49 = call.version >= 49 ? ['tag'] : [];
  const since79 = call.version >= 79 ? ['delete_on_termination'] : [];
  requireFields('volumeAttachment', body, {
    required: ['volumeId'],
    allowed: ['volumeId', 'device', ...since49, ...since79],
  });
  const volumeId = requireUuid('volumeId', body['volumeId']);
  const device = typeof body['device'] === 'string' ? body['device'] : null;
  if (device !== null && !/^\/dev\/x?[a-z]?d?[a-z]+[0-9]*$/.test(device)) {
    const pattern = String.raw`(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$`;
    throw invalidField('device', device, `'${device}' does not match '${pattern}'`);
  }
  return { volumeId, device, deleteWithServer: body['delete_on_termination'] === true };
}

function requireFreeVolume(call: ComputeCall, server: SimServer, id: string): SimVolume {
  const { core, caller, exchange } = call;
  if (core.down.has('volume')) throw unexpected('nova.exception.CinderConnectionFailed');
  const volume = core.world.stock.volumes.get(id);
  if (volume === undefined || volume.projectId !== caller.projectId) {
    throw novaRefusal(404, `Volume ${id} could not be found.`);
  }
  const invalid = (reason: string): never => {
    throw novaRefusal(400, `Invalid volume: ${reason}`);
  };
  if (volume.attachment !== null) {
    invalid(`volume ${id} is already attached to instances: ${volume.attachment.serverId}`);
  }
  if (core.settings.mode !== 'openstack' && volume.zone !== server.zone) {
    const where = `Instance is in ${server.zone}. Volume is in ${volume.zone}`;
    invalid(`Instance ${server.id} and volume ${id} are not in the same availability_zone. ${where}`);
  }
  if (volume.status !== 'available') {
    const reason = volume.status.includes('error')
      ? `Volume attachments can not be created if the volume is in an error state. The Volume ${id} currently has a status of: ${volume.status} `
      : `Volume ${id} status must be available or downloading to reserve, but the current status is ${volume.status}.`;
    const cause = `Invalid volume: ${reason} (HTTP 400) (Request-ID: ${exchange.requestId})`;
    throw novaRefusal(400, `Invalid input received: ${cause}`);
  }
  return volume;
}

/** A wish on plain OpenStack; the commercial clouds go by the order of attaching. */
function deviceFor({ core }: ComputeCall, server: SimServer, wanted: string | null): string {
  const taken = new Set(core.world.stock.volumesOf(server.id).map(({ attachment }) => attachment?.device));
  if (wanted !== null && core.settings.mode === 'openstack') {
    if (taken.has(wanted)) throw novaRefusal(409, `The supplied device path (${wanted}) is in use.`);
    return wanted;
  }
  const free = Array.from({ length: 25 }, (_, index) => `/dev/vd${String.fromCodePoint(98 + index)}`).find(
    (device) => !taken.has(device),
  );
  if (free === undefined)
    throw novaRefusal(403, 'The maximum allowed number of disk devices (26) to attach is exceeded.');
  return free;
}

const DETACHABLE = {
  name: 'detach_volume',
  vmStates: ['active', 'paused', 'stopped', 'suspended', 'resized', 'soft-delete'],
};

/** DELETE /servers/{id}/os-volume_attachments/{volume id} */
export function deleteAttachment(call: ComputeCall, serverId: string, volumeId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'os-volumes-attachments:delete');
  if (call.core.down.has('volume')) throw unexpected('nova.exception.CinderConnectionFailed');
  const volume = requireAttached(call, server, volumeId);
  if (volume.attachment?.isRoot === true) throw novaRefusal(400, 'Cannot detach a root device volume');
  requireUnlocked(call, server);
  requireState(server, DETACHABLE);
  if (volume.status !== 'in-use') {
    const reason =
      "Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.";
    const cause = `Invalid volume: ${reason} (HTTP 400) (Request-ID: ${call.exchange.requestId})`;
    throw novaRefusal(400, `Invalid volume: Invalid input received: ${cause}`);
  }
  begin(call, server, 'detach_volume');
  beginDetachment(call.core, volume);
  return { status: 202 };
}

function requireAttached({ core, caller }: ComputeCall, server: SimServer, id: string): SimVolume {
  const volume = core.world.stock.volumes.get(id);
  if (volume === undefined || volume.projectId !== caller.projectId) {
    throw novaRefusal(404, `Volume ${id} could not be found.`);
  }
  if (volume.attachment?.serverId === server.id) return volume;
  throw novaRefusal(404, `Instance ${server.id} is not attached to volume ${id}`);
}

function attachmentView(call: ComputeCall, volume: SimVolume): Record<string, unknown> {
  const { id: _id, ...later } = answerView(call, volume);
  if (call.version < 89) return answerView(call, volume);
  return { ...later, attachment_id: volume.attachment?.id, bdm_uuid: uuidFrom(`bdm ${volume.id}`) };
}

function answerView(
  { version }: ComputeCall,
  { id, attachment, deleteWithServer }: SimVolume,
): Record<string, unknown> {
  return {
    id,
    volumeId: id,
    serverId: attachment?.serverId,
    device: attachment?.device,
    ...(version >= 70 ? { tag: null } : {}),
    ...(version >= 79 ? { delete_on_termination: deleteWithServer } : {}),
  };
}
