// A person's click on a request: the request after it, or the sentence that says why not, by whom and since when.
import { unreachable, type UserError } from '../errors.ts';
import { drift, type Plan } from './plan.ts';
import type { PreflightLine } from './preflight.ts';
import type { Policy } from './policy.ts';
import {
  changed,
  isBeforeRun,
  lastEvent,
  samePerson,
  type Decision,
  type EventKind,
  type ResizeRequest,
} from './request.ts';
import { refusal } from './voice.ts';
import { approvalLateSentence, decidedSentence, driftSentence, misfitSentence, votedTwiceSentence } from './words.ts';

/** `seen`: what the approver's own look at the server gives now; null where none was needed. */
export type DecideContext = { now: number; policy: Policy; seen: { plan: Plan; lines: PreflightLine[] } | null };

/** `refusal`: the click changed the request (its votes are void) and is refused all the same. */
export type Decided = { request: ResizeRequest; refusal: UserError | null };

/** Pure. Throws UserError: `not_allowed` (by which rule), `already_done` (by whom, when), `wrong_state`, `expired`. */
export function decide(request: ResizeRequest, decision: Decision, context: DecideContext): Decided {
  const objection = context.policy.objection(request, decision);
  if (objection) throw refusal('not_allowed', (voice) => voice.text(objection));
  switch (decision.kind) {
    case 'approve':
      return approve(request, decision, context);
    case 'deny':
      refuseUnlessAwaitingApproval(request, decision, context.now);
      return end(request, decision, { state: 'denied', at: context.now });
    case 'cancel':
      if (request.state !== 'awaiting_approval' && !isBeforeRun(request)) throw tooLate(request, decision);
      return end(request, decision, { state: 'cancelled', at: context.now });
    case 'confirm':
    case 'revert':
      return choose(request, { kind: decision.kind, by: decision.by, at: context.now });
    default:
      return unreachable(decision.kind);
  }
}

function approve(request: ResizeRequest, { by, kind }: Decision, { now, policy, seen }: DecideContext): Decided {
  refuseUnlessAwaitingApproval(request, { kind, by }, now);
  const vote = request.approvals.find((one) => samePerson(one.by, by));
  if (vote) throw refusal('already_done', votedTwiceSentence(request, vote.at));
  const changes = seen ? drift(request.plan, seen.plan) : [];
  if (seen && changes.length > 0) {
    return {
      request: replan(request, { ...seen, changes, now }),
      refusal: refusal('wrong_state', driftSentence(request, changes)),
    };
  }
  const approvals = [...request.approvals, { by, at: now }];
  const enough = approvals.length >= policy.approvalsNeeded(request);
  const next = changed(request, {
    events: [{ kind: 'approved', at: now, by }],
    set: { approvals, state: enough ? 'approved' : request.state, due: enough ? now : request.due },
  });
  return { request: next, refusal: null };
}

/** Votes were for the old plan: they are void, and the time to approve begins again. */
export function replan(
  request: ResizeRequest,
  { plan, lines, changes, now }: { plan: Plan; lines: PreflightLine[]; changes: string[]; now: number },
): ResizeRequest {
  const approveBy = now + request.approvalTtl;
  return changed(request, {
    events: [{ kind: 'drifted', at: now, said: changes.join(' ') }],
    set: {
      state: 'awaiting_approval',
      held: null,
      note: null,
      approvals: [],
      plan,
      preflight: lines,
      approveBy,
      due: approveBy,
    },
  });
}

function choose(
  request: ResizeRequest,
  chosen: { kind: 'confirm' | 'revert'; by: Decision['by']; at: number },
): Decided {
  if (!canChoose(request)) throw tooLate(request, chosen);
  const state = chosen.kind === 'confirm' ? 'confirming' : 'reverting';
  const next = changed(request, {
    events: [{ kind: state, at: chosen.at, by: chosen.by }],
    set: { state, held: null, note: null, chosen, intention: null, due: chosen.at },
  });
  return { request: next, refusal: null };
}

/** Also when the one who chose lost the sign-in before anything was sent: else nobody could end it. */
export function canChoose(request: ResizeRequest): boolean {
  if (request.state === 'awaiting_confirmation') return true;
  const held = request.held?.state;
  return (held === 'confirming' || held === 'reverting') && request.intention === null;
}

function end(
  request: ResizeRequest,
  { by, reason }: Decision,
  { state, at }: { state: 'denied' | 'cancelled'; at: number },
): Decided {
  const said = reason?.trim() ? { said: reason.trim() } : {};
  const next = changed(request, {
    events: [{ kind: state, at, by, ...said }],
    set: { state, held: null, note: null, due: null },
  });
  return { request: next, refusal: null };
}

function refuseUnlessAwaitingApproval(request: ResizeRequest, decision: Decision, now: number): void {
  if (request.state === 'expired') throw refusal('expired', approvalLateSentence(request));
  if (request.state !== 'awaiting_approval') throw tooLate(request, decision);
  // The worker may not have come by yet to close it.
  if (now >= request.approveBy) throw refusal('expired', approvalLateSentence(request));
}

/** Which earlier decision stands in the way of this one. */
const BLOCKERS: Record<Decision['kind'], EventKind[]> = {
  approve: ['cancelled', 'denied', 'approved'],
  deny: ['cancelled', 'denied', 'approved'],
  cancel: ['cancelled', 'denied'],
  confirm: ['confirming', 'auto_confirming', 'cloud_confirmed', 'reverting', 'cloud_reverted', 'cancelled', 'denied'],
  revert: ['confirming', 'auto_confirming', 'cloud_confirmed', 'reverting', 'cloud_reverted', 'cancelled', 'denied'],
};

function tooLate(request: ResizeRequest, { kind }: Decision): UserError {
  const first = BLOCKERS[kind]
    .map((blocker) => lastEvent(request, blocker))
    .filter((event) => event !== null)
    .toSorted((one, other) => other.at - one.at)[0];
  return first
    ? refusal('already_done', decidedSentence(request, first))
    : refusal('wrong_state', misfitSentence(request, kind));
}
