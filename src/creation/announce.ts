// Hands what people should see to the outbox, after it was saved, as often as needed until the newest has been handed over.
import type { RecordStore } from '../redis/record.ts';
import type { Outbox } from '../slack/reply.ts';
import { type CardOptions, cards } from './cards.ts';
import type { Creation } from './creation.ts';

export type AnnounceDeps = CardOptions & {
  records: Pick<RecordStore<Creation>, 'update'>;
  outbox: Outbox;
};

/** Killed in between, it is done again: the record stays due until it says that this revision was announced. */
export async function announce(creation: Creation, deps: AnnounceDeps): Promise<Creation> {
  let current = creation;
  while (current.announced < current.revision) {
    const shown = current.revision;
    await deps.outbox.put(cards(current, deps));
    current = await deps.records.update(current.id, (stored) =>
      stored.announced >= shown ? null : { ...stored, announced: shown },
    );
  }
  return current;
}
