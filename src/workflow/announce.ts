// Hands what people should see to the outbox, after it was saved, as often as needed until the newest has been handed over.
import type { RecordStore } from '../redis/record.ts';
import type { Outbox, Outgoing } from '../slack/reply.ts';

/** `revision` counts what people should see, `announced` is the last one that was handed over. */
export type Shown = { id: string; revision: number; announced: number };

export type Announcing<R extends Shown> = {
  records: Pick<RecordStore<R>, 'update'>;
  outbox: Outbox;
  /** What people should see of it. Pure. */
  cards(record: R): Outgoing[];
  /** What else the record says once `shown` was handed over. Pure. */
  alsoTold?(stored: R, shown: R): R;
};

/**
 * Killed in between, it is done again: the record stays due until it says that this revision was announced. Two at once
 * may put in the wrong order; the slower one sees that and puts the newest again.
 */
export async function announceNewest<R extends Shown>(record: R, deps: Announcing<R>): Promise<R> {
  let current = record;
  while (current.announced < current.revision) current = await put(current, deps);
  return current;
}

async function put<R extends Shown>(shown: R, deps: Announcing<R>): Promise<R> {
  await deps.outbox.put(deps.cards(shown));
  const after = await deps.records.update(shown.id, (stored) => {
    if (stored.announced >= shown.revision) return null;
    return { ...(deps.alsoTold?.(stored, shown) ?? stored), announced: shown.revision };
  });
  const overtaken = after.revision > shown.revision && after.announced >= after.revision;
  return overtaken ? { ...after, announced: shown.revision } : after;
}
