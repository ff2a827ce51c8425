// What the cloud shows of the step in hand → what to do next. Pure, and harmless to repeat: only what was saved and seen counts.
import { unreachable } from '../errors.ts';
import { fail, finishStep, HELD_LOOK_MS, waitForSignIn } from './endings.ts';
import { changed, currentStep, type Errand, noted, type Note, type Step, withStep } from './errand.ts';
import type { Sight } from './sight.ts';
import { busySentence, nothingHappenedSentence, stuckSentence, triedOftenSentence } from './words.ts';

/** `errand` is to be saved (if it differs) before anything else happens. `act`: its current step's intention is to be sent. */
export type Move = { do: 'rest'; errand: Errand } | { do: 'look' } | { do: 'act'; errand: Errand };

/** A killed sender's call reaches the cloud within this time or never; the sender gives up sending before it. */
export const CRASH_GRACE_MS = 3_000;
export const SEND_WITHIN_MS = 2_000;

const MINUTE_MS = 60_000;
/** Attaching and creating take seconds; a volume that is `attaching` for so long stays so (seen with dead hosts). */
const PENDING_LIMIT_MS = 15 * MINUTE_MS;
/** Taken, and still not to be seen: clouds show new things late. */
const SETTLE_MS = MINUTE_MS;
/** Somebody else's task on the server or disk. */
const BUSY_LIMIT_MS = 5 * MINUTE_MS;
const BUSY_LOOK_MS = 3_000;
/** After no answer at all the cloud may still carry it out late. */
const LOST_GRACE_MS = MINUTE_MS;
const FIRST_LOOK_MS = 500;
const SLOWEST_LOOK_MS = 10_000;
const AWAY_LEAST_MS = 5_000;
const AWAY_MOST_MS = MINUTE_MS;
const MOST_REFUSED = 2;
const MOST_LOST = 3;
const MOST_LATER = 20;

/** `seen` null: nobody has looked yet. */
export function advance(errand: Errand, seen: Sight | null, now: number): Move {
  const step = currentStep(errand);
  if (!step) return whileResting(errand, now);
  if (!seen || isStale(step, seen)) {
    return errand.due !== null && now < errand.due ? rest(errand) : { do: 'look' };
  }
  if (seen.kind === 'signed_out') return hold(errand, step, now);
  if (errand.state === 'needs_login') {
    if (seen.kind === 'away') return restUntil(errand, now + HELD_LOOK_MS);
    return rest(changed(errand, { state: 'running', held: null, due: now }));
  }
  return onSight(errand, { step, seen, now });
}

/** Asked for before our call was answered, it says nothing about what the call did. */
function isStale({ intention }: Step, { at }: Sight): boolean {
  return intention !== null && at < (intention.answer?.at ?? intention.at);
}

/** Done, and it can be taken back for a while. */
function whileResting(errand: Errand, now: number): Move {
  if (errand.undoUntil === null) return rest(errand);
  if (now < errand.undoUntil) return restUntil(errand, errand.undoUntil);
  return rest(changed(errand, { undoUntil: null, due: null }));
}

type View = { step: Step; seen: Exclude<Sight, { kind: 'signed_out' }>; now: number };

function onSight(errand: Errand, view: View): Move {
  const { step, seen, now } = view;
  switch (seen.kind) {
    case 'ready':
      return rest(finishStep(errand, seen, now));
    case 'pending':
      return whilePending(errand, { ...view, seen });
    case 'broken':
      return rest(fail(withId(errand, step, seen.id), seen.said, now));
    case 'blocked':
      return rest(fail(errand, seen.said, now));
    case 'busy':
      return whileBusy(errand, { step, now, word: seen.word });
    case 'absent':
      return whileAbsent(errand, { ...view, seen });
    case 'away':
      return whileAway(errand, seen, now);
    default:
      return unreachable(seen);
  }
}

/** What is broken was made all the same, and has to be named. */
function withId(errand: Errand, step: Step, id: string | null): Errand {
  return id === null || step.id !== null ? errand : { ...errand, ...withStep(errand, { id }) };
}

type Pending = Extract<Sight, { kind: 'pending' }>;

function whilePending(errand: Errand, { step, seen, now }: View & { seen: Pending }): Move {
  const since = step.startedAt ?? now;
  if (now >= since + PENDING_LIMIT_MS) {
    const said = stuckSentence(step.task, seen.word, PENDING_LIMIT_MS / MINUTE_MS);
    return rest(fail(withId(errand, step, seen.id), said, now));
  }
  const due = now + Math.min(SLOWEST_LOOK_MS, Math.max(FIRST_LOOK_MS, (now - since) / 4));
  const known = step.word === seen.word && step.id === seen.id && step.startedAt !== null && errand.note === null;
  if (known) return restUntil(errand, due);
  const byName = step.byName || seen.byName === true;
  const next = withStep(errand, { state: 'running', word: seen.word, id: seen.id, byName, startedAt: since });
  return rest(changed(errand, { ...next, note: null, due }));
}

