// What is told directly, because an edited card notifies nobody.
import { describe, expect, it } from 'vitest';
import { fail, waitForSignIn } from '../../src/errands/endings.ts';
import { decide } from '../../src/errands/decide.ts';
import type { Errand } from '../../src/errands/errand.ts';
import { newErrand } from '../../src/errands/errands.ts';
import { news } from '../../src/errands/news.ts';
import type { Task } from '../../src/errands/task.ts';
import { ALICE, order, SERVER } from './house.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const BOB = { teamId: 'T1', userId: 'UBOB' };
const SECOND = 1_000;

function attaching(): Errand {
  const disk = { id: 'd1', name: 'data-1' };
  const tasks: Task[] = [{ kind: 'attach_disk', server: SERVER, disk }];
  const undo: Task[] = [{ kind: 'detach_disk', server: SERVER, disk }];
  return newErrand(order({ title: 'Attach data-1', tasks, undo }), NOW);
}

function doneAt(endedAt: number): Errand {
  const errand = attaching();
  const steps = errand.steps.map((step) => ({ ...step, state: 'done' as const, startedAt: NOW, endedAt }));
  return { ...errand, steps, at: 1, state: 'done', undoUntil: endedAt + 900 * SECOND };
}

const told = (errand: Errand) => news(errand, { slash: '/ecs' }).map(({ to, text }) => ({ to, text }));

describe('whoever asked', () => {
  it('is told the end of what took long, with where its card is', () => {
    expect(told(doneAt(NOW + 40 * SECOND))).toEqual([
      { to: { userId: 'UALICE' }, text: expect.stringMatching(/✅ Done: Attach data-1.*\nIts card: <#C1>$/) as string },
    ]);
  });

  it('is not told of what was over in a moment: the card says it', () => {
    expect(told(doneAt(NOW + 5 * SECOND))).toEqual([]);
    expect(told(attaching())).toEqual([]);
  });

  it('is told of what failed after a while', () => {
    const [message] = told(fail(attaching(), 'The host says no.', NOW + 60 * SECOND));
    expect(message?.text).toContain('❌ Failed: Attach data-1');
    expect(message?.text).toContain('The host says no.');
  });

  it('is told once, also when the time for Undo is over', () => {
    const done = doneAt(NOW + 40 * SECOND);
    const [first] = news(done, { slash: '/ecs' });
    const [second] = news({ ...done, undoUntil: null, revision: 9 }, { slash: '/ecs' });
    expect(second).toEqual(first);
  });
});

it('whoever takes it back is told how that ends, not who had asked for it', () => {
  const undoing = decide(doneAt(NOW + 5 * SECOND), { kind: 'undo', by: BOB }, NOW + 60 * SECOND);
  const begun = undoing.steps.map((step) => (step.phase === 'undo' ? { ...step, startedAt: NOW + 60 * SECOND } : step));
  const steps = begun.map((step) => ({ ...step, state: 'done' as const, endedAt: step.endedAt ?? NOW + 120 * SECOND }));
  const undone: Errand = { ...undoing, steps, at: 2, state: 'undone' };
  expect(told(undone)).toEqual([
    { to: { userId: 'UBOB' }, text: expect.stringContaining('↩️ Undone: Attach data-1') as string },
  ]);
});

it('whose sign-in is missing a second time at the same step is told again, but not every minute', () => {
  const errand = attaching();
  const [step] = errand.steps;
  if (!step) throw new Error('no step');
  const keysOf = (held: Errand) => news(held, { slash: '/ecs' }).map(({ key }) => key);
  const first = waitForSignIn(errand, step, NOW);
  const missingAgain = (at: number) => waitForSignIn({ ...first, state: 'running', held: null }, step, at);
  expect(keysOf({ ...first, revision: 9, due: NOW + 30 * SECOND })).toEqual(keysOf(first));
  expect(keysOf(missingAgain(NOW + 3_600 * SECOND))).not.toEqual(keysOf(first));
  expect(keysOf(missingAgain(NOW + 60 * SECOND))).toEqual(keysOf(first));
  expect(keysOf({ ...missingAgain(NOW + 60 * SECOND), at: 1, held: BOB })).not.toEqual(keysOf(first));
});

it('whose sign-in is missing is asked for it', () => {
  const held: Errand = { ...attaching(), state: 'needs_login', held: ALICE, region: 'eu-de' };
  expect(told(held)).toEqual([
    {
      to: { userId: 'UALICE' },
      text: expect.stringMatching(
        /“Attach data-1” \(E-\w+\) waits for your sign-in.*`\/ecs login`.*project `demo` in region `eu-de`/,
      ) as string,
    },
  ]);
});
