import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';
import { approved, asked, orders, resized, runsOn } from './steps.ts';

const worlds = useWorlds();
const BOTH: ['alice', 'bob'] = ['alice', 'bob'];

it('tells that the cloud gave the resize up without a word, and starts the server again', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud } = world;
  await approved(world, { flavor: 'huge.nohost' });
  await alice.seesOnCard('❌ Failed · web-1');
  await alice.seesOnCard(
    /The cloud took the order to resize the server and gave it up while finding a host with enough room.* web-1 keeps flavor s2\.small\.1\./,
  );
  await alice.seesInDm('Most often no host has room for it: try again later, choose another flavor');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1, start: 1 });
});

it('tells that the server is broken, in words, and leaves it alone', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud } = world;
  await approved(world, { flavor: 'fail.finish' });
  await alice.seesOnCard('❌ Failed · web-1');
  const { text } = await alice.seesOnCard('web-1 is in status ERROR: ');
  expect(text).toContain('It may be down. A hard reboot can help; otherwise ask the cloud operators');
  expect(text).not.toContain('Traceback');
  expect(cloud.status('web-1')).toBe('ERROR');
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1 });
});

it('tells that a taken resize came to nothing while the cloud had no network service, once it can be seen', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud, clock } = world;
  await approved(world);
  await alice.seesOnCard('⏳ Stopping');
  cloud.finish('web-1');
  await until(() => cloud.isChanging('web-1'), 'the resize to be taken');
  cloud.breakDown('network');
  cloud.finish('web-1');
  await alice.seesOnCard('The cloud does not answer, since');
  cloud.breakDown('network', false);
  clock.advance(2 * MINUTE);
  await runsOn(world, '❌ Failed · web-1');
  await alice.seesOnCard(
    /The cloud took the order to resize the server and gave it up .* web-1 keeps flavor s2\.small\.1\./,
  );
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, start: 1 });
});

it('tells that the server is broken when the cloud loses its network service in the middle of the resize', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud, clock } = world;
  await approved(world);
  await alice.seesOnCard('⏳ Stopping');
  cloud.finish('web-1');
  await until(() => cloud.isChanging('web-1'), 'the resize to be taken');
  cloud.step('web-1');
  cloud.breakDown('network');
  cloud.finish('web-1');
  await alice.seesOnCard('The cloud does not answer, since');
  cloud.breakDown('network', false);
  clock.advance(2 * MINUTE);
  const { text } = await alice.seesOnCard('❌ Failed · web-1');
  expect(text).toContain('web-1 is in status ERROR');
  expect(text).toContain('ConnectFailure');
  expect(orders(world)).toEqual({ stop: 1, resize: 1 });
});

it('resizes after all when the cloud had no network service as it was asked and began nothing', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  await asked(world);
  cloud.failNext({ match: { action: 'resize' }, with: 500 });
  await world.bob.clicks('Approve');
  await until(() => cloud.countCalls({ action: 'resize' }) === 1, 'the resize to be answered with a 500');
  cloud.breakDown('network');
  await alice.seesOnCard('The cloud does not answer, since');
  cloud.breakDown('network', false);
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('Awaiting confirmation');
  expect(cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  expect(orders(world)).toEqual({ stop: 1, resize: 1 });
});

it('tells that the server was deleted meanwhile', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  await resized(world);
  world.cloud.operator.delete('web-1');
  await world.alice.seesOnCard('web-1 no longer exists in project demo: it was deleted meanwhile.');
  expect(world.bob.canClick('Confirm')).toBe(false);
});

it('answers an approval for a server that was deleted meanwhile', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  await asked(world);
  world.cloud.operator.delete('web-1');
  await world.bob.clicks('Approve');
  await world.bob.seesPrivately('Either you have no role there, or the server is gone.');
});

it('waits for a lock to be taken off, and says what it waits for', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  await asked(world);
  cloud.operator.lock('web-1');
  await world.bob.clicks('Approve');
  await alice.seesOnCard('web-1 is locked, since');
  expect(orders(world)).toEqual({ lock: 1 });
  cloud.operator.unlock('web-1');
  clock.advance(MINUTE);
  await alice.seesOnCard('Awaiting confirmation');
});

it('gives up after ten minutes when a lock stays, with the server untouched', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  await asked(world);
  cloud.operator.lock('web-1');
  await world.bob.clicks('Approve');
  await alice.seesOnCard('web-1 is locked');
  clock.advance(11 * MINUTE);
  await alice.seesOnCard('web-1 was not touched: it has been locked for ten minutes.');
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it('says what the cloud refused, and why', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, cloud } = world;
  await asked(world);
  cloud.failNext({ match: { action: 'os-stop' }, with: 403 });
  await bob.clicks('Approve');
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard(
    'Failed: The cloud refused to stop the server. It said: “Ordered by the test.” The role of whoever it was asked for does not allow it',
  );
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it('does not take a resize that the cloud has not begun yet for one that failed', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  cloud.operator.stop('web-1');
  cloud.lagNext('web-1', 40_000);
  await approved(world);
  await alice.seesOnCard('⏳ Resizing');
  await until(() => cloud.countCalls({ action: 'resize' }) === 1, 'the resize to be sent');
  const looks = () => cloud.countCalls({ method: 'GET', path: /\/os-instance-actions$/ });
  const before = looks();
  clock.advance(16_000);
  await until(() => looks() > before, 'a look at the server that shows nothing yet');
  expect(alice.card()?.text).toContain('⏳ Resizing');
  clock.advance(25_000);
  await alice.seesOnCard('Awaiting confirmation');
  expect(cloud.countCalls({ action: 'resize' })).toBe(1);
});

