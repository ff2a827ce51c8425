// What is due, and the waking of it.
import type { RecordStore } from '../redis/record.ts';

type Deps = {
  records: Pick<RecordStore<unknown>, 'due'>;
  wake(id: string): Promise<void>;
  now: () => number;
};

/** More than this many at once are woken with the next tick. */
const MOST_DUE = 1_000;

export async function wakeDue({ records, wake, now }: Deps): Promise<void> {
  const due = await records.due(now(), MOST_DUE);
  await Promise.all(due.map((id) => wake(id)));
}

export function isDue({ due }: { due: number | null }, now: number): boolean {
  return due !== null && due <= now;
}
