// Flavors: what a server can be.
import type { Cloud, CloudRequest } from './cloud.ts';
import { unusable } from './errors.ts';
import { boolean, isObject, list, number, object, stringMap, text } from './json.ts';
import { segment } from './path.ts';
import { readAllPages } from './read.ts';

/** 2.55 adds the description, 2.61 the extra specs; 2.102 would take `disabled` away. */
export const FLAVOR_VERSION = '2.61';

/** Nova's cap; a cloud's whole list nearly always fits. */
const LARGEST_PAGE = 1000;

export type Flavor = {
  id: string;
  name: string;
  vcpus: number;
  ramMiB: number;
  /** 0 where servers boot from volumes. */
  diskGiB: number;
  ephemeralGiB: number;
  swapMiB: number;
  disabled: boolean;
  isPublic: boolean;
  description: string | null;
  /** Null below microversion 2.61. OTC and Huawei tell there what is sold out. */
  extraSpecs: Record<string, string> | null;
};

export type FlavorFilter = {
  minDiskGiB?: number;
  minRamMiB?: number;
  isPublic?: boolean;
  /** Nova's field names, e.g. `vcpus`, `memory_mb`; unknown ones are refused with `bad_request`. */
  sortKey?: string;
  sortDir?: 'asc' | 'desc';
  limit?: number;
  /** Id of the last flavor seen. */
  marker?: string;
};

export type FlavorPage = { flavors: Flavor[]; next: string | null };

/** One page. GET /flavors/detail (ecs-api B.10). Throws CloudError. */
export async function listFlavors(cloud: Cloud, filter: FlavorFilter = {}): Promise<FlavorPage> {
  const answer = await cloud.call(listFlavorsRequest(filter));
  const body = object(answer.body);
  const flavors = list(body['flavors'])
    .map(parseFlavor)
    .filter((flavor) => flavor !== null);
  // Only whether there is a link: its href can be `https://None/…`.
  const more = list(body['flavors_links']).some((link) => object(link)['rel'] === 'next');
  return { flavors, next: more ? (flavors.at(-1)?.id ?? null) : null };
}

export function listFlavorsRequest(filter: FlavorFilter): CloudRequest {
  const fields: [string, string | number | boolean | undefined][] = [
    ['minDisk', filter.minDiskGiB],
    ['minRam', filter.minRamMiB],
    ['is_public', filter.isPublic],
    ['sort_key', filter.sortKey],
    ['sort_dir', filter.sortDir],
    ['limit', filter.limit ?? LARGEST_PAGE],
    ['marker', filter.marker],
  ];
  return {
    service: 'compute',
    method: 'GET',
    path: '/flavors/detail',
    query: fields.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]])),
    microversion: { most: FLAVOR_VERSION },
  };
}

/** Every flavor the person may use, usually in one call. Throws CloudError. */
export async function listAllFlavors(cloud: Cloud): Promise<Flavor[]> {
  return readAllPages(async (marker) => {
    const { flavors, next } = await listFlavors(cloud, marker === undefined ? {} : { marker });
    return { items: flavors, next };
  });
}

/** GET /flavors/{id} (ecs-api B.10). Shows disabled ones too. Throws CloudError, `not_found`. */
export async function showFlavor(cloud: Cloud, id: string): Promise<Flavor> {
  const path = `/flavors/${segment(id)}`;
  const answer = await cloud.call({ service: 'compute', method: 'GET', path, microversion: { most: FLAVOR_VERSION } });
  const flavor = parseFlavor(object(answer.body)['flavor']);
  if (flavor === null) throw unusable({ method: 'GET', url: path, ...answer }, 'the answer holds no flavor');
  return flavor;
}

/** Null only for a record without an id. */
export function parseFlavor(value: unknown): Flavor | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? id,
    vcpus: number(wire['vcpus']) ?? 0,
    ramMiB: number(wire['ram']) ?? 0,
    diskGiB: number(wire['disk']) ?? 0,
    ephemeralGiB: number(wire['OS-FLV-EXT-DATA:ephemeral']) ?? 0,
    swapMiB: number(wire['swap']) ?? 0,
    disabled: boolean(wire['OS-FLV-DISABLED:disabled']) ?? false,
    isPublic: boolean(wire['os-flavor-access:is_public']) ?? true,
    description: text(wire['description']),
    extraSpecs: isObject(wire['extra_specs']) ? stringMap(wire['extra_specs']) : null,
  };
}