it('waits for a confirm that takes its time, says so, and does not send it twice', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: { confirmMs: 20 * MINUTE } } });
  const { alice, cloud, clock } = world;
  await resized(world);
  await alice.clicks('Confirm');
  await alice.seesOnCard('⏳ Confirming');
  await until(() => cloud.countCalls({ action: 'confirmResize' }) === 1, 'the confirm to be sent');
  clock.advance(12 * MINUTE);
  await alice.seesOnCard('Still confirming since');
  expect(cloud.status('web-1')).toBe('VERIFY_RESIZE');
  expect(alice.canClick('Confirm')).toBe(false);
  clock.advance(10 * MINUTE);
  await alice.seesOnCard('✅ Resized');
  expect(cloud.countCalls({ action: 'confirmResize' })).toBe(1);
});

it('says that the cloud is slow when it is, and does not give up', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud, clock } = world;
  await approved(world);
  await alice.seesOnCard('⏳ Stopping');
  cloud.finish('web-1');
  await alice.seesOnCard('⏳ Resizing');
  clock.advance(15 * MINUTE);
  await alice.seesOnCard('Still resizing since');
  await expect.poll(() => cloud.isChanging('web-1')).toBe(true);
  cloud.finish('web-1');
  await alice.seesOnCard('Awaiting confirmation');
});

it('offers the choice again when the revert could not be done', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud } = world;
  await resized(world);
  cloud.failNext({ match: { action: 'revertResize' }, with: 403 });
  await alice.clicks('Revert');
  await alice.seesOnCard('Not done: The cloud refused to revert the resize');
  await alice.seesOnCard('🟠 Awaiting confirmation');
  await alice.clicks('Revert');
  await alice.seesOnCard('↩️ Reverted');
  expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
});

it('does not confuse the resize with one that somebody makes by another way', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud } = world;
  await approved(world);
  await alice.seesOnCard('⏳ Stopping');
  cloud.operator.resize('web-1', 'c1.large');
  await alice.seesOnCard('Somebody resized web-1 by another way at the same time; this request leaves it alone.');
  expect(cloud.flavorOf('web-1')).toBe('c1.large');
});

/** Until the request is in a state, and the cloud at work for it. */
const UNTIL = {
  Stopping: async (world: World) => {
    await approved(world);
    await cloudIsAtIt(world);
  },
  Resizing: async (world: World) => {
    await UNTIL.Stopping(world);
    await oneStepOn(world);
  },
  Confirming: async (world: World) => {
    await UNTIL.Resizing(world);
    world.cloud.finish('web-1');
    await world.alice.clicks('Confirm');
    await cloudIsAtIt(world);
  },
  Reverting: async (world: World) => {
    await UNTIL.Resizing(world);
    world.cloud.finish('web-1');
    await world.alice.clicks('Revert');
    await cloudIsAtIt(world);
  },
  Starting: async (world: World) => {
    await UNTIL.Confirming(world);
    await oneStepOn(world);
  },
};

async function oneStepOn(world: World): Promise<void> {
  world.cloud.finish('web-1');
  await cloudIsAtIt(world);
}

async function cloudIsAtIt({ cloud }: World): Promise<void> {
  await until(() => cloud.isChanging('web-1'), 'the cloud to be told what to do next');
}

for (const [state, reach] of Object.entries(UNTIL)) {
  it(`waits for a sign-in while ${state.toLowerCase()}, says so, and goes on after it`, async () => {
    const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
    const { alice, bob, cloud } = world;
    await reach(world);
    await Promise.all([alice.asks('/ecs logout'), bob.asks('/ecs logout')]);
    cloud.finish('web-1');
    await alice.seesOnCard('🔑 Waiting for sign-in · web-1');
    await alice.seesOnCard('@alice: sign in with /ecs login');
    await alice.signsIn();
    await runsOn(world, state === 'Reverting' ? '↩️ Reverted' : '✅ Resized');
    expect(cloud.status('web-1')).toBe('ACTIVE');
    expect(orders(world)).toMatchObject({ stop: 1, resize: 1, start: 1 });
    expect((orders(world).confirmResize ?? 0) + (orders(world).revertResize ?? 0)).toBe(1);
  });
}

it('waits for a sign-in before it begins, when the requester has signed out after asking', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await asked(world);
  await alice.asks('/ecs logout');
  await bob.clicks('Approve');
  await alice.seesOnCard('🔑 Waiting for sign-in');
  expect(orders(world)).toEqual({});
  await alice.signsIn();
  await alice.seesOnCard('@alice is signed in again, going on');
  await alice.seesOnCard('Awaiting confirmation');
});

it('waits for a sign-in at the deadline, and confirms after it', async () => {
  const world = await worlds.open({ signedIn: BOTH, env: { CONFIRM_TTL: '7200' } });
  const { alice, bob, clock } = world;
  await resized(world);
  await Promise.all([alice.asks('/ecs logout'), bob.asks('/ecs logout')]);
  clock.advance(2 * HOUR);
  await alice.seesOnCard('🔑 Waiting for sign-in');
  expect(orders(world).confirmResize).toBeUndefined();
  await alice.signsIn();
  await alice.seesOnCard('✅ Resized');
  expect(orders(world)).toMatchObject({ confirmResize: 1, start: 1 });
});