function whileBusy(errand: Errand, { step, now, word }: { step: Step; now: number; word: string }): Move {
  const since = errand.note?.kind === 'busy' ? errand.note.since : now;
  if (now >= since + BUSY_LIMIT_MS) {
    return rest(fail(errand, busySentence(step.task, word, BUSY_LIMIT_MS / MINUTE_MS), now));
  }
  return restWithNote(errand, { kind: 'busy', since, word }, now + BUSY_LOOK_MS);
}

/** The longer it has been away, the more seldom we knock. */
function whileAway(errand: Errand, { away, retryAfterMs }: Extract<Sight, { kind: 'away' }>, now: number): Move {
  const since = errand.note?.kind === 'cloud_away' ? errand.note.since : now;
  const pause = Math.min(Math.max((now - since) / 2, AWAY_LEAST_MS), AWAY_MOST_MS);
  return restWithNote(errand, { kind: 'cloud_away', since, away }, now + Math.max(pause, retryAfterMs ?? 0));
}

/** Nothing shows that it was done: send it, wait, send it again, or give up. Never twice on a guess. */
function whileAbsent(errand: Errand, { step, seen, now }: View & { seen: { before: string[] } }): Move {
  const { intention, task } = step;
  if (!intention) return begin(errand, { step: { ...step, before: step.before ?? seen.before }, now });
  const { answer, attempt } = intention;
  if (!answer) return againAfter(errand, { step, now, time: intention.at + CRASH_GRACE_MS });
  switch (answer.kind) {
    case 'accepted':
      if (now < answer.at + settleMs(step)) return restUntil(errand, now + lookAfter(now - answer.at));
      return rest(fail(errand, gaveNothing(step, answer.requestId), now));
    case 'look':
      // It may have been busy just then; the look has told that it is not any more.
      if (attempt < MOST_REFUSED) return againAfter(errand, { step, now, time: answer.at + BUSY_LOOK_MS });
      return rest(fail(errand, answer.said ?? nothingHappenedSentence(task, answer.requestId), now));
    case 'refused':
      return rest(fail(errand, answer.said ?? nothingHappenedSentence(task, answer.requestId), now));
    case 'later':
      if (attempt >= MOST_LATER) return rest(fail(errand, triedOftenSentence(task, answer.said), now));
      return againAfter(errand, { step, now, time: errand.due ?? now });
    case 'lost':
      if (attempt >= MOST_LOST && now >= answer.at + LOST_GRACE_MS) {
        return rest(fail(errand, triedOftenSentence(task, answer.said), now));
      }
      return againAfter(errand, { step, now, time: answer.at + LOST_GRACE_MS });
    default:
      return unreachable(answer.kind);
  }
}

/** What goes away stays to be seen until it is gone; what comes is to be seen soon. */
function settleMs({ task }: Step): number {
  const goes = task.kind === 'detach_disk' || task.kind === 'detach_port' || task.kind === 'remove';
  return goes ? PENDING_LIMIT_MS : SETTLE_MS;
}

function gaveNothing(step: Step, requestId: string | null): string {
  return settleMs(step) === SETTLE_MS
    ? nothingHappenedSentence(step.task, requestId)
    : stuckSentence(step.task, step.word, PENDING_LIMIT_MS / MINUTE_MS);
}

function lookAfter(spentMs: number): number {
  return Math.min(SLOWEST_LOOK_MS, Math.max(FIRST_LOOK_MS, spentMs / 4));
}

function againAfter(errand: Errand, { step, now, time }: { step: Step; now: number; time: number }): Move {
  if (now >= time) return begin(errand, { step, now });
  const kind = step.intention?.answer?.kind;
  const due = Math.min(time, now + BUSY_LOOK_MS);
  if (kind !== 'lost') return restUntil(errand, due);
  return restWithNote(errand, { kind: 'uncertain', since: now }, due);
}

/** Writes down what is about to be sent. Nothing may be sent unless this has been saved. */
function begin(errand: Errand, { step, now }: { step: Step; now: number }): Move {
  const { intention, before } = step;
  const next: Partial<Step> = {
    state: 'running',
    before,
    startedAt: step.startedAt ?? now,
    intention: { at: now, firstAt: intention?.firstAt ?? now, attempt: (intention?.attempt ?? 0) + 1, answer: null },
  };
  const set = { ...withStep(errand, next), note: null, due: now + CRASH_GRACE_MS };
  const shows = step.startedAt === null || errand.note !== null;
  return { do: 'act', errand: shows ? changed(errand, set) : noted(errand, set) };
}

function hold(errand: Errand, step: Step, now: number): Move {
  if (errand.state === 'needs_login') return restUntil(errand, now + HELD_LOOK_MS);
  return rest(waitForSignIn(errand, step, now));
}

function rest(errand: Errand): Move {
  return { do: 'rest', errand };
}

function restUntil(errand: Errand, due: number): Move {
  return rest(errand.due === due ? errand : noted(errand, { due }));
}

/** The same note again keeps its `since` and bothers nobody. */
function restWithNote(errand: Errand, note: Note, due: number): Move {
  const known = errand.note;
  const same = known && JSON.stringify({ ...known, since: 0 }) === JSON.stringify({ ...note, since: 0 });
  return same ? restUntil(errand, due) : rest(changed(errand, { note, due }));
}
