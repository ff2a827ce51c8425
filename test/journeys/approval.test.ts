import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { useWorlds, type WorldOptions } from '../support/world.ts';
import { asked, orders, requestId, resized } from './steps.ts';

const worlds = useWorlds();
const EVERYBODY: ['alice', 'bob', 'carol'] = ['alice', 'bob', 'carol'];

/** Carol works elsewhere; all may change things in their own projects. */
const CAROL_ELSEWHERE: WorldOptions = {
  cloud: {
    seed: {
      users: [
        { name: 'alice', roles: { demo: 'member' } },
        { name: 'bob', roles: { demo: 'member' } },
        { name: 'carol', roles: { ops: 'member' } },
      ],
    },
  },
};

const ALL_MEMBERS: WorldOptions = {
  cloud: {
    seed: {
      users: EVERYBODY.map((name) => ({ name, roles: { demo: 'member' as const } })),
    },
  },
};

it('is not approved by the one who asked', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice } = world;
  await asked(world);
  await alice.clicks('Approve');
  await alice.seesPrivately(/You asked for R-\w+ yourself, and the four-eyes rule wants somebody else to approve it/);
  await alice.seesOnCard('Awaiting approval');
  await alice.clicks('Deny');
  await alice.seesPrivately(/press Cancel to withdraw it\. Deny is for the approvers/);
  expect(orders(world)).toEqual({});
});

it('is not approved by somebody who is not signed in, until they are', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, bob } = world;
  await asked(world);
  await bob.clicks('Approve');
  await bob.seesPrivately('You are not signed in to the cloud. Type “/ecs login” first.');
  await bob.signsIn();
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
});

it('is not decided by somebody of another project', async () => {
  const world = await worlds.open({ ...CAROL_ELSEWHERE, signedIn: EVERYBODY });
  const { carol, alice } = world;
  await asked(world);
  for (const decide of [() => carol.clicks('Approve'), () => carol.denies()]) {
    await decide();
    await carol.seesPrivately(
      /You cannot decide about R-\w+: with your sign-in, web-1 in project demo is not to be seen/,
    );
  }
  expect((await carol.asks(`/ecs approve ${await requestId(world)}`)).text).toContain('is not to be seen');
  await alice.seesOnCard('Awaiting approval');
  expect(alice.card()?.text).toContain('nobody yet');
  expect(orders(world)).toEqual({});
});

it('can be approved by somebody who may only look, and the cloud keeps them from more', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'carol'] });
  const { alice, carol, cloud } = world;
  await asked(world);
  await carol.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await carol.clicks('Revert');
  await alice.seesOnCard('Not done: The cloud refused to revert the resize');
  expect(cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  await alice.clicks('Confirm');
  await alice.seesOnCard('✅ Resized');
});

it('shows a request only to members of its project', async () => {
  const world = await worlds.open({ ...CAROL_ELSEWHERE, signedIn: EVERYBODY });
  await asked(world);
  expect((await world.carol.asks('/ecs requests')).text).toContain(
    'Nobody has asked for a resize in your projects yet.',
  );
  expect((await world.bob.asks('/ecs requests')).text).toContain('1 request in your projects');
});

it('answers the second of two approvers who click at once on two replicas', async () => {
  const world = await worlds.open({ ...ALL_MEMBERS, signedIn: EVERYBODY });
  const { alice, bob, carol, cloud, slack } = world;
  const replica = await world.anotherReplica();
  await asked(world);
  cloud.latencyMs = 100;
  const [bobs, carols] = [await bob.holds('Approve'), await carol.holds('Approve')];
  const first = bobs();
  await expect.poll(() => slack.deliveries.at(-1)?.kind).toBe('interaction');
  slack.connectApp(replica.eventsUrl);
  await Promise.all([first, carols()]);
  cloud.latencyMs = 0;
  await alice.seesOnCard('Awaiting confirmation');
  const [winner, other] = alice.card()?.text.includes('Approved by @bob') ? [bob, carol] : [carol, bob];
  await other.seesPrivately(new RegExp(`Request R-\\w+ was already approved by @${winner.name} at .* UTC`));
  winner.doesNotSee('was already');
  expect(alice.card()?.text.match(/Approved by @/g)).toHaveLength(1);
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1 });
});

