// What a click on an errand's card does. Pure; refusals are thrown, and what they say is all the clicker sees.
import { UserError } from '../errors.ts';
import { refusal } from '../resize/voice.ts';
import type { Person } from '../slack/reply.ts';
import { changed, type Errand, leftovers, type Made, type Phase, type Step } from './errand.ts';
import type { Task } from './task.ts';

export type ErrandDecision = { kind: 'undo' | 'remove'; by: Person };

/** Throws UserError: `already_done`, `expired`, `wrong_state`. */
export function decide(errand: Errand, { kind, by }: ErrandDecision, now: number): Errand {
  if (errand.state === 'running' || errand.state === 'needs_login') throw stillRunning(errand);
  if (kind === 'remove') return remove(errand, by, now);
  refuseUnlessUndoable(errand, now);
  return begun(errand, { phase: 'undo', tasks: errand.undo, by, now });
}

function remove(errand: Errand, by: Person, now: number): Errand {
  const left = leftovers(errand);
  if (left.length === 0) throw alreadyDone(errand, 'remove');
  return begun(errand, { phase: 'remove', tasks: left.toReversed().map(removal), by, now });
}

function removal({ thing, id, name }: Made): Task {
  return { kind: 'remove', thing, it: { id, name } };
}

function refuseUnlessUndoable(errand: Errand, now: number): void {
  if (errand.state === 'undone' || errand.state === 'removed') throw alreadyDone(errand, 'undo');
  if (errand.state === 'failed')
    throw new UserError('wrong_state', `“${errand.title}” did not work, so there is nothing to undo.`);
  if (errand.undo.length === 0) throw new UserError('unsupported', `“${errand.title}” cannot be undone.`);
  if (errand.undoUntil === null || now >= errand.undoUntil) {
    const sentence = `The time to undo “${errand.title}” is over: somebody may rely on it by now. ${instead(errand)}`;
    throw new UserError('expired', sentence);
  }
}

function instead({ undo }: Errand): string {
  const kinds = new Set(undo.map(({ kind }) => kind));
  if (kinds.has('detach_disk')) return 'To take the disk off all the same, use “disk detach”.';
  if (kinds.has('detach_port')) return 'To take the NIC off all the same, use “nic detach”.';
  return 'To delete it all the same, use the cloud’s own tools.';
}

function alreadyDone(errand: Errand, phase: Exclude<Phase, 'do'>): UserError {
  const step = errand.steps.findLast((one) => one.phase === phase && one.state === 'done');
  const what = phase === 'undo' ? 'undone' : 'removed';
  if (!step) return new UserError('already_done', 'There is nothing left to remove.');
  return refusal('already_done', (voice) => {
    const when = step.endedAt === null ? '' : ` at ${voice.time(step.endedAt)}`;
    return `Already ${what} by ${voice.person(step.by)}${when}.`;
  });
}

function stillRunning(errand: Errand): UserError {
  return new UserError('busy', `“${errand.title}” is still under way. Wait until its card says how it ended.`);
}

type Beginning = { phase: Phase; tasks: Task[]; by: Person; now: number };

function begun(errand: Errand, { phase, tasks, by, now }: Beginning): Errand {
  const added = tasks.map((task) => newStep(task, phase, by));
  return changed(errand, {
    steps: [...errand.steps, ...added],
    at: errand.steps.length,
    state: 'running',
    undoUntil: null,
    note: null,
    due: now,
  });
}

export function newStep(task: Task, phase: Phase, by: Person): Step {
  return {
    task,
    phase,
    by,
    state: 'waiting',
    intention: null,
    before: null,
    id: null,
    byName: false,
    detail: null,
    word: null,
    said: null,
    startedAt: null,
    endedAt: null,
  };
}

/** Whether a button for it belongs on the card. */
export function offers(errand: Errand): { undo: boolean; remove: Made[] } {
  const undo = errand.state === 'done' && errand.undoUntil !== null && errand.undo.length > 0;
  return { undo, remove: leftovers(errand) };
}
