// A channel shared with another company: its people see the card and can press its buttons.
import { expect, it } from 'vitest';
import { CHANNELS, PEOPLE } from '../support/outside.ts';
import { Citizen, useWorlds } from '../support/world.ts';
import { asked, orders, requestId } from './steps.ts';

const worlds = useWorlds();

const MALLORY = {
  id: 'U0MALLORY',
  name: 'mallory',
  realName: 'Mallory Moor',
  timeZone: 'Europe/Paris',
  isBot: false,
  teamId: 'T0OTHER',
};

it('lets nobody of another company decide, nor learn anything from trying', async () => {
  const channels = (CHANNELS ?? []).map((channel) => ({ ...channel, members: [...channel.members, MALLORY.id] }));
  const world = await worlds.open({ signedIn: ['alice', 'bob'], slack: { users: [...PEOPLE, MALLORY], channels } });
  const mallory = new Citizen(world.slack, MALLORY);
  await asked(world);
  const id = await requestId(world);
  for (const button of ['Approve', 'Deny', 'Cancel']) {
    await mallory.clicks(button);
    await mallory.seesPrivately(
      `Request ${id} belongs to another Slack workspace; only members of that workspace can ${button.toLowerCase()} it.`,
    );
  }
  expect(world.alice.card()?.text).toContain('Awaiting approval');
  expect(orders(world)).toEqual({});

  await world.bob.clicks('Approve');
  await world.alice.seesOnCard('Awaiting confirmation');
  await mallory.clicks('Revert');
  await mallory.seesPrivately('only members of that workspace can revert it');
  expect(orders(world)).toEqual({ stop: 1, resize: 1 });
});
