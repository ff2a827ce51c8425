// Reading answers nobody promised us: every reader takes anything and returns a value or null, so parsers never throw.

export type Json = Record<string, unknown>;

/** The value as an object; an empty one for anything else. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, else null: clouds write "nothing" as null, '' or not at all. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function texts(values: unknown): string[] {
  return list(values)
    .map(text)
    .filter((value) => value !== null);
}

/** A finite number, also when it came as a string (native ECS and the limits of some clouds do that). */
export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const read = Number(value);
  return Number.isFinite(read) ? read : null;
}

/** A boolean, also as `"true"` or `"False"`. */
export function boolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true') return true;
  return word === 'false' ? false : null;
}

/** Milliseconds since the epoch. A time without a zone is UTC: Nova writes `launched_at` and action times that way. */
export function instant(value: unknown): number | null {
  const written = text(value);
  if (written === null) return null;
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(written) ? written : `${written}Z`;
  const read = Date.parse(zoned);
  return Number.isNaN(read) ? null : read;
}

/** String values only; numbers and booleans are written out, anything else is left out. */
export function stringMap(value: unknown): Record<string, string> {
  const pairs = Object.entries(object(value)).filter(([, entry]) =>
    ['string', 'number', 'boolean'].includes(typeof entry),
  );
  return Object.fromEntries(pairs.map(([name, entry]) => [name, String(entry)]));
}
