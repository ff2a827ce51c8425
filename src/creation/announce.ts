// Shows people the newest of a creation.
import { announceNewest, type Announcing } from '../workflow/announce.ts';
import { type CardOptions, cards } from './cards.ts';
import type { Creation } from './creation.ts';

export type AnnounceDeps = CardOptions & Pick<Announcing<Creation>, 'records' | 'outbox'>;

export function announce(creation: Creation, { records, outbox, ...options }: AnnounceDeps): Promise<Creation> {
  return announceNewest(creation, { records, outbox, cards: (shown) => cards(shown, options) });
}
