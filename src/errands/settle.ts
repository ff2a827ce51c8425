// What the cloud answered, written down next to the intention that was sent. Pure.
import { waitForSignIn } from './endings.ts';
import { currentStep, type Errand, noted, type Step, withStep } from './errand.ts';

/** Between two tries of a call that was certainly not carried out. */
const SLOWEST_AGAIN_MS = 60_000;

/** What the call was answered with; `signed_out`: certainly not done. `id`: of what it made. */
export type Outcome =
  | { kind: 'signed_out' }
  | {
      kind: 'answered';
      answer: NonNullable<NonNullable<Step['intention']>['answer']>;
      id: string | null;
      waitMs: number;
    };

/** Says when to look, too. */
export function settle(errand: Errand, outcome: Outcome, now: number): Errand {
  const step = currentStep(errand);
  if (!step?.intention) return errand;
  if (outcome.kind === 'signed_out') {
    return waitForSignIn({ ...errand, ...withStep(errand, { intention: null }) }, step, now);
  }
  const { answer, id, waitMs } = outcome;
  const next = withStep(errand, { intention: { ...step.intention, answer }, id: id ?? step.id });
  const due =
    answer.kind === 'later' ? now + Math.max(waitMs, Math.min(SLOWEST_AGAIN_MS, 2_000 * step.intention.attempt)) : now;
  return noted(errand, { ...next, due });
}
