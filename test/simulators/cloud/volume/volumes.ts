// Volumes: list, show, create, delete, with Cinder's checks.

import { randomUUID } from 'node:crypto';

import { isAdmin } from '../compute/caller.ts';
import { plain } from '../compute/schema.ts';
import { naiveTime } from '../compute/times.ts';
import { isRecord, type Answer } from '../exchange.ts';
import { bodyOf, hasRole, hrefAfter, sliceAfter, type ServiceCall } from '../resource-service.ts';
import type { SimVolume } from '../stock/model.ts';
import { cinderRefusal, invalidSize, overQuota, policyRefusal, volumeNotFound } from './errors.ts';
import { beginCreation, beginDeletion } from './changes.ts';
import { volumeUsageOf } from './usage.ts';

const CAP = 1000;

/** GET /volumes/detail, newest first. Unknown filters are passed over. */
export function getVolumes(call: ServiceCall): Answer {
  requireRole(call, 'reader', 'volume:get_all');
  const { query } = call.exchange;
  const marker = query.get('marker');
  if (marker !== null) requireVolume(call, marker);
  const limit = limitOf(query.get('limit'));
  const fits = (volume: SimVolume): boolean =>
    [...query].every(([name, value]) => filterOf(volume)[name] === undefined || filterOf(volume)[name] === value);
  const visible = [...call.core.world.stock.volumes.values()].filter((volume) => volume.projectId === call.projectId);
  const items = sliceAfter(visible.filter(fits).toReversed(), marker, limit);
  const last = items.at(-1);
  const more = last !== undefined && items.length === limit;
  const links = more ? { volumes_links: [{ rel: 'next', href: hrefAfter(call, baseOf(call), last.id) }] } : {};
  return { status: 200, body: { volumes: items.map((volume) => volumeView(call, volume)), ...links } };
}

function filterOf(volume: SimVolume): Record<string, string> {
  return { name: volume.name, status: volume.status, availability_zone: volume.zone };
}

function limitOf(text: string | null): number {
  if (text === null) return CAP;
  if (!/^\d+$/.test(text)) throw cinderRefusal(400, 'limit param must be an integer');
  return Math.min(Number(text), CAP);
}

/** GET /volumes/{id} */
export function getVolume(call: ServiceCall, id: string): Answer {
  requireRole(call, 'reader', 'volume:get');
  return { status: 200, body: { volume: volumeView(call, requireVolume(call, id)) } };
}

/** POST /volumes */
export function postVolume(call: ServiceCall): Answer {
  const body = bodyOf(call, 'volume');
  if (body === null) throw cinderRefusal(400, "Missing required element 'volume' in request body.");
  const sizeGiB = sizeOf(body);
  const name = nameOf(body['name']);
  requireRole(call, 'member', 'volume:create');
  const type = typeOf(call, body['volume_type']);
  const zone = zoneOf(call, body['availability_zone']);
  requireQuota(call, sizeGiB);
  const { stock } = call.core.world;
  const seed = { id: randomUUID(), name, project: call.projectId, user: call.caller.userId, sizeGiB, type, zone };
  const volume = stock.addVolume({ ...seed, status: 'creating' });
  volume.createdAt = call.core.timeline.now();
  volume.metadata = isRecord(body['metadata']) ? (body['metadata'] as Record<string, string>) : {};
  beginCreation(call.core, volume);
  return { status: 202, body: { volume: volumeView(call, volume) } };
}

function nameOf(written: unknown): string {
  const name = typeof written === 'string' ? written : '';
  if (name.length <= 255) return name;
  throw cinderRefusal(400, `Invalid input for field/attribute name. Value: ${name}. '${name}' is too long`);
}

function sizeOf(body: Record<string, unknown>): number {
  const { size } = body;
  const malformed = 'since it is either malformed or otherwise incorrect.';
  if (size === undefined) throw cinderRefusal(400, `The server could not comply with the request ${malformed}`);
  if (typeof size === 'string' && !/^[0-9]+$/.test(size)) {
    throw invalidSize(size, `'${size}' does not match '^[0-9]+$'`);
  }
  if (!Number.isInteger(Number(size)))
    throw invalidSize(size, `${plain(size)} is not of type 'integer', 'string', 'null'`);
  if (Number(size) < 1) throw invalidSize(size, `${plain(size)} is less than the minimum of 1`);
  return Number(size);
}

