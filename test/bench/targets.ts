// What the bot is compared with; the rest of their environment is the caller's.
import type { Program } from './process.ts';

/** node:http, the signature, 200. */
export const FLOOR_HTTP: Program = { file: new URL('targets/floor-http.ts', import.meta.url), env: {} };
/** Bolt as its documentation shows it. */
export const BARE_BOLT: Program = { file: new URL('targets/bare-bolt.ts', import.meta.url), env: {} };
/** Everything that `list` cannot do without, and nothing else. */
export const FLOOR_LIST: Program = { file: new URL('targets/floor-list.ts', import.meta.url), env: {} };
