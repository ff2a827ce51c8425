// Flavors: what a server can be.

import type { Answer } from '../exchange.ts';
import type { SimFlavor } from '../model.ts';
import { isAdmin, type ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { nextLink, pageOf } from './paging.ts';
import { invalidQuery, python } from './schema.ts';
import { links } from './server-view.ts';

const KEYS: Record<string, (flavor: SimFlavor) => string | number> = {
  flavorid: (flavor) => flavor.id,
  id: (flavor) => flavor.id,
  name: (flavor) => flavor.name,
  memory_mb: (flavor) => flavor.ramMiB,
  vcpus: (flavor) => flavor.vcpus,
  root_gb: (flavor) => flavor.diskGiB,
  ephemeral_gb: () => 0,
  swap: () => 0,
  is_public: (flavor) => Number(flavor.isPublic),
  disabled: (flavor) => Number(flavor.disabled),
};

export function getFlavors(call: ComputeCall): Answer {
  return list(call, (flavor) => ({
    id: flavor.id,
    name: flavor.name,
    links: links(call, `flavors/${flavor.id}`),
    ...description(call),
  }));
}

export function getFlavorsDetail(call: ComputeCall): Answer {
  return list(call, (flavor) => flavorView(call, flavor));
}

/** Shows a disabled flavor too, unlike the lists. */
export function getFlavor(call: ComputeCall, id: string): Answer {
  return { status: 200, body: { flavor: flavorView(call, requireFlavor(call, id)) } };
}

export function getExtraSpecs(call: ComputeCall, id: string): Answer {
  return { status: 200, body: { extra_specs: requireFlavor(call, id).extraSpecs } };
}

function requireFlavor(call: ComputeCall, id: string): SimFlavor {
  const flavor = call.core.world.flavors.get(id);
  if (flavor === undefined) throw novaRefusal(404, `Flavor ${id} could not be found.`);
  return flavor;
}

function list(call: ComputeCall, view: (flavor: SimFlavor) => unknown): Answer {
  const minRam = wholeNumber(call, 'minRam');
  const minDisk = wholeNumber(call, 'minDisk');
  const visible = [...call.core.world.flavors.values()]
    .filter(visibleTo(call))
    .filter((flavor) => flavor.ramMiB >= minRam && flavor.diskGiB >= minDisk);
  const { items, nextHref } = pageOf(call, { known: sorted(call, visible), idOf: (flavor) => flavor.id });
  return { status: 200, body: { flavors: items.map(view), ...nextLink('flavors_links', nextHref) } };
}

// `is_public` is for administrators; everybody else's is overruled.
function visibleTo({ caller, exchange }: ComputeCall): (flavor: SimFlavor) => boolean {
  if (!isAdmin(caller)) return (flavor) => flavor.isPublic && !flavor.disabled;
  const asked = exchange.query.get('is_public')?.toLowerCase();
  if (asked === 'none') return () => true;
  const wanted = asked === undefined || ['1', 't', 'true', 'on', 'y', 'yes'].includes(asked);
  return (flavor) => flavor.isPublic === wanted;
}

function wholeNumber({ exchange }: ComputeCall, name: string): number {
  const text = exchange.query.get(name);
  if (text === null) return 0;
  if (!/^-?\d+$/.test(text)) throw novaRefusal(400, `Invalid ${name} filter [${text}]`);
  return Number(text);
}

function sorted({ exchange }: ComputeCall, flavors: SimFlavor[]): SimFlavor[] {
  const key = exchange.query.get('sort_key') ?? 'flavorid';
  const direction = exchange.query.get('sort_dir') ?? 'asc';
  const pick = KEYS[key];
  if (pick === undefined)
    throw invalidQuery('sort_key', key, `${python(key)} is not one of ${python(Object.keys(KEYS))}`);
  const sign = direction === 'desc' ? -1 : 1;
  return flavors.toSorted((one, other) => sign * (compare(pick(one), pick(other)) || compare(one.id, other.id)));
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function flavorView(call: ComputeCall, flavor: SimFlavor): Record<string, unknown> {
  return {
    id: flavor.id,
    name: flavor.name,
    ram: flavor.ramMiB,
    disk: flavor.diskGiB,
    swap: call.version >= 75 ? 0 : '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': flavor.disabled,
    vcpus: flavor.vcpus,
    'os-flavor-access:is_public': flavor.isPublic,
    rxtx_factor: 1,
    links: links(call, `flavors/${flavor.id}`),
    ...description(call),
    ...(call.version >= 61 ? { extra_specs: flavor.extraSpecs } : {}),
  };
}

function description({ version }: ComputeCall): Record<string, unknown> {
  return version >= 55 ? { description: null } : {};
}