function typeOf({ core }: ServiceCall, wanted: unknown): string {
  const types = core.world.stock.volumeTypes;
  const type = wanted === undefined ? types[0] : types.find(({ id, name }) => name === wanted || id === wanted);
  if (type === undefined) throw cinderRefusal(404, `Volume type with name ${String(wanted)} could not be found.`);
  return type.name;
}

/** OTC and Huawei must be told; elsewhere there is a default. */
function zoneOf({ core }: ServiceCall, wanted: unknown): string {
  const { zones } = core.world.stock;
  if (wanted === undefined && core.settings.mode === 'openstack') return zones[0] ?? 'nova';
  if (typeof wanted === 'string' && zones.includes(wanted)) return wanted;
  throw cinderRefusal(400, `Availability zone '${String(wanted)}' is invalid.`);
}

function requireQuota(call: ServiceCall, sizeGiB: number): void {
  const { quota } = call.core.world.project(call.projectId);
  const used = volumeUsageOf(call.core, call.projectId);
  if (quota.gigabytes !== -1 && used.gigabytes + sizeGiB > quota.gigabytes) {
    const numbers = `Requested ${sizeGiB}G, quota is ${quota.gigabytes}G and ${used.gigabytes}G has been consumed.`;
    const message = `Requested volume or snapshot exceeds allowed gigabytes quota. ${numbers}`;
    throw overQuota(call, `VolumeSizeExceedsAvailableQuota: ${message}`);
  }
  if (quota.volumes !== -1 && used.volumes >= quota.volumes) {
    const message = `Maximum number of volumes allowed (${quota.volumes}) exceeded for quota 'volumes'.`;
    throw overQuota(call, `VolumeLimitExceeded: ${message}`);
  }
}

const DELETABLE = new Set(['available', 'error', 'error_restoring', 'error_extending', 'error_managing']);

/** DELETE /volumes/{id} */
export function deleteVolume(call: ServiceCall, id: string): Answer {
  const volume = requireVolume(call, id);
  requireRole(call, 'member', 'volume:delete');
  if (!DELETABLE.has(volume.status) || volume.attachment !== null) {
    const words = [...DELETABLE].join(' or ');
    throw cinderRefusal(
      400,
      `Invalid volume: Volume status must be ${words} and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
    );
  }
  beginDeletion(call.core, volume);
  return { status: 202 };
}

/** Somebody else's is 404, not 403. */
function requireVolume({ core, caller, projectId }: ServiceCall, id: string): SimVolume {
  const volume = core.world.stock.volumes.get(id);
  if (volume === undefined || (volume.projectId !== projectId && !isAdmin(caller))) throw volumeNotFound(id);
  return volume;
}

function requireRole(call: ServiceCall, role: 'reader' | 'member', rule: string): void {
  if (!hasRole(call, role)) throw policyRefusal(rule);
}

function baseOf({ core, projectId }: ServiceCall): string {
  const origin = core.settings.mode === 'openstack' ? core.baseUrl() : 'https://None';
  return `${origin}/volume/v3/${projectId}`;
}

function volumeView(call: ServiceCall, volume: SimVolume): Record<string, unknown> {
  const self = `${baseOf(call)}/volumes/${volume.id}`;
  const image = volume.imageId === null ? {} : { volume_image_metadata: { image_id: volume.imageId } };
  return {
    id: volume.id,
    status: volume.status,
    size: volume.sizeGiB,
    availability_zone: volume.zone,
    created_at: naiveTime(volume.createdAt),
    updated_at: naiveTime(volume.updatedAt),
    name: volume.name,
    description: null,
    volume_type: volume.type,
    snapshot_id: null,
    source_volid: null,
    metadata: volume.metadata,
    links: [
      { rel: 'self', href: self },
      { rel: 'bookmark', href: self.replace('/v3', '') },
    ],
    user_id: volume.userId,
    // Really words, not booleans.
    bootable: String(volume.bootable),
    encrypted: false,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: false,
    attachments: attachmentsView(volume),
    'os-vol-tenant-attr:tenant_id': volume.projectId,
    ...image,
  };
}

function attachmentsView({ id, attachment }: SimVolume): unknown[] {
  if (attachment === null || attachment.at === null) return [];
  return [
    {
      id,
      attachment_id: attachment.id,
      volume_id: id,
      server_id: attachment.serverId,
      host_name: null,
      device: attachment.device,
      attached_at: naiveTime(attachment.at),
    },
  ];
}
