// From the first call to the last: what each running state makes of what the server shows.
import { unreachable } from '../errors.ts';
import { broken, chosenElsewhere, closedByCloud, takenOver, withoutServer } from './elsewhere.ts';
import { unusualSentence } from './failures.ts';
import { lookers, type Observation } from './observation.ts';
import { CONFLICT_LIMIT_MS, giveUp, pursue, restWhileMoving, viewOf, type View } from './pursue.ts';
import type { ActKind, ResizeRequest, RunningState } from './request.ts';
import { beginAct, end, enter, fail, finish, rest, restWithNote, type Step } from './steps.ts';

/** Another's task: how often we look again. */
const BLOCKED_RETRY_MS = 10_000;
const UNUSUAL_LOOK_MS = 60_000;
const UNUSUAL_LIMIT_MS = 10 * 60_000;

export type Running = ResizeRequest & { state: Exclude<RunningState, 'awaiting_confirmation'> };

const ACTS: Record<Running['state'], ActKind> = {
  stopping: 'stop',
  resizing: 'resize',
  confirming: 'confirm',
  reverting: 'revert',
  starting: 'start',
};

export function whileRunning(request: Running, seen: Observation | null, now: number): Step {
  if (seen?.kind === 'server') return duringRun(request.state, viewOf(request, seen, now));
  if (seen && seen.kind !== 'before_run' && seen.kind !== 'signed_in') return withoutServer(request, seen, now);
  // A person's choice is sent at once: if the server has moved on, the cloud refuses, and then we look.
  const closing = request.state === 'confirming' || request.state === 'reverting';
  if (closing && !request.intention) return beginAct(request, ACTS[request.state], now);
  if (request.due === null || now < request.due) return rest(request);
  return { do: 'look', look: { kind: 'server', actions: request.intention !== null, as: lookers(request) } };
}

function duringRun(state: Running['state'], view: View): Step {
  switch (state) {
    case 'stopping':
      return duringStop(view);
    case 'resizing':
      return duringResize(view);
    case 'confirming':
    case 'reverting':
      return duringClosing(view, ACTS[state]);
    case 'starting':
      return duringStart(view);
    default:
      return unreachable(state);
  }
}

function duringStop(view: View): Step {
  const { request, situation, now } = view;
  switch (situation.kind) {
    case 'idle':
      if (situation.flavor !== 'old') return takenOver(view);
      if (situation.running) return pursue(view, 'stop');
      return beginAct(enter(request, 'resizing', { event: 'resizing', now }), 'resize', now);
    case 'busy':
      return waitForTask(view, situation.task);
    case 'moving':
    case 'verify':
    case 'verify_other':
    case 'going_back':
      return takenOver(view);
    case 'error':
    case 'deleted':
      return broken(view);
    case 'unusual':
      return waitUnusual(view, situation.status);
    default:
      return unreachable(situation);
  }
}

function duringResize(view: View): Step {
  const { request, situation, now } = view;
  switch (situation.kind) {
    case 'idle':
      if (situation.flavor === 'new') return closedByCloud(request, 'succeeded', { running: situation.running, now });
      if (situation.flavor === 'old') return pursue(view, 'resize');
      return takenOver(view);
    case 'verify':
      return rest(askToConfirm(request, now));
    case 'moving':
    case 'going_back':
      return restWhileMoving(view);
    case 'busy':
      return waitForTask(view, situation.task);
    case 'verify_other':
      return takenOver(view);
    case 'error':
    case 'deleted':
      return broken(view);
    case 'unusual':
      return waitUnusual(view, situation.status);
    default:
      return unreachable(situation);
  }
}

function askToConfirm(request: ResizeRequest, now: number): ResizeRequest {
  const confirmBy = now + request.confirmTtl;
  const asked = enter(request, 'awaiting_confirmation', { event: 'resized', now });
  return { ...asked, confirmBy, due: confirmBy };
}

/** Confirm and revert alike: either of them may have been done by somebody else before ours arrived. */
function duringClosing(view: View, act: 'confirm' | 'revert' | ActKind): Step {
  const { request, situation, now } = view;
  const wanted = act === 'confirm' ? 'new' : 'old';
  switch (situation.kind) {
    case 'idle':
      if (situation.flavor === 'other') return takenOver(view);
      if (situation.flavor !== wanted) return chosenElsewhere(view, situation);
      return finish(
        request,
        { state: act === 'confirm' ? 'succeeded' : 'reverted', said: null },
        { running: situation.running, now },
      );
    case 'verify':
      return pursue(view, act);
    case 'moving':
    case 'going_back':
    case 'busy':
      return restWhileMoving(view);
    case 'verify_other':
      return takenOver(view);
    case 'error':
    case 'deleted':
      return broken(view);
    case 'unusual':
      return waitUnusual(view, situation.status);
    default:
      return unreachable(situation);
  }
}

function duringStart(view: View): Step {
  const { request, situation, now } = view;
  const outcome = request.outcome ?? { state: 'succeeded', said: null };
  switch (situation.kind) {
    case 'idle':
      return situation.running ? rest(end(request, outcome, now)) : pursue(view, 'start');
    case 'busy':
      return waitForTask(view, situation.task);
    case 'moving':
    case 'verify':
    case 'verify_other':
    case 'going_back':
      // Somebody resizes it again: our part is over.
      return rest(end(request, outcome, now));
    case 'error':
    case 'deleted':
      return broken(view);
    case 'unusual':
      return waitUnusual(view, situation.status);
    default:
      return unreachable(situation);
  }
}

/** Our own task, or somebody else's that ours was refused for. */
function waitForTask(view: View, task: string): Step {
  const { request, now } = view;
  const { intention } = request;
  if (intention?.answer?.kind !== 'conflict') return restWhileMoving(view);
  if (now >= intention.firstAt + CONFLICT_LIMIT_MS) {
    return giveUp(
      view,
      intention.act,
      `${request.plan.server.name} has been busy with something else (${task}) for ten minutes.`,
    );
  }
  return restWithNote(request, { kind: 'busy', since: now, task }, now + BLOCKED_RETRY_MS);
}

/** PAUSED, SUSPENDED and the like, which nothing of ours leads to. UNKNOWN only means that the cloud cannot see it now. */
function waitUnusual({ request, now }: View, status: string): Step {
  const since = request.note?.kind === 'busy' && request.note.task === status ? request.note.since : now;
  if (status !== 'UNKNOWN' && now >= since + UNUSUAL_LIMIT_MS)
    return fail(request, unusualSentence(request.plan, status), now);
  return restWithNote(request, { kind: 'busy', since, task: status }, now + UNUSUAL_LOOK_MS);
}
