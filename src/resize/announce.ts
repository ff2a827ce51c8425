// Shows people the newest of a request: its card, its log in the thread, its direct messages.
import { announceNewest, type Announcing } from '../workflow/announce.ts';
import { cards } from './cards.ts';
import type { ResizeRequest } from './request.ts';

export type AnnounceDeps = Pick<Announcing<ResizeRequest>, 'records' | 'outbox'> & {
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
};

export function announce(request: ResizeRequest, { records, outbox, slash }: AnnounceDeps): Promise<ResizeRequest> {
  return announceNewest(request, {
    records,
    outbox,
    cards: (shown) => cards(shown, { slash, logFrom: shown.logged }),
    alsoTold: (stored, shown) => ({ ...stored, logged: Math.max(stored.logged, shown.events.length) }),
  });
}