it('lets one of two win who confirm and revert at the same moment', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  const other = await world.anotherReplica();
  await resized(world);
  const [confirm, revert] = [await alice.holds('Confirm'), await bob.holds('Revert')];
  const first = confirm();
  world.slack.connectApp(other.eventsUrl);
  await Promise.all([first, revert()]);
  await alice.seesOnCard(/✅ Resized|↩️ Reverted/);
  const { confirmResize = 0, revertResize = 0 } = orders(world);
  expect(confirmResize + revertResize).toBe(1);
  await (confirmResize === 1 ? bob : alice).seesPrivately(/was already (confirmed|reverted) by @/);
});

it('says that a click was taken already when it is clicked twice', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await asked(world);
  const [once, twice] = [await bob.holds('Approve'), await bob.holds('Approve')];
  await once();
  await alice.seesOnCard('Awaiting confirmation');
  await twice();
  await bob.seesPrivately(/was already approved by @bob at .* and is now "awaiting confirmation"/);
  expect(orders(world)).toMatchObject({ resize: 1 });
});

it('does not approve a server that has changed since it was asked for, but shows the new plan', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob, cloud } = world;
  await asked(world);
  cloud.operator.resize('web-1', 's2.medium.1');
  await bob.clicks('Approve');
  await bob.seesPrivately(/web-1 has changed since R-\w+ was asked for, so nothing was approved/);
  await alice.seesOnCard('Votes are void, because the server has changed');
  await alice.seesOnCard('Resize web-1: s2.medium.1 → c1.2xlarge');
  await alice.seesInThread(/@alice Votes are void/);
  expect(orders(world)).toEqual({ resize: 1 });
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  expect(cloud.flavorOf('web-1')).toBe('c1.2xlarge');
});

it('voids the votes when the server changes between the approval and the run', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob, cloud, clock } = world;
  await asked(world);
  cloud.operator.lock('web-1');
  await bob.clicks('Approve');
  await alice.seesOnCard('web-1 is locked');
  cloud.operator.rename('web-1', 'web-old');
  cloud.operator.unlock('web-old');
  clock.advance(MINUTE);
  await alice.seesOnCard('🟡 Awaiting approval · web-old');
  await alice.seesOnCard('Votes are void, because the server has changed');
  expect(alice.card()?.text).toContain('Approved by\nnobody yet');
  expect(orders(world, 'web-old')).toEqual({ lock: 1, unlock: 1 });
});

it('warns the approver when the new flavor is smaller', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob, cloud } = world;
  cloud.addServer({ name: 'big', project: 'demo', flavor: 'c1.large', imageId: null, volumeIds: ['v1'] });
  await asked(world, { server: 'big', flavor: 's2.medium.1' });
  await bob.seesOnCard('⚠️ Note: The new flavor is smaller (4 vCPU, 8 GiB to 2 vCPU, 2 GiB): performance drops');
  expect(await bob.isAskedBefore('Approve')).toContain(
    'big goes from 4 vCPU, 8 GiB down to 2 vCPU, 2 GiB: its performance drops.',
  );
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
});

it('is not confirmed by somebody who neither asked nor approved', async () => {
  const world = await worlds.open({ ...ALL_MEMBERS, signedIn: EVERYBODY });
  await resized(world);
  for (const label of ['Confirm', 'Revert']) {
    await world.carol.clicks(label);
    await world.carol.seesPrivately(/Only the person who asked for R-\w+ or somebody who approved it can/);
  }
  await world.bob.clicks('Confirm');
  await world.alice.seesOnCard('✅ Resized');
});
