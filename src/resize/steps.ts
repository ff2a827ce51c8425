// The few moves a resize can make: rest, look, act, and the states they lead to.
import type { Person } from '../slack/reply.ts';
import { goneSentence } from './failures.ts';
import type { ActionSeen, Look } from './observation.ts';
import {
  changed,
  type ActKind,
  type EventKind,
  type Note,
  type Outcome,
  type ResizeRequest,
  type RunningState,
} from './request.ts';

/** `request` is to be saved (if it differs) before anything else happens. */
export type Step =
  | { do: 'rest'; request: ResizeRequest }
  | { do: 'look'; look: Look }
  | { do: 'act'; request: ResizeRequest; act: ActKind; by: Person };

/** A killed sender's call reaches the cloud within this time or never. Its lease lasts about as long after its death. */
export const CRASH_GRACE_MS = 3_000;

/** How often a missing sign-in is looked for, should the wake-up after the sign-in have been lost. */
const HELD_RETRY_MS = 60_000;

/** How many of the newest actions mark the line between before and after: the newest, and two in case it is purged. */
const MARKS = 3;

export function rest(request: ResizeRequest): Step {
  return { do: 'rest', request };
}

export function restUntil(request: ResizeRequest, due: number | null): Step {
  return rest(request.due === due ? request : { ...request, due, version: request.version + 1 });
}

/** Rests with a line on the card that says what it waits for; the same note again keeps its `since`. */
export function restWithNote(request: ResizeRequest, note: Note, due: number | null): Step {
  const known = request.note;
  const same =
    known?.kind === note.kind && JSON.stringify({ ...known, since: 0 }) === JSON.stringify({ ...note, since: 0 });
  return same ? restUntil(request, due) : rest(changed(request, { set: { note, due } }));
}

export function remember(request: ResizeRequest, actions: ActionSeen[]): ResizeRequest {
  return { ...request, actionsSeen: actions.slice(0, MARKS).map((action) => action.requestId) };
}

/** Whose token makes the call: confirm and revert belong to who chose them, all else to the requester. */
export function actor(request: ResizeRequest, act: ActKind): Person {
  const closing = act === 'confirm' || act === 'revert';
  return closing && request.chosen ? request.chosen.by : request.requester;
}

/** Writes down what is about to be sent. Nothing may be sent unless this has been saved. */
export function beginAct(request: ResizeRequest, act: ActKind, now: number): Step {
  const previous = request.intention?.act === act ? request.intention : null;
  const by = actor(request, act);
  const intention = {
    act,
    by,
    at: now,
    firstAt: previous?.firstAt ?? now,
    attempt: (previous?.attempt ?? 0) + 1,
    before: request.actionsSeen,
    answer: null,
    seen: false,
  };
  const due = now + CRASH_GRACE_MS;
  return { do: 'act', act, by, request: { ...request, intention, due, version: request.version + 1 } };
}

export type Move = { now: number; event: EventKind; by?: Person; said?: string | null };

export function enter(request: ResizeRequest, state: RunningState, move: Move): ResizeRequest {
  return changed(request, {
    events: [eventOf(move)],
    set: { state, intention: null, note: null, held: null, due: move.now },
  });
}

/** The last save of a request's life. */
export function end(request: ResizeRequest, { state, said }: Outcome, now: number): ResizeRequest {
  return changed(request, {
    events: [eventOf({ event: state, now, said })],
    set: { state, intention: null, note: null, held: null, outcome: null, due: null },
  });
}

export function fail(request: ResizeRequest, said: string, now: number): Step {
  return rest(end(request, { state: 'failed', said }, now));
}

export function failGone(request: ResizeRequest, now: number): Step {
  return fail(request, goneSentence(request.plan), now);
}

/** The end is decided; a server that ran before and is off now is started first. */
export function finish(
  request: ResizeRequest,
  outcome: Outcome,
  { running, now }: { running: boolean; now: number },
): Step {
  if (running || !request.plan.running) return rest(end(request, outcome, now));
  const starting = enter({ ...request, outcome }, 'starting', { event: 'starting', now });
  return beginAct(starting, 'start', now);
}

/** Waits for somebody's sign-in, and goes on after it where it was. */
export function hold(request: ResizeRequest, who: Person, now: number): Step {
  if (request.held) return restUntil({ ...request, held: { ...request.held, for: who } }, now + HELD_RETRY_MS);
  return rest(
    changed(request, {
      events: [{ kind: 'needs_login', at: now, by: who }],
      set: { state: 'needs_login', held: { state: request.state, for: who }, note: null, due: now + HELD_RETRY_MS },
    }),
  );
}

export function resume(request: ResizeRequest, now: number): ResizeRequest {
  if (!request.held) return request;
  return changed(request, {
    events: [{ kind: 'resumed', at: now, by: request.held.for }],
    set: { state: request.held.state, held: null, due: now },
  });
}

function eventOf({ event, now, by, said }: Move) {
  return { kind: event, at: now, ...(by && { by }), ...(said && { said }) };
}
