// Names and ids that tell what a test makes from everything else in a project that other people use, too.
import { randomUUID } from 'node:crypto';

export function uniqueName(what = 'contract'): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

/** An id that nothing has. */
export function unknownId(): string {
  return randomUUID();
}
