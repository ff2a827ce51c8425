import { describe, it } from 'vitest';
import { useDecks } from './deck.ts';
import { expectOneOfEach, PACE, type Choice } from './play.ts';

const decks = useDecks();

describe('clicks', () => {
  it('delivered twice are done once', async () => {
    const deck = await decks.open({ cloud: { pace: PACE } });
    await deck.alice.signsIn();
    await deck.bob.signsIn();
    deck.slack.faults.duplicateDeliveries = true;
    await deck.alice.says('/ecs resize web-1 c1.2xlarge');
    await deck.reaches('awaiting_approval');
    await deck.bob.clicks('Approve');
    await deck.reaches('awaiting_confirmation');
    await deck.alice.clicks('Confirm');
    await deck.reaches('succeeded');

    expectOneOfEach(deck, 'Confirm');
  });

  it('at the same instant on two replicas have one winner, and the other is told who won', async () => {
    const deck = await decks.open({ replicas: 2, cloud: { pace: PACE } });
    await deck.alice.signsIn();
    await deck.bob.signsIn();
    await deck.alice.says('/ecs resize web-1 c1.2xlarge');
    await deck.reaches('awaiting_approval');
    await deck.bob.clicks('Approve');
    await deck.reaches('awaiting_confirmation');
    const [confirm, revert] = [await deck.alice.holds('Confirm'), await deck.bob.holds('Revert')];
    deck.routeTo(0);
    const first = confirm();
    deck.routeTo(1);
    await Promise.all([first, revert()]);
    await deck.reachesOneOf(['succeeded', 'reverted']);

    const choice: Choice = (await deck.request())?.state === 'succeeded' ? 'Confirm' : 'Revert';
    const loser = choice === 'Confirm' ? deck.bob : deck.alice;
    expectOneOfEach(deck, choice);
    await loser.seesPrivately(/already|confirmed|reverted/i);
  });
});
