// Whole conversations about resizes, before whichever cloud is tested: what people type and click, what their cards say, and
// what the cloud itself says afterwards.
import { describe, expect, test } from 'vitest';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import { showServer } from '../../src/openstack/servers.ts';
import { useBot, type Cast } from './support/use-bot.ts';
import { needs, type TestServer } from './support/use-cloud.ts';
import { settled } from './support/watching.ts';

const house = await useBot();
const { small, medium, failsOnHost } = house.under.flavors;

/** Alice asks, Bob approves. */
async function approved({ alice, bob }: Cast, { name }: TestServer, flavor: string): Promise<void> {
  await alice.says(`/ecs resize ${name} ${await house.nameOf(flavor)} --reason "more load"`);
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
}

/** … and the cloud has resized it. */
async function resized(cast: Cast, server: TestServer): Promise<void> {
  await approved(cast, server, medium);
  await cast.alice.seesOnCard('Awaiting confirmation');
}

async function expectServer({ id }: TestServer, status: string, flavor: string): Promise<void> {
  const { server } = await settled(await house.watcher(), id, status);
  expect(server.flavor).toMatchObject({ name: await house.nameOf(flavor) });
}

/** What was done to it, newest first, its making left out. */
async function doneTo({ id }: TestServer): Promise<string[]> {
  const actions = await listServerActions(await house.member(), id);
  return actions.map(({ action }) => action).filter((action) => action !== 'create');
}

describe.each([
  ['application credentials', 'signsInByCredential'],
  ['OpenID Connect', 'signsInByOpenId'],
] as const)('people who signed in by %s', (_way, signsIn) => {
  test('resize a server: one asks, another approves, the first confirms', async (context) => {
    if (signsIn === 'signsInByOpenId') needs(context, house.openId);
    const cast = await house.open();
    const server = await house.server();
    for (const person of [cast.alice, cast.bob]) await house[signsIn](person);
    expect((await cast.alice.asks('/ecs list')).text).toContain(server.name);
    await resized(cast, server);
    await cast.alice.clicks('Confirm');
    await cast.alice.seesOnCard('✅ Resized');
    await cast.alice.seesInDm(server.name);
    await expectServer(server, 'ACTIVE', medium);
    expect(await doneTo(server)).toEqual(['start', 'confirmResize', 'resize', 'stop']);
  });
});

describe('a resize', () => {
  test('is taken back', async () => {
    const cast = await house.openSignedIn();
    const server = await house.server();
    await resized(cast, server);
    await cast.alice.clicks('Revert');
    await cast.alice.seesOnCard('↩️ Reverted');
    await expectServer(server, 'ACTIVE', small);
    expect(await doneTo(server)).toEqual(['start', 'revertResize', 'resize', 'stop']);
  });

  test('of a stopped server leaves it stopped', async () => {
    const cast = await house.openSignedIn();
    const server = await house.stoppedServer();
    await resized(cast, server);
    await cast.bob.clicks('Confirm');
    await cast.alice.seesOnCard('✅ Resized');
    await expectServer(server, 'SHUTOFF', medium);
  });

  test('is the same for a bot that is held to the oldest microversion', async () => {
    const cast = await house.openSignedIn({ OS_COMPUTE_API_VERSION: '2.1' });
    const server = await house.server();
    await resized(cast, server);
    await cast.alice.clicks('Confirm');
    await cast.alice.seesOnCard('✅ Resized');
    await expectServer(server, 'ACTIVE', medium);
  });

  test('that is denied touches nothing', async () => {
    const { alice, bob } = await house.openSignedIn();
    const server = await house.server();
    await alice.says(`/ecs resize ${server.name} ${await house.nameOf(medium)}`);
    await alice.seesOnCard('Awaiting approval');
    await bob.denies();
    await alice.seesOnCard('Denied');
    await expectServer(server, 'ACTIVE', small);
    expect(await doneTo(server)).toEqual([]);
  });

  test('that fits no host is told as such, and the server runs again as it was', async (context) => {
    const flavor = await house.roomlessFlavor(context);
    const cast = await house.openSignedIn();
    const server = await house.server();
    await approved(cast, server, flavor);
    const { text } = await cast.alice.seesOnCard('❌ Failed');
    expect(text).toContain('The cloud took the order to resize the server and gave it up');
    expect(text).toContain(`${server.name} keeps flavor ${await house.nameOf(small)}`);
    await cast.alice.seesInDm('Most often no host has room for it');
    await expectServer(server, 'ACTIVE', small);
  });

  test('that breaks on the host it goes to is told with the cloud’s own reason', async (context) => {
    const flavor = needs(context, failsOnHost);
    const cast = await house.openSignedIn();
    const server = await house.server();
    await approved(cast, server, flavor);
    const { text } = await cast.alice.seesOnCard('❌ Failed');
    const { fault } = await showServer(await house.member(), server.id);
    expect(text).toContain(`${server.name} is in status ERROR: ${fault?.message}`);
    await expectServer(server, 'ERROR', small);
  });
});
