import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];

it('asks for a resize from anywhere: the form also asks in which channel the card shall be', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice', 'bob'] });
  await alice.chooses('Resize a server');
  await alice.seesModal('Channel for the card');
  expect(await alice.submits({ Server: 'web-1', Flavor: 'c1.large' })).toHaveProperty('channel');
  await alice.submits({ Server: 'web-1', Flavor: 'c1.large', 'Channel for the card': 'C0OPS' });
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  expect(cloud.flavorOf('web-1')).toBe('c1.large');
});

it('lists the servers in a window, and pages and opens them there', async () => {
  const servers = Array.from({ length: 60 }, (_unused, place) => ({
    name: `node-${place}`,
    project: 'demo',
    flavor: 's2.small.1',
  }));
  const { alice } = await worlds.open({ signedIn: ALICE, cloud: { seed: { servers } } });
  await alice.chooses('List servers');
  await alice.seesModal('servers in project');
  await alice.clicks('Next');
  await alice.seesModal('Previous');
  await alice.picks('node-', 'Show one');
  await alice.seesModal(/node-\d+ is ACTIVE/);
  await alice.clicks('Details');
  await alice.seesModal('What was done to it');
});

it('shows the server that a message names, be it of a person or a card of ours', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ALICE });
  await bob.says('web-10 is fine, but web-1. has been slow since noon');
  await alice.chooses('Show the named server', 'has been slow');
  await alice.seesPrivately('web-1 is ACTIVE');
  const { text } = await alice.seesPrivately('Again: /ecs show');
  expect(text).toMatch(/Again: \/ecs show [0-9a-f-]{36}/);
  await alice.says('/ecs resize db-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  await alice.chooses('Show the named server', 'Awaiting approval');
  await alice.seesPrivately('db-1 is ACTIVE');
});

it('asks which one when a message names several, and says when it names none', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ALICE });
  await bob.says('web-1 and web-2 are down');
  await alice.chooses('Show the named server', 'are down');
  await alice.seesPrivately('That message names 2 servers: which one?');
  await alice.clicks('This one');
  await alice.seesPrivately(/web-[12] is ACTIVE/);
  await bob.says('nothing to see here');
  await alice.chooses('Show the named server', 'nothing to see');
  await alice.seesPrivately('That message names no server of project demo.');
});

it('asks for a sign-in first, where the person is looking', async () => {
  const { alice, bob } = await worlds.open();
  await alice.chooses('List servers');
  await alice.seesModal('You are not signed in');
  await bob.says('web-1 is slow');
  await alice.closesModal();
  await alice.chooses('Show the named server', 'web-1 is slow');
  await alice.seesPrivately('You are not signed in');
});
