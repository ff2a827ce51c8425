// Names of requests that people read aloud and type back.

/** No 0 O, 1 I L: they look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 4;

/** `random` gives a fresh integer from 0 to below its argument. */
export function newRequestId(random: (below: number) => number): string {
  return `R-${Array.from({ length: LENGTH }, () => ALPHABET[random(ALPHABET.length)]).join('')}`;
}

/** What people type for it, in lower or upper case, with or without `R-`. Null when it cannot be one. */
export function parseRequestId(typed: string): string | null {
  const match = /^(?:R-?)?([2-9A-Z]{4})$/.exec(typed.trim().toUpperCase());
  return match ? `R-${match[1]}` : null;
}
