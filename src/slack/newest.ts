// Which click in a window is the newest that has reached this process: answers may overtake one another.
import type { ActionInteraction } from './reply.ts';

/** Windows are open for minutes. */
const MOST_VIEWS = 1_000;

export type Newest = {
  note(interaction: ActionInteraction): void;
  is(interaction: ActionInteraction): boolean;
};

export function createNewest(): Newest {
  const clicks = new Map<string, string>();
  return {
    note({ id, view }) {
      if (!view) return;
      clicks.delete(view.id);
      clicks.set(view.id, id);
      const [oldest] = clicks.keys();
      if (clicks.size > MOST_VIEWS && oldest !== undefined) clicks.delete(oldest);
    },
    is: ({ id, view }) => view !== null && clicks.get(view.id) === id,
  };
}
