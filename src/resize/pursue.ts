// One call to the cloud, pursued until it is known to have been taken, or known not to: never sent twice on a guess.
import { unreachable } from '../errors.ts';
import {
  blockedSentence,
  gaveUpSentence,
  nothingHappenedSentence,
  refusedSentence,
  stillOffSentence,
  triedOftenSentence,
} from './failures.ts';
import {
  actionSince,
  lookers,
  situationOf,
  type ActionSeen,
  type JobSeen,
  type Observation,
  type Situation,
} from './observation.ts';
import type { ServerSeen } from './plan.ts';
import { changed, type ActAnswer, type ActKind, type Intention, type ResizeRequest } from './request.ts';
import { beginAct, CRASH_GRACE_MS, end, finish, remember, rest, restUntil, restWithNote, type Step } from './steps.ts';

/** The server as seen now, next to the request it is about. */
export type View = {
  request: ResizeRequest;
  server: ServerSeen;
  situation: Situation;
  actions: ActionSeen[] | null;
  /** Null: nobody has asked for it. */
  job: JobSeen | null;
  now: number;
};

export function viewOf(request: ResizeRequest, seen: Extract<Observation, { kind: 'server' }>, now: number): View {
  return {
    request,
    server: seen.server,
    situation: situationOf(request.plan, seen.server),
    actions: seen.actions,
    job: seen.job ?? null,
    now,
  };
}

/** After no answer at all Nova may still carry it out late (measured: 20 s and more with its message bus hung). */
const LOST_GRACE_MS = 60_000;
/** After a 500 Nova has finished with the call; its record only has to become visible. */
const ERROR_GRACE_MS = 10_000;
/** Taken, and still not to be seen in the server: normal for a moment, wrong after this. */
const SETTLE_MS = 60_000;
const LOOK_AGAIN_MS = 5_000;
/** Somebody else's task or lock: how often we ask again, and for how long. */
const CONFLICT_RETRY_MS = 15_000;
export const CONFLICT_LIMIT_MS = 10 * 60_000;
/** From here on the card says "still …"; how seldom a silent request is looked at on its own. */
export const SLOW_MS = 10 * 60_000;
const SLOW_LOOK_MS = 30 * 60_000;
const MOST_ERRORS = 3;
const MOST_LOST = 5;
const MOST_LATER = 20;

/** The server shows no trace of `act` (yet): wait, adopt what was sent after all, send it again, or give up. */
export function pursue(view: View, act: ActKind): Step {
  const { intention } = view.request;
  if (!intention || intention.act !== act) return beginAct(view.request, act, view.now);
  if (intention.answer?.kind === 'refused')
    return giveUp(view, act, refusedSentence(view.request.plan, act, intention.answer));
  if (intention.answer?.kind === 'later') return pursueLater(view, intention, intention.answer);
  if (!view.actions) return { do: 'look', look: { kind: 'server', actions: true, as: lookers(view.request) } };
  const sent = findSent(view.actions, intention);
  const known = { ...view, request: remember(view.request, view.actions) };
  if (sent?.failed) return giveUp(known, act, gaveUpSentence(view.request.plan, act, sent));
  if (intention.answer?.kind === 'accepted') return pursueAccepted(known, intention, intention.answer);
  if (sent) return adopt(known, intention, sent);
  return pursueUnsent(known, intention);
}

function findSent(actions: ActionSeen[], intention: Intention): ActionSeen | null {
  const own = actions.find((action) => action.requestId === intention.answer?.requestId);
  return own ?? actionSince(actions, intention.act, intention.before);
}

/** The answer got lost, the call did not. */
function adopt({ request, now }: View, intention: Intention, sent: ActionSeen): Step {
  const answer: ActAnswer = { kind: 'accepted', at: now, requestId: sent.requestId, said: null };
  return rest(changed(request, { set: { intention: { ...intention, answer }, note: null, due: now + LOOK_AGAIN_MS } }));
}

function pursueAccepted(view: View, intention: Intention, answer: ActAnswer): Step {
  const { request, now } = view;
  // After an accepted confirm or revert the status stays VERIFY_RESIZE for as long as it takes (reference 0.3).
  if (isClosing(intention.act)) return restWhileMoving(view);
  // Once it was seen moving, a fall back needs a moment until Nova's record says why.
  const noted = request.note?.kind === 'uncertain' ? request.note.since : now;
  const limit = (intention.seen ? noted : answer.at) + SETTLE_MS;
  const due = Math.min(now + LOOK_AGAIN_MS, limit);
  if (now < limit && intention.seen)
    return restWithNote(request, { kind: 'uncertain', since: now, act: intention.act }, due);
  if (now < limit) return restUntil(request, due);
  return giveUp(view, intention.act, nothingHappenedSentence(request.plan, intention.act, answer.requestId));
}

