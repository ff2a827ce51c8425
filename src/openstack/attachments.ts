// Which disks a server has. Attaching and detaching go through Nova, and are done only when the volume says so.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { boolean, object, text } from './json.ts';
import { segment } from './path.ts';
import { readList } from './read.ts';

/** 2.79 adds whether the disk goes with the server; 2.89 drops `id`, which was the volume's anyway. */
export const ATTACHMENTS_VERSION = '2.89';

/** From 2.101 on the order is accepted without an answer, as it should be for what takes so long. */
export const ATTACH_VERSION = '2.101';

const KEEP_CHOICE_VERSION = '2.79';

export type Attachment = {
  volumeId: string;
  serverId: string;
  /** As the cloud named it, e.g. `/dev/vdb`; the guest may call it otherwise. */
  device: string | null;
  /** Null below microversion 2.79. */
  deleteWithServer: boolean | null;
};

/** GET /servers/{id}/os-volume_attachments (ecs-api B.13). Throws CloudError. */
export async function listAttachments(cloud: Cloud, serverId: string): Promise<Attachment[]> {
  const path = attachmentsOf(serverId);
  const answer = await cloud.call({
    service: 'compute',
    method: 'GET',
    path,
    microversion: { most: ATTACHMENTS_VERSION },
  });
  return readList(object(answer.body)['volumeAttachments'], (wire) => parseAttachment(wire, serverId));
}

/** 2.3 adds it to the server itself: for clouds whose list of attachments does not tell. */
const FATE_VERSION = { least: '2.3', most: '2.60' };

/**
 * Which disks go with the server, by volume id; what the cloud does not tell is left out. GET /servers/{id} (ecs-api B.3).
 * Throws CloudError, and `UserError` (`unsupported`) where the cloud is too old to tell.
 */
export async function showDiskFates(cloud: Cloud, serverId: string): Promise<Map<string, boolean>> {
  const path = `/servers/${segment(serverId)}`;
  const answer = await cloud.call({ service: 'compute', method: 'GET', path, microversion: FATE_VERSION });
  const attached = object(object(answer.body)['server'])['os-extended-volumes:volumes_attached'];
  const told = readList(attached, (wire): [string, boolean] | null => {
    const [id, goes] = [text(object(wire)['id']), boolean(object(wire)['delete_on_termination'])];
    return id === null || goes === null ? null : [id, goes];
  });
  return new Map(told);
}

export type NewAttachment = {
  volumeId: string;
  /** A wish, e.g. `/dev/sdb`: the cloud may rewrite or ignore it. */
  device?: string;
  /** Needs microversion 2.79; without it the disk outlives the server. */
  deleteWithServer?: boolean;
};

/** `device` as the cloud answered it; null from microversion 2.101 on: then the list of attachments tells. */
export type AttachAccepted = Accepted & { device: string | null };

/**
 * POST /servers/{id}/os-volume_attachments (ecs-api B.13); the volume goes from `attaching` to `in-use`, or back to
 * `available`, or to `error`. Throws CloudError: `bad_request` unless the volume is available and in the server's zone,
 * `conflict` for the server's state, `quota` for too many disks, `not_found`.
 */
export async function attachVolume(cloud: Cloud, serverId: string, order: NewAttachment): Promise<AttachAccepted> {
  const answer = await cloud.call(attachVolumeRequest(serverId, order));
  return { ...accepted(answer), device: text(object(object(answer.body)['volumeAttachment'])['device']) };
}

export function attachVolumeRequest(serverId: string, order: NewAttachment): CloudRequest {
  const { volumeId, device, deleteWithServer } = order;
  const volumeAttachment = {
    volumeId,
    ...(device !== undefined && { device }),
    ...(deleteWithServer === true && { delete_on_termination: true }),
  };
  return {
    service: 'compute',
    method: 'POST',
    path: attachmentsOf(serverId),
    body: { volumeAttachment },
    microversion: { most: ATTACH_VERSION, ...(deleteWithServer === true && { least: KEEP_CHOICE_VERSION }) },
  };
}

/**
 * DELETE /servers/{id}/os-volume_attachments/{volume id} (ecs-api B.13); the volume goes from `detaching` to `available`.
 * Throws CloudError: `bad_request` for the boot disk, `conflict` for the server's state, `not_found` when not attached.
 */
export async function detachVolume(cloud: Cloud, serverId: string, volumeId: string): Promise<Accepted> {
  return accepted(await cloud.call(detachVolumeRequest(serverId, volumeId)));
}

export function detachVolumeRequest(serverId: string, volumeId: string): CloudRequest {
  return { service: 'compute', method: 'DELETE', path: `${attachmentsOf(serverId)}/${segment(volumeId)}` };
}

function attachmentsOf(serverId: string): string {
  return `/servers/${segment(serverId)}/os-volume_attachments`;
}

function parseAttachment(value: unknown, serverId: string): Attachment | null {
  const wire = object(value);
  const volumeId = text(wire['volumeId']) ?? text(wire['id']);
  if (volumeId === null) return null;
  return {
    volumeId,
    serverId: text(wire['serverId']) ?? serverId,
    device: text(wire['device']),
    deleteWithServer: boolean(wire['delete_on_termination']),
  };
}
