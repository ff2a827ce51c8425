// Lists of Neutron: sorted by id, filtered by any field, paged by a marker that need not exist.

import { hrefAfter, sliceAfter, type ServiceCall } from '../resource-service.ts';
import { isRecord, type Answer } from '../exchange.ts';
import { plain } from '../compute/schema.ts';
import { neutronRefusal } from './errors.ts';

const NOT_FIELDS = new Set(['limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir', 'fields']);

/** `views` in any order. A field that the views do not have filters nothing. */
export function listAnswer(
  call: ServiceCall,
  name: string,
  views: ({ id: string } & Record<string, unknown>)[],
): Answer {
  const { query } = call.exchange;
  const wanted = [...query].filter(([field]) => !NOT_FIELDS.has(field));
  const fits = (view: Record<string, unknown>): boolean =>
    wanted.every(([field, value]) =>
      field === 'fixed_ips' ? hasFixedIp(view[field], value) : isLike(view[field], value),
    );
  const sorted = views.filter(fits).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const limit = limitOf(query.get('limit'));
  const items = sliceAfter(sorted, query.get('marker'), limit);
  const last = items.at(-1);
  const isFull = last !== undefined && query.has('limit') && items.length === limit;
  const base = `${call.core.settings.mode === 'openstack' ? call.core.baseUrl() : 'https://None'}/network/v2.0`;
  const links = isFull ? { [`${name}_links`]: [{ rel: 'next', href: hrefAfter(call, base, last.id) }] } : {};
  return { status: 200, body: { [name]: items, ...links } };
}

function isLike(held: unknown, value: string): boolean {
  return held === undefined || plain(held).toLowerCase() === value.toLowerCase();
}

/** `ip_address=10.0.0.5`, or `subnet_id=…`. */
function hasFixedIp(held: unknown, wanted: string): boolean {
  const [part = '', value = ''] = wanted.split('=');
  return Array.isArray(held) && held.some((fixed) => isRecord(fixed) && fixed[part] === value);
}

function limitOf(text: string | null): number {
  if (text === null) return 2000;
  if (!/^\d+$/.test(text)) {
    const message = `Bad limit request: Limit must be an integer 0 or greater and not '${text}'.`;
    throw neutronRefusal(400, 'BadRequest', message);
  }
  return Number(text);
}
