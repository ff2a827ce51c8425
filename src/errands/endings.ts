// How the step in hand ends: it is done, it has failed, or it waits for its person's sign-in. Pure.
import { unreachable } from '../errors.ts';
import { changed, currentStep, type Errand, type Phase, type Step, UNDO_MS, withStep } from './errand.ts';
import type { Sight } from './sight.ts';

/** How often a missing sign-in is looked for, should the wake-up after the sign-in have been lost. */
export const HELD_LOOK_MS = 60_000;

type Ready = Extract<Sight, { kind: 'ready' }>;

/** The step in hand is done: on to the next one, or to the end. */
export function finishStep(errand: Errand, { id, detail, byName }: Ready, now: number): Errand {
  const current = currentStep(errand);
  const next = withStep(errand, {
    state: 'done',
    id,
    detail,
    byName: current?.byName === true || byName === true,
    word: null,
    startedAt: current?.startedAt ?? now,
    endedAt: now,
  });
  const at = errand.at + 1;
  if (at < errand.steps.length) return changed(errand, { ...next, at, note: null, due: now });
  return changed(errand, { ...next, at, note: null, ...ending(errand, current?.phase ?? 'do', now) });
}

function ending(errand: Errand, phase: Phase, now: number): Partial<Errand> {
  switch (phase) {
    case 'undo':
      return { state: 'undone', undoUntil: null, due: null };
    case 'remove':
      return { state: 'removed', undoUntil: null, due: null };
    case 'do': {
      const undoUntil = errand.undo.length > 0 ? now + UNDO_MS : null;
      return { state: 'done', undoUntil, due: undoUntil };
    }
    default:
      return unreachable(phase);
  }
}

/** What comes after the failed step is dropped. An undo that failed leaves the thing done, and may be tried again. */
export function fail(errand: Errand, said: string, now: number): Errand {
  const phase = currentStep(errand)?.phase ?? 'do';
  const steps = errand.steps.map((step, place): Step => {
    if (place === errand.at) return { ...step, state: 'failed', said, endedAt: now, word: null };
    return place > errand.at ? { ...step, state: 'dropped' } : step;
  });
  const common = { steps, note: null, held: null, at: errand.steps.length };
  if (phase !== 'undo') return changed(errand, { ...common, state: 'failed', undoUntil: null, due: null });
  const undoUntil = now + UNDO_MS;
  return changed(errand, { ...common, state: 'done', undoUntil, due: undoUntil });
}

/** A sign-in that looks well and is refused as soon as it is used must not be news every minute. */
const TOLD_AGAIN_MS = 10 * 60_000;

export function waitForSignIn(errand: Errand, step: Step, now: number): Errand {
  const before = errand.heldSince ?? -Infinity;
  const heldSince = now - before < TOLD_AGAIN_MS ? before : now;
  return changed(errand, { state: 'needs_login', held: step.by, heldSince, note: null, due: now + HELD_LOOK_MS });
}
