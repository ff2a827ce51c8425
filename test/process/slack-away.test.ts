// The bot is killed in the middle of a resize and comes back while Slack is away: the server must not wait for Slack.
import { expect, it } from 'vitest';
import { useDecks } from './deck.ts';
import { PACE, playUntil } from './play.ts';

const decks = useDecks();

it('a resize goes on without Slack, and people are told everything once Slack is back', async () => {
  const deck = await decks.open({ cloud: { pace: PACE } });
  await deck.alice.signsIn();
  await deck.bob.signsIn();
  await playUntil(deck, 'stopping', 'Confirm');
  await deck.reaches('stopping');
  deck.slack.faults.outage(true);
  await deck.kill(0);
  await deck.restart(0);
  await deck.reaches('awaiting_confirmation');
  expect(deck.cloud.status('web-1')).toBe('VERIFY_RESIZE');

  deck.slack.faults.outage(false);
  await deck.alice.seesOnCard('Awaiting confirmation');
  await deck.alice.clicks('Confirm');
  await deck.reaches('succeeded');
  await deck.alice.seesInDm('web-1');
});
