// Volumes: disks that live apart from servers (Cinder, EVS).
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { correlationMetadata, isMadeBy } from './correlation.ts';
import { boolean, instant, list, number, object, stringMap, text } from './json.ts';
import { toAllowance, type Allowance } from './limits.ts';
import { segment } from './path.ts';
import { readList, readOne, readPage, toQuery, type Page } from './read.ts';

/** EVS's cap, and Cinder's. */
const LARGEST_PAGE = 1000;

/** Times are ms since the epoch. */
export type Volume = {
  id: string;
  /** '' when nobody named it. */
  name: string;
  /** Cinder's word, lower case, e.g. `creating`, `available`, `attaching`, `in-use`, `error`; may be one we do not know. */
  status: string;
  sizeGiB: number;
  type: string | null;
  zone: string | null;
  bootable: boolean;
  encrypted: boolean;
  /** Whether several servers may have it at once. */
  shareable: boolean;
  attachments: { serverId: string; device: string | null; attachedAt: number | null }[];
  description: string | null;
  /** The image it was made from. */
  imageId: string | null;
  createdAt: number | null;
  updatedAt: number | null;
  metadata: Record<string, string>;
};

export type VolumeFilter = {
  /** The whole name, exactly. */
  name?: string;
  status?: string;
  /** At most 1000. */
  limit?: number;
  /** Id of the last volume seen. */
  marker?: string;
};

/** One page. GET /volumes/detail (ecs-api D.1). Throws CloudError. */
export async function listVolumes(cloud: Cloud, filter: VolumeFilter = {}): Promise<Page<Volume>> {
  return readPage(cloud, listVolumesRequest(filter), { name: 'volumes', parse: parseVolume });
}

export function listVolumesRequest({ name, status, limit = LARGEST_PAGE, marker }: VolumeFilter): CloudRequest {
  const query = toQuery({ name, status, limit, marker });
  return { service: 'volume', method: 'GET', path: '/volumes/detail', query };
}

/** GET /volumes/{id} (ecs-api D.1). Throws CloudError, `not_found` also for those of other projects. */
export async function showVolume(cloud: Cloud, id: string): Promise<Volume> {
  const request: CloudRequest = { service: 'volume', method: 'GET', path: `/volumes/${segment(id)}` };
  return readOne(cloud, request, { name: 'volume', parse: parseVolume });
}

export type NewVolume = {
  name: string;
  sizeGiB: number;
  /** OTC and Huawei must be told; it must be the zone of the server it is for. */
  zone: string | null;
  type: string | null;
  /** Ours: the same for every try of the same order, another for every other order. */
  correlation: string;
};

/**
 * POST /volumes (ecs-api D.1); it is then `creating`, and becomes `available` or `error`. Throws CloudError: `quota`,
 * `bad_request` for an unknown type or zone; after an ambiguous one call `findCreatedVolume` before trying again.
 */
export async function createVolume(cloud: Cloud, order: NewVolume): Promise<Volume> {
  return readOne(cloud, createVolumeRequest(order), { name: 'volume', parse: parseVolume });
}

export function createVolumeRequest({ name, sizeGiB, zone, type, correlation }: NewVolume): CloudRequest {
  const volume = {
    name,
    size: sizeGiB,
    ...(zone !== null && { availability_zone: zone }),
    ...(type !== null && { volume_type: type }),
    metadata: correlationMetadata(correlation),
  };
  return { service: 'volume', method: 'POST', path: '/volumes', body: { volume } };
}

/** The volume that this order made, if the cloud shows one. GET /volumes/detail (ecs-api D.1). Throws CloudError. */
export async function findCreatedVolume(
  cloud: Cloud,
  order: Pick<NewVolume, 'name' | 'correlation'>,
): Promise<Volume | null> {
  const { items } = await listVolumes(cloud, { name: order.name });
  return items.find((volume) => isMadeBy(volume.metadata, order.correlation)) ?? null;
}

/**
 * DELETE /volumes/{id} (ecs-api D.1); it is then `deleting`. Throws CloudError: `bad_request` while it is attached or
 * busy, `not_found` once it is gone.
 */
export async function deleteVolume(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(deleteVolumeRequest(id)));
}

export function deleteVolumeRequest(id: string): CloudRequest {
  return { service: 'volume', method: 'DELETE', path: `/volumes/${segment(id)}` };
}

/** `zones`: where it is offered; null: everywhere, or the cloud does not say. */
export type VolumeType = { id: string; name: string; description: string | null; zones: string[] | null };

/** What Cinder takes where nobody has made a type; its own description forbids choosing it. */
const NO_TYPE = '__DEFAULT__';

/** Those that can be chosen. GET /types (ecs-api D.1). Throws CloudError. */
export async function listVolumeTypes(cloud: Cloud): Promise<VolumeType[]> {
  const answer = await cloud.call({ service: 'volume', method: 'GET', path: '/types' });
  return readList(object(answer.body)['volume_types'], parseVolumeType).filter(({ name }) => name !== NO_TYPE);
}

export type VolumeLimits = { volumes: Allowance; gigabytes: Allowance };

/** How much of the project's disk quota is used. GET /limits (ecs-api D.1). Throws CloudError. */
export async function showVolumeLimits(cloud: Cloud): Promise<VolumeLimits> {
  const answer = await cloud.call({ service: 'volume', method: 'GET', path: '/limits' });
  const absolute = object(object(object(answer.body)['limits'])['absolute']);
  return {
    volumes: toAllowance(absolute['totalVolumesUsed'], absolute['maxTotalVolumes']),
    gigabytes: toAllowance(absolute['totalGigabytesUsed'], absolute['maxTotalVolumeGigabytes']),
  };
}

/** Null only for a record without an id. */
function parseVolume(value: unknown): Volume | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? '',
    status: text(wire['status'])?.toLowerCase() ?? 'unknown',
    sizeGiB: number(wire['size']) ?? 0,
    type: text(wire['volume_type']),
    zone: text(wire['availability_zone']),
    bootable: boolean(wire['bootable']) ?? false,
    encrypted: boolean(wire['encrypted']) ?? false,
    shareable: boolean(wire['multiattach']) ?? false,
    attachments: list(wire['attachments']).flatMap(parseAttachment),
    description: text(wire['description']),
    imageId: text(object(wire['volume_image_metadata'])['image_id']),
    createdAt: instant(wire['created_at']),
    updatedAt: instant(wire['updated_at']),
    metadata: stringMap(wire['metadata']),
  };
}

function parseAttachment(value: unknown): Volume['attachments'] {
  const wire = object(value);
  const serverId = text(wire['server_id']);
  if (serverId === null) return [];
  return [{ serverId, device: text(wire['device']), attachedAt: instant(wire['attached_at']) }];
}

function parseVolumeType(value: unknown): VolumeType | null {
  const wire = object(value);
  const [id, name] = [text(wire['id']), text(wire['name'])];
  if (id === null || name === null) return null;
  const zones = text(object(wire['extra_specs'])['RESKEY:availability_zones']);
  return {
    id,
    name,
    description: text(wire['description']),
    zones: zones === null ? null : zones.split(',').map((zone) => zone.trim()),
  };
}
