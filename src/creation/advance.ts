// What a creation makes of what the cloud shows: rest, look, or order. Pure.
import { unreachable } from '../errors.ts';
import { readProgress } from '../openstack/server-lifecycle.ts';
import type { Server } from '../openstack/server.ts';
import type { Away } from '../workflow/way-in.ts';
import { type Built, type Creation, isOver, type Note, quietly, visibly } from './creation.ts';
import { goneSentence, neverTakenSentence } from './words.ts';

/** What a look at the cloud can show; `at`: when it began, our clock, ms since the epoch. */
export type Observation =
  /** `listed`: in a list, where Nova leaves out why a server that no host took is in ERROR. */
  | { kind: 'server'; at: number; server: Server; listed: boolean }
  /** No server with that id, or with our mark. */
  | { kind: 'missing'; at: number }
  | { kind: 'signed_out'; at: number }
  /** The requester works in another region now, where the server cannot be seen. */
  | { kind: 'other_region'; at: number }
  | { kind: 'away'; at: number; away: Away; retryAfterMs: number | null }
  /** The looks at all that is built in its project have failed since then. */
  | { kind: 'unseen'; at: number; since: number; away: Away };

/** `creation` is to be saved (if it differs) before anything else happens. */
export type Step =
  | { do: 'rest'; creation: Creation }
  /** By its id, or while there is none by our mark in its metadata. */
  | { do: 'look'; by: 'id' | 'mark' }
  | { do: 'order'; creation: Creation };

/** The order must leave within this time after it was written down. */
export const SEND_WITHIN_MS = 2_000;
/** Of a killed sender's order the server is to be seen by then, or it never arrived: a twin is worse than a wait. */
const CRASH_GRACE_MS = 30_000;
/** After no answer at all the cloud may still carry it out late. */
const LOST_GRACE_MS = 60_000;
const LOOK_AGAIN_MS = 5_000;
const AWAY_MS = 10_000;
/** How often a missing sign-in is looked for, should the wake-up after it have been lost. */
const HELD_MS = 60_000;
const MOST_LOST = 5;
const MOST_LATER = 20;
/** Lists can lag behind the answer to an order. */
const NOT_LISTED_YET_MS = 60_000;
/** The poller tells of changes; this is for what slips through. */
const LOOK_ANYWAY_MS = 2 * 60_000;
export const SLOW_MS = 15 * 60_000;

export function advance(creation: Creation, seen: Observation | null, now: number): Step {
  if (isOver(creation)) return rest(creation);
  const held = seen && whileHeld(creation, seen, now);
  if (held) return held;
  return creation.state === 'ordering' ? whileOrdering(creation, seen, now) : whileBuilding(creation, seen, now);
}

/** Null: something was seen. */
function whileHeld(creation: Creation, seen: Observation, now: number): Step | null {
  switch (seen.kind) {
    case 'signed_out':
    case 'other_region':
      return rest(noted(creation, { kind: seen.kind, since: now }, now + HELD_MS));
    case 'away':
      return rest(
        noted(
          creation,
          { kind: 'cloud_away', since: now, away: seen.away },
          now + Math.max(AWAY_MS, seen.retryAfterMs ?? 0),
        ),
      );
    case 'unseen':
      return rest(unseen(creation, seen));
    case 'server':
    case 'missing':
      return null;
    default:
      return unreachable(seen);
  }
}

/** Said once: whoever looks at all that is built goes on looking. What the card says already is due for a look of its own. */
function unseen(creation: Creation, { since, away }: { since: number; away: Away }): Creation {
  if (creation.note !== null && creation.note.kind !== 'slow') return creation;
  return visibly(creation, { note: { kind: 'cloud_away', since, away } });
}

function whileOrdering(creation: Creation, seen: Observation | null, now: number): Step {
  const { intention, due } = creation;
  if (seen?.kind === 'server') {
    const adopted = adopt(creation, seen.server, now);
    const next = whileBuilding(adopted, seen, now);
    // Only a saved one can be looked at by its id.
    return next.do === 'look' ? rest({ ...adopted, due: now }) : next;
  }
  if (!intention) return order(creation, now);
  if (seen?.kind === 'missing') return afterNothingFound(creation, now);
  // Also before an order that certainly did not arrive is given again: a cloud that is away costs none of the tries.
  return due !== null && now < due ? rest(creation) : { do: 'look', by: 'mark' };
}

