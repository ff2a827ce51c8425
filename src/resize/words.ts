// Every sentence a click on a request can be refused with.
import {
  isBeforeRun,
  isFinal,
  type DecisionKind,
  type ResizeEvent,
  type ResizeRequest,
  type ResizeState,
} from './request.ts';
import type { Voice } from './voice.ts';

/** The contract's words for the states, as they stand on the card. */
export const STATE_WORDS: Record<ResizeState, string> = {
  awaiting_approval: 'Awaiting approval',
  approved: 'Approved',
  scheduled: 'Scheduled',
  stopping: 'Stopping',
  resizing: 'Resizing',
  awaiting_confirmation: 'Awaiting confirmation',
  confirming: 'Confirming',
  reverting: 'Reverting',
  starting: 'Starting',
  succeeded: 'Resized',
  reverted: 'Reverted',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed',
  needs_login: 'Waiting for sign-in',
};

/** What had been decided when this click came. */
const DONE_WORDS: Partial<Record<ResizeEvent['kind'], string>> = {
  approved: 'approved',
  denied: 'denied',
  cancelled: 'cancelled',
  confirming: 'confirmed',
  reverting: 'reverted',
  auto_confirming: 'confirmed, because the deadline had passed,',
  cloud_confirmed: 'confirmed by the cloud itself',
  cloud_reverted: 'reverted outside this bot',
};

/** Somebody, a deadline or the cloud was first. */
export function decidedSentence(request: ResizeRequest, event: ResizeEvent) {
  return (voice: Voice) => {
    const by = event.by ? ` by ${voice.person(event.by)}` : '';
    return `Request ${request.id} was already ${DONE_WORDS[event.kind] ?? event.kind}${by} at ${voice.time(event.at)}${stands(request)}.`;
  };
}

export function approvalLateSentence(request: ResizeRequest) {
  return (voice: Voice) =>
    `Request ${request.id} expired at ${voice.time(request.approveBy)}, because nobody had approved it. Ask again with the resize command.`;
}

export function votedTwiceSentence(request: ResizeRequest, at: number) {
  return (voice: Voice) =>
    `You already approved ${request.id} at ${voice.time(at)}; it needs somebody else's approval as well.`;
}

/** The server changed under the vote: the card has the new plan. */
export function driftSentence(request: ResizeRequest, changes: string[]) {
  return (voice: Voice) =>
    `${voice.name(request.plan.server.name)} has changed since ${request.id} was asked for, so nothing was approved. ${voice.text(changes.join(' '))} The card now shows the new plan; look at it and approve again if it is still right.`;
}

/** A click that does not fit the state and that nobody took before: an early one, or one on a closed request. */
export function misfitSentence(request: ResizeRequest, kind: DecisionKind) {
  return (voice: Voice) => {
    const state = STATE_WORDS[request.state].toLowerCase();
    if (isFinal(request.state)) {
      const end = request.events.at(-1);
      return `Request ${request.id} ended as "${state}"${end ? ` at ${voice.time(end.at)}` : ''}; there is nothing left to ${kind}.`;
    }
    if (kind === 'cancel') {
      return `Request ${request.id} can no longer be cancelled, because the change has begun ("${state}"). Once the server is resized you can press Revert.`;
    }
    if (request.state === 'awaiting_approval' || isBeforeRun(request)) {
      return `Request ${request.id} cannot be ${kind === 'revert' ? 'reverted' : 'confirmed'} yet: it is "${state}". The card offers it once the server is resized.`;
    }
    return `Request ${request.id} is "${state}" now; wait until the card offers ${kind === 'revert' ? 'Revert' : 'Confirm'}.`;
  };
}

function stands(request: ResizeRequest): string {
  const last = request.events.at(-1);
  const same = last && DONE_WORDS[last.kind] !== undefined;
  return same && isFinal(request.state) ? '' : ` and is now "${STATE_WORDS[request.state].toLowerCase()}"`;
}