/** Nothing shows that it was sent. When that can be relied on depends on how it was lost. */
function pursueUnsent(view: View, intention: Intention): Step {
  const { answer, act, attempt } = intention;
  const { request, now } = view;
  if (!answer) return againAfter(view, intention, intention.at + CRASH_GRACE_MS);
  switch (answer.kind) {
    case 'lost':
      if (now >= answer.at + LOST_GRACE_MS && attempt >= MOST_LOST) {
        return giveUp(view, act, triedOftenSentence(act, answer.said));
      }
      return againAfter(view, intention, answer.at + LOST_GRACE_MS);
    case 'error':
      if (now >= answer.at + ERROR_GRACE_MS && attempt >= MOST_ERRORS) {
        return giveUp(view, act, triedOftenSentence(act, answer.said));
      }
      return againAfter(view, intention, answer.at + ERROR_GRACE_MS);
    case 'conflict':
      if (now >= intention.firstAt + CONFLICT_LIMIT_MS) {
        return giveUp(view, act, blockedSentence(request.plan, act, view.server));
      }
      return againAfter(view, intention, answer.at + CONFLICT_RETRY_MS);
    case 'accepted':
    case 'refused':
    case 'later':
      return rest(request);
    default:
      return unreachable(answer.kind);
  }
}

function againAfter({ request, server, now }: View, { act, answer }: Intention, time: number): Step {
  if (now >= time) return beginAct(request, act, now);
  if (!answer) return restUntil(request, time);
  const due = Math.min(time, now + LOOK_AGAIN_MS);
  if (answer.kind === 'lost' || answer.kind === 'error')
    return restWithNote(request, { kind: 'uncertain', since: now, act }, due);
  if (server.locked) return restWithNote(request, { kind: 'locked', since: now }, time);
  return restWithNote(request, { kind: 'retrying', since: now, act, said: answer.said }, time);
}

function pursueLater(view: View, intention: Intention, answer: ActAnswer): Step {
  const { request, now } = view;
  const { act, attempt } = intention;
  if (attempt >= MOST_LATER) return giveUp(view, act, triedOftenSentence(act, answer.said));
  return now >= (request.due ?? 0) ? beginAct(request, act, now) : rest(request);
}

/** The cloud is at it. Time alone never makes it a failure; it makes the card say "still". */
export function restWhileMoving({ request, now }: View): Step {
  const { intention } = request;
  if (!intention) return restUntil(request, now + SLOW_MS);
  const seen = intention.seen
    ? request
    : { ...request, intention: { ...intention, seen: true }, version: request.version + 1 };
  if (now >= intention.at + SLOW_MS) {
    const due = request.due && request.due > now ? request.due : now + SLOW_LOOK_MS;
    return restWithNote(seen, { kind: 'slow', since: intention.at }, due);
  }
  const due = intention.at + SLOW_MS;
  return request.note ? rest(changed(seen, { set: { note: null, due } })) : restUntil(seen, due);
}

/** What could not be done, by what it was: the server is left in the best state we may still reach. */
export function giveUp(view: View, act: ActKind, said: string): Step {
  const { request, situation, now } = view;
  if (isClosing(act)) return backToConfirmation(request, said, now);
  if (act === 'start') {
    const before =
      request.outcome?.said ??
      (request.outcome?.state === 'reverted' ? 'Reverted.' : `Resized to ${request.plan.to.name}.`);
    return rest(end(request, { state: 'failed', said: `${before} ${said} ${stillOffSentence(request.plan)}` }, now));
  }
  if (situation.kind === 'idle') return finish(request, { state: 'failed', said }, { running: situation.running, now });
  const off = request.plan.running && act === 'resize' ? ` ${stillOffSentence(request.plan)}` : '';
  return rest(end(request, { state: 'failed', said: said + off }, now));
}

/** Neither confirmed nor reverted, so it is asked again, with the full time to answer. */
function backToConfirmation(request: ResizeRequest, said: string, now: number): Step {
  const confirmBy = now + request.confirmTtl;
  return rest(
    changed(request, {
      events: [{ kind: 'not_taken', at: now, said }],
      set: { state: 'awaiting_confirmation', chosen: null, intention: null, note: null, confirmBy, due: confirmBy },
    }),
  );
}

function isClosing(act: ActKind): boolean {
  return act === 'confirm' || act === 'revert';
}
