// A conversation while a part of the cloud is down: what the card says then, and how it ends once the part is back.
import { expect, test } from 'vitest';
import { useBot } from './support/use-bot.ts';
import { settled } from './support/watching.ts';

const house = await useBot();
const { medium } = house.under.flavors;

test('while the cloud has lost its network service an approval is not taken, and the one who gave it is told', async (context) => {
  const { alice, bob } = await house.openSignedIn();
  const { name } = await house.server();
  await alice.says(`/ecs resize ${name} ${await house.nameOf(medium)}`);
  await alice.seesOnCard('Awaiting approval');
  await house.without(context, 'network');
  await bob.clicks('Approve');
  await bob.seesPrivately('The cloud does not answer properly at the moment');
  expect(alice.card()?.text).toContain('Awaiting approval');
});

test('a resize waits while the cloud has lost its network service, says so, and goes on when it is back', async (context) => {
  const { alice, bob } = await house.openSignedIn();
  const { id, name } = await house.server();
  await alice.says(`/ecs resize ${name} ${await house.nameOf(medium)}`);
  await alice.seesOnCard('Awaiting approval');
  // The hosts hang, so that the stop is under way for as long as it takes.
  const goOn = await house.without(context, 'computes');
  await bob.clicks('Approve');
  await alice.seesOnCard('Stopping');
  const mend = await house.without(context, 'network');
  await goOn();
  await alice.seesOnCard('The cloud does not answer, since');
  await mend();
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Confirm');
  await alice.seesOnCard('✅ Resized');
  const { server } = await settled(await house.watcher(), id, 'ACTIVE');
  expect(server.flavor).toMatchObject({ name: await house.nameOf(medium) });
});
