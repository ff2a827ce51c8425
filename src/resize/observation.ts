// What a look at the cloud can show, and what it means for one request.
import type { Person } from '../slack/reply.ts';
import type { Away } from '../workflow/way-in.ts';
import { hasFlavor, type Plan, type ServerSeen } from './plan.ts';
import type { Preflight } from './preflight.ts';
import type { ActKind, ResizeRequest } from './request.ts';

/** One entry of the server's own record of actions; `failedEvent`: the step of Nova's that failed. */
export type ActionSeen = { act: string; requestId: string; failed: boolean; failedEvent: string | null };

/** How a native resize is getting on. `unknown`: the cloud has forgotten the job. Hostile texts. */
export type JobSeen =
  | { kind: 'running' | 'succeeded' | 'unknown' }
  | { kind: 'failed'; code: string | null; reason: string | null };

/**
 * `at`: our clock when the look began, ms since the epoch: nothing later is known by it.
 * `actions`: newest first; null when they were not asked for.
 */
export type Observation =
  | { kind: 'server'; at: number; server: ServerSeen; actions: ActionSeen[] | null; job?: JobSeen }
  | { kind: 'before_run'; at: number; server: ServerSeen; actions: ActionSeen[]; plan: Plan; preflight: Preflight }
  | { kind: 'gone'; at: number }
  /** The target flavor is no longer there. */
  | { kind: 'target_gone'; at: number }
  | { kind: 'signed_in'; at: number; who: Person }
  /** Nobody whose sign-in would do is signed in with access to the project; `who` is the one it waits for. */
  | { kind: 'signed_out'; at: number; who: Person }
  /** The cloud, or the way into it, does not answer. */
  | { kind: 'away'; at: number; away: Away; retryAfterMs: number | null }
  /** The looks at all that waits in its project have failed since then: nobody has seen anything. */
  | { kind: 'unseen'; at: number; since: number; away: Away };

/** What a step wants to see before it can go on, and as whom. */
export type Look =
  | { kind: 'server'; actions: boolean; as: Person[] }
  | { kind: 'before_run'; as: Person }
  | { kind: 'sign_in'; as: Person };

/** The server seen from one request's plan. `idle`: ACTIVE or SHUTOFF with no task. */
export type Situation =
  | { kind: 'idle'; running: boolean; flavor: 'old' | 'new' | 'other' }
  | { kind: 'busy'; task: string }
  | { kind: 'moving' }
  | { kind: 'verify' }
  | { kind: 'verify_other' }
  | { kind: 'going_back' }
  | { kind: 'error' }
  | { kind: 'deleted' }
  | { kind: 'unusual'; status: string };

/** Decides on status, vm_state and task together (reference B.4): VERIFY_RESIZE with a task is not ready to confirm. */
export function situationOf(plan: Plan, server: ServerSeen): Situation {
  const { status, taskState } = server;
  switch (status) {
    case 'ACTIVE':
    case 'SHUTOFF':
      if (taskState !== null) return { kind: 'busy', task: taskState };
      return { kind: 'idle', running: status === 'ACTIVE', flavor: whichFlavor(plan, server) };
    case 'RESIZE':
      return { kind: 'moving' };
    case 'VERIFY_RESIZE':
      return verifying(plan, server);
    case 'REVERT_RESIZE':
      return { kind: 'going_back' };
    case 'ERROR':
      return { kind: 'error' };
    case 'DELETED':
    case 'SOFT_DELETED':
      return { kind: 'deleted' };
    default:
      return { kind: 'unusual', status };
  }
}

/** A reverted server that was stopped passes through VERIFY_RESIZE once more, powering off, with the old flavor. */
function verifying(plan: Plan, server: ServerSeen): Situation {
  const flavor = whichFlavor(plan, server);
  if (server.taskState === 'powering-off' || flavor === 'old') return { kind: 'going_back' };
  if (server.taskState !== null) return { kind: 'busy', task: server.taskState };
  if (server.vmState !== null && server.vmState !== 'resized') return { kind: 'moving' };
  return flavor === 'new' ? { kind: 'verify' } : { kind: 'verify_other' };
}

function whichFlavor(plan: Plan, server: ServerSeen): 'old' | 'new' | 'other' {
  if (hasFlavor(server, plan.to)) return 'new';
  return hasFlavor(server, plan.from) ? 'old' : 'other';
}

/** Nova's word for each act in its record of actions. */
const NOVA_WORDS: Record<ActKind, string> = {
  stop: 'stop',
  resize: 'resize',
  confirm: 'confirmResize',
  revert: 'revertResize',
  start: 'start',
};

/**
 * The newest action of this kind later than those in `before`. If it is there, the call was sent, whoever waited for
 * the answer. When none of `before` is in the list any more, everything counts as later: that errs on not repeating.
 */
export function actionSince(actions: ActionSeen[], act: ActKind, before: string[]): ActionSeen | null {
  const known = actions.findIndex((action) => before.includes(action.requestId));
  const later = known === -1 ? actions : actions.slice(0, known);
  return later.find((action) => action.act === NOVA_WORDS[act]) ?? null;
}

/** Whose eyes would do, best first: looking is everybody's right who had a part in it. */
export function lookers(request: ResizeRequest): Person[] {
  const chosen = request.chosen ? [request.chosen.by] : [];
  return [request.requester, ...chosen, ...request.approvals.map((vote) => vote.by)];
}
