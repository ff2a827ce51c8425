// Shows people the newest of an errand.
import { announceNewest, type Announcing } from '../workflow/announce.ts';
import { cards } from './cards.ts';
import type { Errand } from './errand.ts';
import { news } from './news.ts';

export type AnnounceDeps = Pick<Announcing<Errand>, 'records' | 'outbox'> & {
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
};

export function announce(errand: Errand, { records, outbox, slash }: AnnounceDeps): Promise<Errand> {
  return announceNewest(errand, {
    records,
    outbox,
    cards: (shown) => [...news(shown, { slash }), ...cards(shown, { slash })],
  });
}
