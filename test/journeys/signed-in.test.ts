import { expect, it } from 'vitest';
import { HOUR } from '../support/clock.ts';
import { useWorlds, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();

const TWO_PROJECTS: WorldOptions = {
  cloud: {
    seed: {
      users: [
        { name: 'alice', roles: { demo: 'member', ops: 'member' } },
        { name: 'bob', roles: { demo: 'member' } },
        { name: 'carol', roles: {} },
      ],
    },
  },
};

it('revokes every token at logout and forgets the person', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  expect(cloud.livingTokens().map(({ user }) => user)).toContain('alice');
  expect((await alice.asks('/ecs logout')).text).toMatch(
    /You are signed out; \d tokens were revoked and everything held for you is forgotten\./,
  );
  expect(cloud.livingTokens()).toEqual([]);
  expect((await alice.asks('/ecs list')).text).toContain('You are not signed in');
});

it('says so when logging out cannot reach the cloud, and forgets the person all the same', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.outage(true);
  expect((await alice.asks('/ecs logout')).text).toMatch(/You are signed out .* could not be/);
  cloud.outage(false);
  expect((await alice.asks('/ecs list')).text).toContain('You are not signed in');
});

it('renews an expired token without a word', async () => {
  const { alice, clock, identity } = await worlds.open({ signedIn: ['alice'] });
  clock.advance(3 * HOUR);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
  expect(identity.refreshes()).toBe(1);
});

it('asks to sign in again when the sign-in cannot be renewed', async () => {
  const { alice, clock, identity } = await worlds.open({ signedIn: ['alice'] });
  identity.endSignIns('alice');
  clock.advance(3 * HOUR);
  expect((await alice.asks('/ecs list')).text).toContain(
    'Your sign-in to the cloud has ended and could not be renewed. Type “/ecs login” to sign in again.',
  );
  await alice.signsIn();
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});

it('tells the provider being away from a sign-in that has ended', async () => {
  const { alice, clock, identity } = await worlds.open({ signedIn: ['alice'] });
  clock.advance(3 * HOUR);
  identity.breakWith(503);
  expect((await alice.asks('/ecs list')).text).toContain(
    'The identity provider does not answer. Try again in a few minutes.',
  );
  identity.breakWith(null);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});

it('notices at once that an administrator has ended all tokens, and gets a new one', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs list');
  cloud.operator.revokeAllTokens();
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});

it('lets a person with several projects choose one', async () => {
  const { alice } = await worlds.open(TWO_PROJECTS);
  await alice.signsIn();
  await alice.seesPrivately('You have 2 projects: choose the one to work in.');
  expect((await alice.asks('/ecs list')).text).toContain('choose one with');
  await alice.picks('ops', 'Choose a project');
  await alice.seesPrivately('You work in project ops now.');
  expect((await alice.asks('/ecs list')).text).toContain('There are no servers in project ops.');
  expect((await alice.asks('/ecs project demo')).text).toContain('You work in project demo now.');
  expect((await alice.asks('/ecs whoami')).text).toMatch(/Project here\ndemo/);
  expect((await alice.asks('/ecs project dmo')).text).toContain('You have no project dmo. Near it: demo');
});

it('gives a channel a project of its own, for its members', async () => {
  const { alice, bob } = await worlds.open({ ...TWO_PROJECTS, signedIn: ['alice', 'bob'] });
  await alice.asks('/ecs project ops');
  alice.channel = 'C0WEB';
  await alice.says('/ecs project demo --channel');
  await bob.sees('@alice chose project demo for this channel');
  expect((await alice.asks('/ecs list')).text).toContain('3 servers in project demo');
  expect((await alice.asks('/ecs project ops')).text).toContain(
    'This channel has its own project, demo, which goes first.',
  );
  alice.channel = 'C0OPS';
  expect((await alice.asks('/ecs list')).text).toContain('project ops');
  alice.channel = 'C0WEB';
  await alice.says('/ecs project --channel --forget');
  await bob.sees("@alice took this channel's project away");
  expect((await alice.asks('/ecs list')).text).toContain('project ops');
});

it('tells somebody without any project what is missing', async () => {
  const { carol } = await worlds.open(TWO_PROJECTS);
  const page = await carol.getsCode(await carol.asksForLink());
  expect(page.html).toContain('has no role in any project yet');
  await carol.signsIn();
  expect((await carol.asks('/ecs list')).text).toContain('has no role in any project of the cloud');
});

it('tells a person who they are, and that a role was taken away', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  expect((await alice.asks('/ecs whoami')).text).toMatch(
    /You are alice in the cloud\.\nProject here\ndemo\nProjects\n1\n[^]*the identity provider[^]*Again: \/ecs whoami/,
  );
  cloud.operator.removeRole('alice', 'demo');
  expect((await alice.asks('/ecs list')).text).toContain('You have no role in the project demo (any more)');
});
