// One queue wakes everything that goes on by itself; the letter an id begins with tells whose it is.
import { createWakeQueue, type QueueDeps, type WorkQueue } from '../redis/queue.ts';

export type Wakes = {
  /** `letter`: of the ids, e.g. `R` for `R-7KQ2`. Before `start`. */
  handle(letter: string, step: (id: string) => Promise<unknown>): void;
  /** Has it stepped soon. Without effect before `start`: what is due is found by the next tick. */
  wake(id: string): Promise<void>;
  start(): void;
  close(): Promise<void>;
};

export function createWakes(deps: QueueDeps): Wakes {
  const steps = new Map<string, (id: string) => Promise<unknown>>();
  let queue: WorkQueue<null> | null = null;
  return {
    handle: (letter, step) => void steps.set(letter, step),
    wake: async (id) => queue?.add(id, null),
    start() {
      queue = createWakeQueue(deps, async (id) => void (await steps.get(id.charAt(0))?.(id)));
    },
    close: async () => queue?.close(),
  };
}
