import { expect, it } from 'vitest';
import type { FaultKind } from '../simulators/cloud/faults.ts';
import { until } from '../support/until.ts';
import { type Deck, useDecks } from './deck.ts';
import { killAndRestart } from './play.ts';

const decks = useDecks();

const LINE = '/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --key alice-key';
const ORDER = { method: 'POST', path: /\/servers$/ };

function made({ cloud }: Deck): number {
  return cloud.state().servers.filter(({ name }) => name === 'web-9').length;
}

it.each<[fate: string, fault: FaultKind]>([
  ['was carried out', 'hang_after'],
  ['never arrived', 'hang'],
])('killed while an order for a server is under way that %s, it makes one server', async (_fate, fault) => {
  const deck = await decks.open();
  await deck.alice.signsIn();
  deck.cloud.failNext({ match: ORDER, with: fault });
  await deck.alice.says(LINE);
  await until(() => deck.cloud.countCalls(ORDER) > 0, 'the order');

  await killAndRestart(deck);
  await until(() => made(deck) > 0 && deck.cloud.status('web-9') === 'ACTIVE', 'the server', 60_000);

  await deck.bob.seesOnCard('Ready · web-9');
  await deck.alice.seesInDm('Your server web-9 is ACTIVE');
  expect(made(deck)).toBe(1);
  expect(deck.bob.cards()).toHaveLength(1);
});

it('killed while a server is being built, it tells the end and the password all the same', async () => {
  const deck = await decks.open({ cloud: { pace: { createMs: 6_000 } } });
  await deck.alice.signsIn();
  await deck.alice.says(LINE);
  await deck.bob.seesOnCard('Building · web-9');

  await killAndRestart(deck);
  await until(() => deck.cloud.status('web-9') === 'ACTIVE', 'the server', 30_000);

  await deck.alice.seesInDm('Its first password, told to you alone and only here');
  await deck.bob.seesOnCard('Ready · web-9');
  expect(made(deck)).toBe(1);
});
