// Ids and addresses that stay the same from run to run, so that a screenshot or a failing test can be compared.

import { createHash } from 'node:crypto';

/** 32 hex digits. */
export function hexFrom(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function uuidFrom(text: string): string {
  const hex = hexFrom(text);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

export function macFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `fa:16:3e:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}
