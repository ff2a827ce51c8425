// The native resize: one job from the old flavor to the new, confirmed by the platform itself. What it makes of what is seen.
import { unreachable } from '../errors.ts';
import { broken, takenOver } from './elsewhere.ts';
import { jobFailedSentence, nothingHappenedSentence } from './failures.ts';
import { lookers, type JobSeen, type Situation } from './observation.ts';
import { giveUp, pursue, restWhileMoving, SLOW_MS, type View } from './pursue.ts';
import { fail, finish, restUntil, restWithNote, type Step } from './steps.ts';
import { waitForTask, waitUnusual } from './wait.ts';

/** A job tells nobody that it has ended (reference C.5: every 5 to 10 s). */
const JOB_LOOK_MS = 5_000;
const SLOW_LOOK_MS = 30_000;
/** The job is done and the server does not show it yet. */
const SETTLE_MS = 60_000;

export function duringJob(view: View): Step {
  const { request, situation, job, now } = view;
  switch (situation.kind) {
    case 'idle':
      return whileIdle(view, situation);
    case 'moving':
    case 'verify':
    case 'going_back':
      // The platform passes through all of them, and confirms by itself.
      if (job?.kind === 'failed') return fail(request, jobFailedSentence(request.plan, job, 'unclear'), now);
      return follows(view) ? restWhileJob(view) : restWhileMoving(view);
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

/** Whether there is a job to ask: its id got lost with the answer to the order. */
function follows({ request }: View): boolean {
  return request.intention?.answer?.jobId !== undefined;
}

function whileIdle(view: View, { running, flavor }: Extract<Situation, { kind: 'idle' }>): Step {
  const { request, job, now } = view;
  if (flavor === 'other') return takenOver(view);
  if (!follows(view)) return flavor === 'new' ? done(view, running) : pursue(view, 'resize');
  if (!job) return { do: 'look', look: { kind: 'server', actions: true, as: lookers(request) } };
  switch (job.kind) {
    case 'running':
      return restWhileJob(view);
    case 'failed': {
      const said = jobFailedSentence(request.plan, job, flavor);
      return finish(request, { state: 'failed', said }, { running, now });
    }
    case 'succeeded':
    case 'unknown':
      return flavor === 'new' ? done(view, running) : notShown(view, job.kind);
    default:
      return unreachable(job);
  }
}

function done({ request, now }: View, running: boolean): Step {
  return finish(request, { state: 'succeeded', said: null }, { running, now });
}

/** It says that it is done, or is forgotten, and the server still has the old flavor: that can be a moment late. */
function notShown(view: View, job: Extract<JobSeen['kind'], 'succeeded' | 'unknown'>): Step {
  const { request, now } = view;
  const answer = request.intention?.answer;
  const since = request.note?.kind === 'uncertain' ? request.note.since : now;
  if (now < since + SETTLE_MS) {
    return restWithNote(request, { kind: 'uncertain', since, act: 'resize' }, now + JOB_LOOK_MS);
  }
  if (job === 'unknown') return pursue(view, 'resize');
  return giveUp(view, 'resize', nothingHappenedSentence(request.plan, 'resize', answer?.requestId ?? null));
}

/** Time alone never makes it a failure; it makes the card say “still”. */
function restWhileJob({ request, now }: View): Step {
  const since = request.intention?.at ?? now;
  if (now >= since + SLOW_MS) return restWithNote(request, { kind: 'slow', since }, now + SLOW_LOOK_MS);
  return restUntil(request, now + JOB_LOOK_MS);
}
