// Saves what a worker has decided, unless what it was decided about has moved on.
import type { RecordStore } from '../redis/record.ts';

export type Versioned = { id: string; version: number; announced: number };

/**
 * `next` as it was saved, `base` itself when the two are the same. Null when somebody was faster: what was decided was
 * decided about an older record. `keep` puts back what others write without a new version.
 */
export async function saveUnlessMoved<R extends Versioned>(
  records: Pick<RecordStore<R>, 'update'>,
  { base, next }: { base: R; next: R },
  keep: (next: R, stored: R) => R = withAnnounced,
): Promise<R | null> {
  if (next === base) return base;
  let current = false;
  const saved = await records.update(base.id, (stored) => {
    current = stored.version === base.version;
    return current ? keep(next, stored) : null;
  });
  return current ? saved : null;
}

function withAnnounced<R extends Versioned>(next: R, { announced }: R): R {
  return { ...next, announced };
}
