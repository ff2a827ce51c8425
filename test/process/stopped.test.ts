// A deployment: the bot is asked to stop while it follows what somebody asked for, and its successor goes on with that.
import { expect, it } from 'vitest';
import { useDecks } from './deck.ts';
import { countOf } from './play.ts';

const decks = useDecks();

it('an order that is being followed is followed to its end by the successor, and sent once', async () => {
  const deck = await decks.open({ cloud: { pace: { stopMs: 8_000 } } });
  await deck.alice.signsIn();
  await deck.alice.says('/ecs stop web-1 --yes');
  await deck.alice.sees('is stopping web-1');
  expect(await deck.bots[0]?.stop()).toBe(0);
  deck.alice.doesNotSee('I look no longer');

  await deck.restart(0);
  await deck.alice.sees('web-1 is shut off (SHUTOFF)');
  expect(countOf(deck, 'stop')).toBe(1);
});
