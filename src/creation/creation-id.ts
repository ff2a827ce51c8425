// Names of creations, made from what asked for them: worked a second time after a crash, the same order has the same name.
import { createHash } from 'node:crypto';

/** No 0 O, 1 I L: they look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 6;

/** `attempt`: 0, or more when another order has that name already. */
export function creationId(askedBy: string, attempt: number): string {
  const bytes = createHash('sha256').update(`creation ${attempt} ${askedBy}`).digest();
  const letters = Array.from({ length: LENGTH }, (_unused, place) => ALPHABET[(bytes[place] ?? 0) % ALPHABET.length]);
  return `C-${letters.join('')}`;
}
