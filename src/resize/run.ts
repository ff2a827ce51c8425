// From the first call to the last: what each running state makes of what the server shows.
import { unreachable } from '../errors.ts';
import { answering, broken, chosenElsewhere, closedByCloud, takenOver, withoutServer } from './elsewhere.ts';
import { duringJob } from './job-run.ts';
import { lookers, type Observation } from './observation.ts';
import { pursue, restWhileMoving, viewOf, type View } from './pursue.ts';
import type { ActKind, ResizeRequest, RunningState } from './request.ts';
import { beginAct, end, enter, finish, rest, type Step } from './steps.ts';
import { waitForTask, waitUnusual } from './wait.ts';

export type Running = ResizeRequest & { state: Exclude<RunningState, 'awaiting_confirmation'> };

const ACTS: Record<Running['state'], ActKind> = {
  stopping: 'stop',
  resizing: 'resize',
  confirming: 'confirm',
  reverting: 'revert',
  starting: 'start',
};

export function whileRunning(request: Running, seen: Observation | null, now: number): Step {
  if (seen?.kind === 'server') return duringRun(request.state, viewOf(answering(request), seen, now));
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
  if (view.request.plan.backend === 'native') return duringJob(view);
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
