// Moments as people type them. Pure; zones are UTC unless the text says otherwise.

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const ISO = /^\d{4}-\d{2}-\d{2}(?:[tT ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:[zZ]|[+-]\d{2}:?\d{2})?)?$/;

/** Ms since the epoch; `2h`, `3d` count back from `now`. Null when it is not a time. */
export function parseTime(text: string, now: number): number | null {
  const ago = /^(\d{1,5})([mhdw])$/i.exec(text);
  if (ago) return now - Number(ago[1]) * (UNIT_MS[(ago[2] ?? '').toLowerCase()] ?? 0);
  if (!ISO.test(text)) return null;
  const zoned = text.length > 10 && !/(?:z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10)) ? `${text}Z` : text;
  const at = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(at) ? null : at;
}

/** The same moment, as `parseTime` reads it back. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
