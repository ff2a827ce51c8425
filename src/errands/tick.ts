// What happens every POLL_INTERVAL, on one replica: errands that are due are woken.
import type { RecordStore } from '../redis/record.ts';
import type { Errand } from './errand.ts';

/** More than this many at once are woken with the next tick. */
const MOST_DUE = 1_000;

export function createErrandTick(deps: {
  records: Pick<RecordStore<Errand>, 'due'>;
  wake(id: string): Promise<void>;
  now: () => number;
}): () => Promise<void> {
  return async () => {
    const due = await deps.records.due(deps.now(), MOST_DUE);
    await Promise.all(due.map((id) => deps.wake(id)));
  };
}
