// How the people go on after a kill, and what must be true in the end.
import { expect } from 'vitest';
import type { Deck } from './deck.ts';

export type Choice = 'Confirm' | 'Revert';
export type State = Parameters<Deck['reaches']>[0];

/** Slow enough that a state can be seen, and killed in. */
export const PACE = { stopMs: 700, startMs: 700, resizeMs: 900, confirmMs: 700, revertMs: 900 };

/** With two replicas the other one goes on alone for a moment. */
export async function killAndRestart(deck: Deck): Promise<void> {
  const other = deck.bots.length - 1;
  await deck.kill(0);
  deck.routeTo(other);
  await deck.restart(0);
  deck.routeTo(0);
}

/** From the asking until the state, by the clicks that lead there. */
export async function playUntil(deck: Deck, state: State, choice: Choice): Promise<void> {
  await deck.alice.says('/ecs resize web-1 c1.2xlarge --reason "killed on the way"');
  await deck.reaches('awaiting_approval');
  if (state !== 'awaiting_approval') await deck.bob.clicks('Approve');
  if (isAfterChoice(state)) {
    await deck.reaches('awaiting_confirmation');
    await deck.alice.clicks(choice);
  }
}

/** Goes on from wherever the request is to its end, as the people would. */
export async function playToTheEnd(deck: Deck, choice: Choice): Promise<void> {
  const state = async () => (await deck.request())?.state ?? 'awaiting_approval';
  if ((await state()) === 'awaiting_approval') await deck.bob.clicks('Approve');
  if (!isAfterChoice(await state())) {
    await deck.reaches('awaiting_confirmation');
    await deck.alice.clicks(choice);
  }
  await deck.reaches(choice === 'Confirm' ? 'succeeded' : 'reverted');
}

function isAfterChoice(state: State): boolean {
  return ['confirming', 'reverting', 'starting', 'succeeded', 'reverted'].includes(state);
}

export function countOf(deck: Deck, action: string): number {
  return deck.cloud.actionsOf('web-1').filter((one) => one.action === action).length;
}

export function expectOneOfEach(deck: Deck, choice: Choice): void {
  expect(countOf(deck, 'resize')).toBe(1);
  expect(countOf(deck, 'confirmResize')).toBe(choice === 'Confirm' ? 1 : 0);
  expect(countOf(deck, 'revertResize')).toBe(choice === 'Confirm' ? 0 : 1);
  expect(deck.cloud.status('web-1')).toBe('ACTIVE');
  expect(deck.cloud.flavorOf('web-1')).toBe(choice === 'Confirm' ? 'c1.2xlarge' : 's2.small.1');
}
