// Hands what people should see to the outbox, after it was saved, as often as needed until the newest has been handed over.
import type { RecordStore } from '../redis/record.ts';
import type { Outbox } from '../slack/reply.ts';
import { cards } from './cards.ts';
import type { ResizeRequest } from './request.ts';

export type AnnounceDeps = {
  records: Pick<RecordStore<ResizeRequest>, 'update'>;
  outbox: Outbox;
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
};

/**
 * Killed in between, it is done again: the record stays due until it says that this revision was announced. Two at once
 * may put in the wrong order; the slower one sees that and puts the newest again.
 */
export async function announce(request: ResizeRequest, deps: AnnounceDeps): Promise<ResizeRequest> {
  let current = request;
  while (current.announced < current.revision) current = await put(current, deps);
  return current;
}

async function put(request: ResizeRequest, { records, outbox, slash }: AnnounceDeps): Promise<ResizeRequest> {
  await outbox.put(cards(request, { slash, logFrom: request.logged }));
  const after = await records.update(request.id, (stored) => announced(stored, request));
  const overtaken = after.revision > request.revision && after.announced >= after.revision;
  return overtaken ? { ...after, announced: request.revision } : after;
}

function announced(stored: ResizeRequest, shown: ResizeRequest): ResizeRequest | null {
  if (stored.announced >= shown.revision) return null;
  return { ...stored, announced: shown.revision, logged: Math.max(stored.logged, shown.events.length) };
}
