// Waiting in tests: a condition, a name for it, a limit. Never a bare sleep.
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** Resolves with the first value that is neither null, undefined nor false. `what` completes "waited … ms for". */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  limitMs = 30_000,
): Promise<Exclude<T, null | undefined | false>> {
  const give = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen as Exclude<T, null | undefined | false>;
    if (Date.now() > give) throw new Error(`waited ${limitMs} ms for ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
