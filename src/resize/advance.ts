// What the cloud shows now → what to do next. Pure, and harmless to repeat: only what was saved and seen counts.
import { unreachable } from '../errors.ts';
import { replan } from './decide.ts';
import { broken, chosenElsewhere, withoutServer } from './elsewhere.ts';
import { elsewhereSentence, targetGoneSentence } from './failures.ts';
import type { Observation } from './observation.ts';
import { drift } from './plan.ts';
import { CONFLICT_LIMIT_MS, viewOf } from './pursue.ts';
import { changed, isFinal, lastEvent, type ResizeRequest } from './request.ts';
import { whileRunning, type Running } from './run.ts';
import {
  beginAct,
  enter,
  fail,
  failGone,
  hold,
  remember,
  rest,
  restUntil,
  restWithNote,
  resume,
  type Step,
} from './steps.ts';

/** Another's task or lock before the run: how often we look again. */
const BLOCKED_RETRY_MS = 10_000;
const LOOK_AGAIN_MS = 60_000;

/** `observation` null: nobody has looked. Pure. */
export function advance(request: ResizeRequest, observation: Observation | null, now: number): Step {
  if (isFinal(request.state)) return rest(request);
  const seen = observation && isStale(request, observation) ? null : observation;
  switch (request.state) {
    case 'awaiting_approval':
      return now >= request.approveBy ? rest(expire(request, now)) : restUntil(request, request.approveBy);
    case 'approved':
    case 'scheduled':
      return beforeRun(request, seen, now);
    case 'needs_login':
      return whileHeld(request, seen, now);
    case 'awaiting_confirmation':
      return whileWaiting(request, seen, now);
    case 'stopping':
    case 'resizing':
    case 'confirming':
    case 'reverting':
    case 'starting':
      return whileRunning(asRunning(request, request.state), seen, now);
    default:
      return unreachable(request.state);
  }
}

/** The request itself and no copy: an unchanged one is told from a changed one by being the same. */
function asRunning(request: ResizeRequest, _state: Running['state']): Running {
  return request as Running;
}

/** A list asked for before our last call says nothing about what the call did. */
export function isStale({ intention }: ResizeRequest, { at }: Observation): boolean {
  return intention !== null && at < (intention.answer?.at ?? intention.at);
}

function expire(request: ResizeRequest, now: number): ResizeRequest {
  return changed(request, { events: [{ kind: 'expired', at: now }], set: { state: 'expired', note: null, due: null } });
}

/** Approved: one more look at everything the approval was about, then the first call. */
function beforeRun(request: ResizeRequest, seen: Observation | null, now: number): Step {
  if (!seen || seen.kind === 'server' || seen.kind === 'signed_in') {
    const waits = request.note !== null && request.due !== null && now < request.due;
    return waits ? rest(request) : { do: 'look', look: { kind: 'before_run', as: request.requester } };
  }
  if (seen.kind === 'target_gone') return fail(request, targetGoneSentence(request.plan), now);
  if (seen.kind !== 'before_run') return withoutServer(request, seen, now);
  if (seen.server.taskState !== null || seen.server.locked) return waitForOthers(request, seen, now);
  const changes = drift(request.plan, seen.plan);
  const { objection, lines } = seen.preflight;
  if (objection) return fail(request, [...changes, objection.sentence].join(' '), now);
  if (changes.length > 0) return rest(replan(request, { plan: seen.plan, lines, changes, now }));
  return startRun({ ...remember(request, seen.actions), plan: seen.plan }, now);
}

function waitForOthers(request: ResizeRequest, seen: Extract<Observation, { kind: 'before_run' }>, now: number): Step {
  const { server, plan } = seen;
  const since = lastEvent(request, 'approved')?.at ?? request.createdAt;
  const why = server.locked ? 'it has been locked' : `it has been busy with something else (${server.taskState})`;
  if (now >= since + CONFLICT_LIMIT_MS) {
    return fail(
      request,
      `${plan.server.name} was not touched: ${why} for ten minutes. Ask again when that is over.`,
      now,
    );
  }
  const note = server.locked
    ? { kind: 'locked' as const, since: now }
    : { kind: 'busy' as const, since: now, task: server.taskState ?? '' };
  return restWithNote(request, note, now + BLOCKED_RETRY_MS);
}

/** Safest on every cloud: stop first, resize the stopped server, start at the end (reference B.8). */
function startRun(request: ResizeRequest, now: number): Step {
  return request.plan.running
    ? beginAct(enter(request, 'stopping', { event: 'stopping', now }), 'stop', now)
    : beginAct(enter(request, 'resizing', { event: 'resizing', now }), 'resize', now);
}

function whileHeld(request: ResizeRequest, seen: Observation | null, now: number): Step {
  if (!request.held) throw new Error(`${request.id} waits for a sign-in and does not say whose`);
  if (seen?.kind === 'signed_in') return rest(resume(request, now));
  if (seen?.kind === 'signed_out') return hold(request, seen.who, now);
  if (seen?.kind === 'away') return restUntil(request, now + LOOK_AGAIN_MS);
  return { do: 'look', look: { kind: 'sign_in', as: request.held.for } };
}

/** Resized, and nobody has chosen yet. The cloud, or somebody by another way, may choose first. */
function whileWaiting(request: ResizeRequest, seen: Observation | null, now: number): Step {
  const late = request.confirmBy !== null && now >= request.confirmBy;
  if (seen?.kind === 'gone') return failGone(request, now);
  if (seen?.kind !== 'server') return late ? confirmAtDeadline(request, now) : restUntil(request, request.confirmBy);
  const view = viewOf(request, seen, now);
  const { situation } = view;
  switch (situation.kind) {
    case 'idle':
      return chosenElsewhere(view, situation);
    case 'verify':
      return late ? confirmAtDeadline(request, now) : restUntil(request, request.confirmBy);
    case 'verify_other':
      return fail(request, elsewhereSentence(request.plan, view.server), now);
    case 'error':
    case 'deleted':
      return broken(view);
    case 'moving':
    case 'going_back':
    case 'busy':
    case 'unusual':
      return restUntil(request, late ? now + LOOK_AGAIN_MS : request.confirmBy);
    default:
      return unreachable(situation);
  }
}

function confirmAtDeadline(request: ResizeRequest, now: number): Step {
  const confirming = enter({ ...request, chosen: null }, 'confirming', { event: 'auto_confirming', now });
  return beginAct(confirming, 'confirm', now);
}
