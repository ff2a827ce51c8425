// From an answer to the thing asked for, or to a page of them: the same steps for every resource.
import type { Cloud, CloudAnswer, CloudRequest } from './cloud.ts';
import { isCloudError, unusable } from './errors.ts';
import { isObject, list, object, text, type Json } from './json.ts';

/** `next` is the marker of the following page, which may turn out to be empty. */
export type Page<T> = { items: T[]; next: string | null };

/** Makes the call and reads what stands under `name`. Throws CloudError, `unexpected` when it is not there. */
export async function readOne<T>(
  cloud: Cloud,
  request: CloudRequest,
  { name, parse }: { name: string; parse(wire: unknown): T | null },
): Promise<T> {
  const answer = await cloud.call(request);
  return held(parse(object(answer.body)[name]), { request, answer, name });
}

/** The value, unless it is null: then the answer was of no use. */
export function held<T>(
  value: T | null,
  { request, answer, name }: { request: CloudRequest; answer: CloudAnswer; name: string },
): T {
  if (value === null)
    throw unusable({ method: request.method, url: request.path, ...answer }, `the answer holds no ${name}`);
  return value;
}

/** Makes the call and reads the list under `name`, and whether there is more. Throws CloudError. */
export async function readPage<T extends { id: string }>(
  cloud: Cloud,
  request: CloudRequest,
  { name, parse }: { name: string; parse(wire: unknown): T | null },
): Promise<Page<T>> {
  const body = object((await cloud.call(request)).body);
  const items = readList(body[name], parse);
  return { items, next: hasNext(body, name) ? (items.at(-1)?.id ?? null) : null };
}

/** What the parser could make nothing of is left out. */
export function readList<T>(value: unknown, parse: (wire: unknown) => T | null): T[] {
  return list(value)
    .map(parse)
    .filter((item) => item !== null);
}

/** Only whether there is a link: its address may lead nowhere. Glance has it at the top, the others in a list. */
function hasNext(body: Json, name: string): boolean {
  return text(body['next']) !== null || list(body[`${name}_links`]).some((link) => isNext(link));
}

function isNext(link: unknown): boolean {
  return isObject(link) && link['rel'] === 'next';
}

/** A cloud that ignores the marker must not keep us listing. */
const MOST_PAGES = 20;

/** Every item of every page, each id once, begun anew where the one is gone that a page was to begin after. Throws what `fetch` throws. */
export async function readAllPages<T extends { id: string }>(
  fetch: (marker: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  return whileMarkersGo(() => readPagesOnce(fetch));
}

const MOST_RESTARTS = 2;

/** Pages read from the start again where a marker is gone. Throws what `read` throws. */
export async function whileMarkersGo<T>(read: () => Promise<T>): Promise<T> {
  for (let restarts = 0; restarts < MOST_RESTARTS; restarts += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isMarkerGone(error)) throw error;
    }
  }
  return read();
}

/** Current Novas take the marker of a deleted server, older ones and the other services do not. */
function isMarkerGone(error: unknown): boolean {
  const refused = isCloudError(error, 'bad_request') || isCloudError(error, 'not_found');
  return refused && /[?&]marker=/.test(error.url);
}

async function readPagesOnce<T extends { id: string }>(
  fetch: (marker: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const seen = new Map<string, T>();
  let marker: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { items, next } = await fetch(marker);
    for (const item of items) seen.set(item.id, item);
    if (next === null) break;
    marker = next;
  }
  return [...seen.values()];
}

/** The fields that have a value, as a query. */
export function toQuery(fields: Record<string, string | number | boolean | undefined>): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
}