/** Written down before it is sent: nothing may be ordered unless this has been saved. */
function order(creation: Creation, now: number): Step {
  const attempt = (creation.intention?.attempt ?? 0) + 1;
  const intention = { at: now, attempt, answer: null };
  return { do: 'order', creation: quietly(creation, { intention, due: now + LOOK_AGAIN_MS }) };
}

/** The order left no trace (yet). When that can be relied on depends on how it was lost. */
function afterNothingFound(creation: Creation, now: number): Step {
  const { intention } = creation;
  if (!intention) return order(creation, now);
  const { answer, at, attempt } = intention;
  const isUnsent = answer?.kind === 'later';
  const until = answer ? answer.at + LOST_GRACE_MS : at + CRASH_GRACE_MS;
  if (!isUnsent && now < until) {
    return rest(noted(creation, { kind: 'uncertain', since: now }, Math.min(until, now + LOOK_AGAIN_MS)));
  }
  if (attempt < (isUnsent ? MOST_LATER : MOST_LOST)) return order(creation, now);
  return rest(end(creation, 'failed', { said: neverTakenSentence(answer), now }));
}

/** The answer got lost, the order did not; with the answer went the password, if there was one. */
function adopt(creation: Creation, server: Server, now: number): Creation {
  return visibly(creation, { state: 'building', server: builtOf(server), note: null, due: now + LOOK_ANYWAY_MS });
}

function whileBuilding(creation: Creation, seen: Observation | null, now: number): Step {
  if (seen?.kind === 'server') return afterSighting(creation, seen, now);
  if (seen?.kind === 'missing') {
    const orderedAt = creation.intention?.at ?? creation.createdAt;
    if (now >= orderedAt + NOT_LISTED_YET_MS) {
      return rest(end(creation, 'failed', { said: goneSentence(creation.spec.name), now }));
    }
    return rest(quietly(creation, { due: now + LOOK_AGAIN_MS }));
  }
  return creation.due !== null && now < creation.due ? rest(creation) : { do: 'look', by: 'id' };
}

type Sighting = Extract<Observation, { kind: 'server' }>;

function afterSighting(creation: Creation, { server, listed }: Sighting, now: number): Step {
  const built = builtOf(server);
  if (built.status === 'DELETED' || built.status === 'SOFT_DELETED') {
    return rest(end(creation, 'failed', { said: goneSentence(creation.spec.name), now }));
  }
  const progress = readProgress(server);
  switch (progress.kind) {
    case 'ready':
      return rest(end({ ...creation, server: built }, 'active', { said: null, now }));
    case 'failed':
      if (listed && progress.message === '' && creation.server !== null) return { do: 'look', by: 'id' };
      return rest(end({ ...creation, server: built }, 'error', { said: progress.message || null, now }));
    case 'building':
      return rest(stillBuilding(creation, built, now));
    default:
      return unreachable(progress);
  }
}

function stillBuilding(creation: Creation, built: Built, now: number): Creation {
  const slow = now >= creation.createdAt + SLOW_MS;
  const note: Note | null = slow ? { kind: 'slow', since: creation.createdAt } : null;
  const before = creation.server;
  const same = before?.status === built.status && before.task === built.task && sameNote(creation.note, note);
  if (same && creation.due !== null && creation.due > now) return creation;
  const due = now + LOOK_ANYWAY_MS;
  return same ? quietly(creation, { due }) : visibly(creation, { server: built, note, due });
}

/** The last save of its life. */
export function end(
  creation: Creation,
  state: 'active' | 'error' | 'failed',
  { said, now }: { said: string | null; now: number },
): Creation {
  return visibly(creation, { state, said, note: null, endedAt: now, due: null });
}

/** The same note again keeps its `since`, and the card as it is. */
export function noted(creation: Creation, note: Note, due: number): Creation {
  return sameNote(creation.note, note) ? quietly(creation, { due }) : visibly(creation, { note, due });
}

function sameNote(one: Note | null, other: Note | null): boolean {
  return JSON.stringify({ ...one, since: 0 }) === JSON.stringify({ ...other, since: 0 });
}

function builtOf({ id, status, taskState, addresses }: Server): Built {
  return { id, status, task: taskState, addresses: addresses.map(({ address }) => address) };
}

function rest(creation: Creation): Step {
  return { do: 'rest', creation };
}
