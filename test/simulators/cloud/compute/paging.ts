// limit, marker and the link to the next page, the same for every list of Nova.

import type { ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { invalidQuery } from './schema.ts';

const CAP = 1000;

type Page<T> = { items: T[]; nextHref: string | null };

/** `fits`: what belongs into the list; the marker may be anything that is known. Without it everything belongs. */
export type Listed<T> = { known: T[]; idOf(item: T): string; fits?(item: T): boolean };

/** One page of an ordered list. The link says only that the page is full: the next may be empty. */
export function pageOf<T>(call: ComputeCall, { known, idOf, fits = () => true }: Listed<T>): Page<T> {
  const limit = limitOf(call);
  const items = known
    .slice(startOf(call, known, idOf))
    .filter(fits)
    .slice(0, limit);
  const last = items.at(-1);
  const isFull = last !== undefined && items.length === limit;
  return { items, nextHref: isFull ? hrefAfter(call, idOf(last)) : null };
}

function limitOf(call: ComputeCall): number {
  // OTC's pages are short when nobody says how long they should be.
  const usual = call.core.settings.mode === 'openstack' ? CAP : 25;
  const text = call.exchange.query.get('limit');
  if (text === null) return usual;
  if (!/^[0-9]*$/.test(text)) throw invalidQuery('limit', text, `'${text}' does not match '^[0-9]*$'`);
  return Math.min(Number(text), CAP);
}

function startOf<T>(call: ComputeCall, known: T[], idOf: (item: T) => string): number {
  const marker = call.exchange.query.get('marker');
  if (marker === null) return 0;
  const index = known.findIndex((item) => idOf(item) === marker);
  if (index < 0) throw novaRefusal(400, `marker [${marker}] not found`);
  return index + 1;
}

function hrefAfter(call: ComputeCall, marker: string): string {
  const query = new URLSearchParams(call.exchange.query);
  query.set('marker', marker);
  return `${call.linkBase}${call.exchange.path}?${query.toString()}`;
}

export function nextLink(name: string, href: string | null): Record<string, unknown> {
  return href === null ? {} : { [name]: [{ rel: 'next', href }] };
}
