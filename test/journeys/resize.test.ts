import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../support/clock.ts';
import { useWorlds } from '../support/world.ts';
import { asked, orders, requestId, resized } from './steps.ts';

const worlds = useWorlds();
const BOTH: ['alice', 'bob'] = ['alice', 'bob'];

it('resizes a running server: stopped, resized, confirmed, started, all on one card', async () => {
  const { alice, bob, carol, ...world } = await worlds.open({ signedIn: BOTH });
  await alice.says('/ecs resize web-1 c1.2xlarge --reason “more load”');
  const card = await carol.seesOnCard('🟡 Awaiting approval · web-1');
  expect(card.text).toContain('Resize web-1: s2.small.1 → c1.2xlarge\n1 → 8 vCPU, 1 GiB → 16 GiB RAM');
  expect(card.text).toMatch(/Requested by\n@alice, .* UTC/);
  expect(card.text).toContain('Reason\nmore load');
  expect(card.text).toMatch(/Expires .* UTC unless approved before\./);
  await bob.clicks('Approve');
  const waiting = await carol.seesOnCard('🟠 Awaiting confirmation · web-1');
  expect(waiting.text).toMatch(/Approved by\n@bob, .* UTC/);
  expect(waiting.text).toMatch(/Confirmed automatically .* UTC unless reverted before\./);
  await alice.clicks('Confirm');
  const done = await carol.seesOnCard('✅ Resized · web-1');
  expect(done.message.ts).toBe(card.message.ts);
  expect(carol.canClick('Confirm')).toBe(false);
  await alice.seesInDm('✅ Resized: resize of web-1 from s2.small.1 (1 vCPU, 1 GiB) to c1.2xlarge (8 vCPU, 16 GiB)');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, confirmResize: 1, start: 1 });
  expect(world.cloud.status('web-1')).toBe('ACTIVE');
  expect(world.cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  expect(carol.inChannel()).toHaveLength(1);
});

it('resizes a server that is shut off, and leaves it off', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud } = world;
  cloud.operator.stop('web-1');
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('The server is shut off and stays so');
  await world.bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Confirm');
  await alice.seesOnCard('Done: web-1 has flavor c1.large and is shut off, as before');
  expect(cloud.status('web-1')).toBe('SHUTOFF');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, confirmResize: 1 });
});

it('goes back to the old flavor by Revert, which warns that data is lost', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, cloud } = world;
  await resized(world);
  expect(await bob.isAskedBefore('Revert')).toContain(
    'Data written on web-1 since the resize is lost. It goes back to flavor s2.small.1.',
  );
  await bob.clicks('Revert');
  await alice.seesOnCard('Done: web-1 is back on flavor s2.small.1 and is running');
  await alice.seesInDm('↩️ Reverted');
  expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(orders(world)).toMatchObject({ resize: 1, revertResize: 1 });
});

it('shows who denied it and why, and touches nothing', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await asked(world);
  const late = await bob.holds('Approve');
  await bob.says(`/ecs deny ${await requestId(world)} --reason not before the release`);
  await alice.seesOnCard('⛔ Denied · web-1');
  await alice.seesOnCard('Denied by @bob: not before the release');
  await alice.seesInDm('not before the release');
  await late();
  await bob.seesPrivately(/Request R-\w+ was already denied by @bob at .* UTC\./);
  expect(orders(world)).toEqual({});
});

it('is denied by the button as well, which asks for the reason first', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await asked(world);
  await bob.clicks('Deny');
  await bob.seesModal(/R-\w+: web-1 from s2\.\S+ to c1\.2xlarge, asked for by @alice/);
  await bob.closesModal();
  expect(alice.card()?.text).toContain('Awaiting approval');
  await bob.clicks('Deny');
  await bob.seesModal('Reason');
  expect(await bob.submits({ Reason: 'not before the release' })).toEqual({});
  await alice.seesOnCard('Denied by @bob: not before the release');
  await alice.seesInDm('not before the release');
  expect(bob.modal()).toBeNull();
});

it('is denied without a reason, too, and then the server is free for another request', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  await asked(world);
  await world.bob.denies();
  await world.alice.seesOnCard('⛔ Denied');
  await asked(world, { flavor: 'c1.large' });
  expect(world.alice.cards()).toHaveLength(2);
});

