// What a running state does while something that is not ours is being done to the server.
import { unusualSentence } from './failures.ts';
import { CONFLICT_LIMIT_MS, giveUp, restWhileMoving, type View } from './pursue.ts';
import { fail, restWithNote, type Step } from './steps.ts';

/** Another's task: how often we look again. */
const BLOCKED_RETRY_MS = 10_000;
const UNUSUAL_LOOK_MS = 60_000;
const UNUSUAL_LIMIT_MS = 10 * 60_000;

/** Our own task, or somebody else's that ours was refused for. */
export function waitForTask(view: View, task: string): Step {
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
export function waitUnusual({ request, now }: View, status: string): Step {
  const since = request.note?.kind === 'busy' && request.note.task === status ? request.note.since : now;
  if (status !== 'UNKNOWN' && now >= since + UNUSUAL_LIMIT_MS)
    return fail(request, unusualSentence(request.plan, status), now);
  return restWithNote(request, { kind: 'busy', since, task: status }, now + UNUSUAL_LOOK_MS);
}
