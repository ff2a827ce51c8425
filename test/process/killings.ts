// What `kill` tests of one and of several replicas share: every running state, killed in and gone on from.
import { it } from 'vitest';
import { useDecks } from './deck.ts';
import { expectOneOfEach, killAndRestart, PACE, playToTheEnd, playUntil, type Choice, type State } from './play.ts';

const KILLINGS: [state: State, choice: Choice][] = [
  ['awaiting_approval', 'Confirm'],
  ['stopping', 'Confirm'],
  ['resizing', 'Confirm'],
  ['awaiting_confirmation', 'Confirm'],
  ['confirming', 'Confirm'],
  ['reverting', 'Revert'],
  ['starting', 'Confirm'],
];

export function killedInEachState(replicas: number): void {
  const decks = useDecks();

  it.each(KILLINGS)('while %s, the resize ends as if nothing had happened (%s)', async (state, choice) => {
    const deck = await decks.open({ replicas, cloud: { pace: PACE } });
    await deck.alice.signsIn();
    await deck.bob.signsIn();
    await playUntil(deck, state, choice);
    await deck.reaches(state);

    await killAndRestart(deck);
    await playToTheEnd(deck, choice);

    expectOneOfEach(deck, choice);
    await deck.alice.seesOnCard(choice === 'Confirm' ? 'Resized' : 'Reverted');
    await deck.alice.seesInDm('web-1');
  });
}