it('is not denied by a form that was open for too long', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await asked(world);
  await bob.clicks('Deny');
  await bob.seesModal('Reason');
  await alice.clicks('Cancel');
  await alice.seesOnCard('Cancelled');
  await bob.submits({ Reason: 'too late' });
  await bob.seesPrivately(/Request R-\w+ was already cancelled by @alice at/);
  expect(alice.card()?.text).not.toContain('too late');
});

it('can be cancelled by the requester and by nobody else', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await asked(world);
  await bob.clicks('Cancel');
  await bob.seesPrivately(/Only the person who asked for R-\w+ can cancel it\. An approver can press Deny\./);
  await alice.seesOnCard('Awaiting approval');
  await alice.clicks('Cancel');
  await bob.seesOnCard('🚫 Cancelled · web-1');
  expect(bob.canClick('Approve')).toBe(false);
  expect(orders(world)).toEqual({});
});

it('can no longer be cancelled once the cloud is at it', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice } = world;
  await asked(world);
  const late = await alice.holds('Cancel');
  await world.bob.clicks('Approve');
  await alice.seesOnCard('Stopping');
  await late();
  await alice.seesPrivately(/can no longer be cancelled, because the change has begun/);
});

it('expires when nobody approves, says so on the card, and answers who clicks too late', async () => {
  const world = await worlds.open({ signedIn: BOTH, env: { APPROVAL_TTL: '600' } });
  const { alice, bob, clock } = world;
  await asked(world);
  const late = await bob.holds('Approve');
  clock.advance(11 * MINUTE);
  await alice.seesOnCard('⌛ Expired · web-1');
  await alice.seesInDm('Expired, because nobody had approved it in time');
  expect(bob.canClick('Approve')).toBe(false);
  await late();
  await bob.seesPrivately(/Request R-\w+ expired at .* UTC, because nobody had approved it\. Ask again/);
  expect(orders(world)).toEqual({});
});

it('is confirmed by itself at the deadline', async () => {
  const world = await worlds.open({ signedIn: BOTH, env: { CONFIRM_TTL: '7200' } });
  const { alice, clock, cloud } = world;
  await resized(world);
  clock.advance(2 * HOUR);
  await alice.seesOnCard('✅ Resized');
  await alice.seesOnCard('Confirmed automatically, because the deadline has passed');
  expect(cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  expect(orders(world)).toMatchObject({ confirmResize: 1, start: 1 });
});

it('accepts that the cloud confirms by itself', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { autoConfirmMs: 10 * MINUTE } });
  const { alice, clock, cloud } = world;
  await resized(world);
  const late = await alice.holds('Revert');
  clock.advance(11 * MINUTE);
  await alice.seesOnCard('The cloud confirmed it by itself, or somebody did by another way');
  await alice.seesOnCard('✅ Resized');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  await late();
  await alice.seesPrivately(/was already confirmed by the cloud itself/);
  expect(orders(world)).toMatchObject({ resize: 1, start: 1 });
});

it('accepts that somebody reverted it by another way', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  await resized(world);
  world.cloud.operator.revert('web-1');
  await world.alice.seesOnCard('Reverted by another way than this card');
  await world.alice.seesOnCard('↩️ Reverted · web-1');
  expect(world.cloud.status('web-1')).toBe('ACTIVE');
});

it('keeps a log in the thread under the card, and tells the requester the end once', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, slack } = world;
  await resized(world);
  await bob.seesInThread('Approved by @bob.');
  const ask = await bob.seesInThread('@alice @bob: look at the server, then press Confirm or Revert on the card.');
  expect(ask.message.threadTs).toBe(alice.card()?.message.ts);
  await alice.clicks('Confirm');
  await bob.seesInThread('Confirm chosen by @alice.');
  await bob.seesInThread('Done: web-1 has flavor c1.2xlarge and is running.');
  await alice.seesInDm('Resized');
  expect(slack.messages(slack.dm(alice.id))).toHaveLength(1);
});

it('lets two servers be resized at the same time, each on its own card', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob } = world;
  await resized(world, { server: 'web-1', flavor: 'c1.large' });
  await resized(world, { server: 'web-2', flavor: 'c1.large' });
  await alice.says('/ecs confirm web-1');
  await alice.says('/ecs confirm web-2');
  await alice.seesInDm(/Resized: resize of web-1/);
  await alice.seesInDm(/Resized: resize of web-2/);
  expect(bob.cards()).toHaveLength(2);
});
