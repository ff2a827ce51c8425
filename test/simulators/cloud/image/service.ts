// The image service: Glance v2, read only, with what IMS adds in the commercial modes.

import { isAdmin } from '../compute/caller.ts';
import { zuluTime } from '../compute/times.ts';
import type { Core } from '../core.ts';
import { Refusal, webobError, type Answer, type Exchange, type Route } from '../exchange.ts';
import { resourceService, sliceAfter, type ServiceCall } from '../resource-service.ts';
import type { SimImage } from '../stock/model.ts';

const ROUTES: Route<ServiceCall>[] = [
  { method: 'GET', path: '/images', handle: getImages },
  { method: 'GET', path: '/images/{id}', handle: (call, { id = '' }) => getImage(call, id) },
];

export function imageService(core: Core): (exchange: Exchange) => Promise<Answer> {
  return resourceService(core, { routes: ROUTES, locate });
}

function locate(path: string): string | null {
  return /^\/v2(\/.*)$/.exec(path)?.[1] ?? null;
}

const VISIBILITIES = ['public', 'private', 'shared', 'community', 'all'];

function getImages(call: ServiceCall): Answer {
  const { query } = call.exchange;
  const visibility = query.get('visibility');
  if (visibility !== null && !VISIBILITIES.includes(visibility)) {
    throw refusal(call, '400 Bad Request', `Invalid visibility value: ${visibility}`);
  }
  const marker = query.get('marker');
  if (marker !== null && find(call, marker) === null) throw unknown(call, marker, '400 Bad Request');
  const limit = limitOf(call);
  const fitting = [...call.core.world.stock.images.values()]
    .filter((image) => isShown(call, image) && fits(call, image))
    .toSorted((one, other) => other.createdAt - one.createdAt);
  const images = sliceAfter(fitting, marker, limit);
  const last = images.at(-1);
  const isFull = last !== undefined && images.length === limit;
  const next = isFull ? { next: `/v2/images?${withMarker(query, last.id)}` } : {};
  const first = `/v2/images${query.size === 0 ? '' : `?${query.toString()}`}`;
  return {
    status: 200,
    body: { images: images.map((image) => imageView(call, image)), first, ...next, schema: '/v2/schemas/images' },
  };
}

function withMarker(query: URLSearchParams, marker: string): string {
  const copy = new URLSearchParams(query);
  copy.set('marker', marker);
  return copy.toString();
}

function limitOf(call: ServiceCall): number {
  const text = call.exchange.query.get('limit');
  if (text === null) return 25;
  if (!/^\d+$/.test(text)) throw refusal(call, '400 Bad Request', 'limit param must be an integer');
  return Math.min(Number(text), 1000);
}

/** Community images only when asked for by that word or by `all`. */
function isShown({ caller, projectId, exchange }: ServiceCall, image: SimImage): boolean {
  const mine = image.ownerId === projectId || isAdmin(caller);
  const asked = exchange.query.get('visibility');
  if (asked !== null && asked !== 'all' && asked !== image.visibility) return false;
  if (image.visibility === 'community') return mine || asked !== null;
  return image.visibility === 'public' || mine;
}

function fits({ core, exchange }: ServiceCall, image: SimImage): boolean {
  const view: Record<string, unknown> = { name: image.name, status: image.status, os_distro: image.system };
  const own = core.settings.mode === 'openstack' ? view : { ...view, ...imsFields(image) };
  return [...exchange.query].every(([name, value]) => own[name] === undefined || own[name] === value);
}

function getImage(call: ServiceCall, id: string): Answer {
  const image = find(call, id);
  if (image === null) throw unknown(call, id, '404 Not Found');
  return { status: 200, body: imageView(call, image) };
}

function find({ core, caller, projectId }: ServiceCall, id: string): SimImage | null {
  const image = core.world.stock.images.get(id);
  if (image === undefined) return null;
  return mayUse(image, projectId) || isAdmin(caller) ? image : null;
}

/** Shared with nobody as yet is as good as private. */
export function mayUse({ visibility, ownerId }: SimImage, projectId: string | null): boolean {
  return visibility === 'public' || visibility === 'community' || ownerId === projectId;
}

function unknown(call: ServiceCall, id: string, status: string): Refusal {
  return refusal(call, status, `No image found with ID ${id}`);
}

function refusal({ exchange }: ServiceCall, status: string, text: string): Refusal {
  return new Refusal(webobError(exchange, status, `${text}<br /><br />\n\n\n`));
}

function imsFields(image: SimImage): Record<string, string> {
  return {
    __imagetype: image.visibility === 'public' ? 'gold' : image.visibility,
    __isregistered: 'true',
    __platform: image.system,
    __os_version: `${image.name} 64bit`,
  };
}

function imageView({ core }: ServiceCall, image: SimImage): Record<string, unknown> {
  const own = core.settings.mode === 'openstack' ? { os_distro: image.system } : imsFields(image);
  const isEmpty = image.status === 'queued';
  return {
    ...own,
    name: image.name,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: image.visibility,
    // Nothing is known of contents that are not there yet.
    size: isEmpty ? null : image.sizeBytes,
    virtual_size: isEmpty ? null : image.sizeBytes,
    status: image.status,
    checksum: isEmpty ? null : image.id.replaceAll('-', ''),
    protected: false,
    min_ram: image.minRamMiB,
    min_disk: image.minDiskGiB,
    owner: image.ownerId,
    os_hidden: false,
    id: image.id,
    created_at: zuluTime(image.createdAt),
    updated_at: zuluTime(image.createdAt),
    tags: [],
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
  };
}
