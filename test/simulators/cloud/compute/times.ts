// Nova writes times in two ways, both UTC, and only one of them says so.

/** `2026-11-20T21:17:10Z` */
export function zuluTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-20T21:17:10.000000`, without a zone: read carelessly it becomes local time. */
export function naiveTime(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19)}.000000`;
}
