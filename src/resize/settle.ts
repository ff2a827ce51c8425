// What came back from a call is written down next to the intention, with when to look at what became of it. Pure.
import { unreachable } from '../errors.ts';
import type { ActAnswer, ResizeRequest } from './request.ts';
import { hold, restWithNote, type Step } from './steps.ts';

/** Without a word from the poller, the first look after a call was taken. */
const FIRST_LOOK_MS = 15_000;
/** What could not be sent is sent again after this, then after twice as long, and so on. */
const LATER_STEP_MS = 5_000;
const LATER_MOST_MS = 60_000;

/** What the call was answered with; `signed_out`: certainly not done. */
export type ActOutcome = (ActAnswer & { retryAfterMs: number | null }) | { kind: 'signed_out' };

export function settle(request: ResizeRequest, outcome: ActOutcome, now: number): ResizeRequest {
  const { intention } = request;
  if (!intention) return request;
  if (outcome.kind === 'signed_out') return saved(hold(unsent(request), intention.by, now));
  const { retryAfterMs, ...answer } = outcome;
  const due = dueAfter(answer, { now, wait: retryAfterMs ?? 0, attempt: intention.attempt });
  const answered = { ...request, intention: { ...intention, answer } };
  if (answer.kind === 'later') {
    return saved(restWithNote(answered, { kind: 'retrying', since: now, act: intention.act, said: answer.said }, due));
  }
  return { ...answered, due, version: request.version + 1 };
}

/** With the server still untouched, the approval is checked against it once more after the sign-in. */
function unsent(request: ResizeRequest): ResizeRequest {
  const untouched = request.state === 'stopping' || (request.state === 'resizing' && !request.plan.running);
  return { ...request, intention: null, ...(untouched && { state: 'approved' }) };
}

function dueAfter(answer: ActAnswer, { now, wait, attempt }: { now: number; wait: number; attempt: number }): number {
  switch (answer.kind) {
    case 'accepted':
      return now + FIRST_LOOK_MS;
    case 'later':
      return now + Math.max(wait, Math.min(LATER_MOST_MS, LATER_STEP_MS * attempt));
    case 'conflict':
    case 'refused':
    case 'error':
    case 'lost':
      return now;
    default:
      return unreachable(answer.kind);
  }
}

function saved(step: Step): ResizeRequest {
  if (step.do === 'rest') return step.request;
  throw new Error(`settling an answer led to ${step.do}`);
}
