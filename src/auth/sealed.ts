// Reading sealed JSON that a person's earlier self, an older version or somebody else may have written.
import type { z } from 'zod';
import type { Log } from '../log.ts';
import { VaultError, type Vault } from './vault.ts';

/** Null when there is nothing, or nothing we can open and understand; the latter leaves a line in the log. */
export function openSealed<T>(
  { vault, log, schema }: { vault: Vault; log: Log; schema: z.ZodType<T> },
  sealed: string | null,
  context: string,
): T | null {
  if (sealed === null) return null;
  try {
    const read = schema.safeParse(JSON.parse(vault.open(sealed, context)));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof VaultError) && !(error instanceof SyntaxError)) throw error;
  }
  // Without the error: a schema's complaint may quote the value.
  log.warn({ context }, 'a sealed value could not be read and counts as absent');
  return null;
}
