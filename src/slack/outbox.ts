// Delivers what features have put into the outbox: newest state wins, in order per channel, at Slack's pace, nothing lost, nothing twice.
import { workLane } from './outbox-lane.ts';
import type { ClaimedLane } from './outbox-store.ts';
import type { DeliveringOutbox, OutboxDeps } from './ports.ts';

/** A crashed worker's lane is free again after this; longer than one call, shorter than anybody's patience. */
const LEASE_MS = 8000;
/** Other replicas put messages, too. */
const LOOK_EVERY_MS = 1000;
/** Lanes worked on at a time; each waits mostly for Slack. */
const MOST_LANES = 50;

export function createOutbox(deps: OutboxDeps): DeliveringOutbox {
  const working = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let wakeAt = 0;
  let isRunning = false;
  let sweeping: Promise<void> | null = null;
  let isPoked = false;

  /** Starts work on every lane that is due; answers with when the next one is. */
  async function sweep(): Promise<number> {
    while (working.size < MOST_LANES) {
      const claimed = await deps.store.claim(deps.now(), { token: deps.newId(), leaseMs: LEASE_MS });
      if ('nextAt' in claimed) return claimed.nextAt ?? deps.now() + LOOK_EVERY_MS;
      const work: Promise<void> = workAndRelease(claimed).finally(() => working.delete(work));
      working.add(work);
    }
    return deps.now() + LOOK_EVERY_MS;
  }

  async function workAndRelease(claimed: ClaimedLane): Promise<void> {
    try {
      const due = await workLane(deps, claimed);
      if (due === null) return;
      await deps.store.release(claimed.claim, due);
      // A put may have come while the lane was held.
      poke();
    } catch (err) {
      // The lease runs out by itself, and the lane is taken up where it was left.
      deps.log.warn({ err, lane: claimed.claim.lane }, 'The outbox lost its store for a while');
    }
  }

  async function tick(): Promise<number> {
    const nextAt = await sweep();
    await Promise.all(working);
    return nextAt;
  }

  function schedule(inMs: number): void {
    const inTime = Math.max(0, Math.min(inMs, LOOK_EVERY_MS));
    const at = performance.now() + inTime;
    // The earliest wish counts.
    if (!isRunning || (timer && wakeAt <= at)) return;
    if (timer) clearTimeout(timer);
    wakeAt = at;
    timer = setTimeout(() => {
      timer = null;
      poke();
    }, inTime);
  }

  function poke(): void {
    if (!isRunning) return;
    isPoked = true;
    sweeping ??= sweepWhilePoked();
  }

  async function sweepWhilePoked(): Promise<void> {
    let nextAt = deps.now() + LOOK_EVERY_MS;
    while (isPoked) {
      isPoked = false;
      nextAt = await sweep().catch((err: unknown) => {
        deps.log.warn({ err }, 'The outbox cannot reach its store');
        return deps.now() + LOOK_EVERY_MS;
      });
    }
    sweeping = null;
    schedule(nextAt - deps.now());
  }

  return {
    put: async (messages) => {
      await deps.store.put(messages, deps.now());
      poke();
    },
    poke,
    tick,
    start: () => {
      isRunning = true;
      poke();
    },
    stop: async () => {
      isRunning = false;
      if (timer) clearTimeout(timer);
      timer = null;
      await sweeping;
      await Promise.all(working);
    },
  };
}
