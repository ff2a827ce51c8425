import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { useWorlds } from '../support/world.ts';
import { approved, asked, orders } from './steps.ts';

const worlds = useWorlds();
const BOTH: ['alice', 'bob'] = ['alice', 'bob'];

it('tells a person that the cloud is away, and answers when it is back', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs list');
  cloud.outage(true);
  expect((await alice.asks('/ecs list')).text).toMatch(
    /The cloud does not answer properly at the moment\. Try again in a minute\. \(ref \w+\)/,
  );
  cloud.outage(false);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});

it('tells a person that the cloud is away when a proxy answers with a page of HTML', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.failNext({ match: { method: 'GET' }, with: 'html', times: 10 });
  const { text } = await alice.asks('/ecs show web-1');
  expect(text).toContain('The cloud does not answer properly at the moment.');
  expect(text).not.toMatch(/[<>]|html/i);
});

it('tells a person how long to wait when the cloud is asked too often', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  const throttled = { status: 429, headers: { 'retry-after': '90' }, body: { error: 'slow down' } };
  cloud.failNext({ match: { method: 'GET' }, with: throttled, times: 10 });
  expect((await alice.asks('/ecs list')).text).toContain(
    'The cloud is being asked too often. Try again in 90 seconds.',
  );
});

it('waits while the cloud is away in the middle of a resize, says so, and does nothing twice', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud, clock } = world;
  await approved(world);
  await alice.seesOnCard('Stopping');
  cloud.outage(true);
  cloud.finish('web-1');
  await alice.seesOnCard('The cloud does not answer, since');
  clock.advance(11 * MINUTE);
  cloud.outage(false);
  clock.advance(MINUTE);
  await alice.seesOnCard('Resizing');
  cloud.finish('web-1');
  await alice.seesOnCard('Awaiting confirmation');
  expect(orders(world)).toEqual({ stop: 1, resize: 1 });
});

it('resizes once when the answer to the resize got lost', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  await asked(world);
  cloud.failNext({ match: { action: 'resize' }, with: 'reset_after' });
  await world.bob.clicks('Approve');
  await expect.poll(() => orders(world).resize).toBe(1);
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('Awaiting confirmation');
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1 });
});

it('asks the cloud again when a gateway swallowed the resize', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, cloud, clock } = world;
  await asked(world);
  cloud.failNext({ match: { action: 'resize' }, with: 'html' });
  await world.bob.clicks('Approve');
  await alice.seesOnCard('It is uncertain whether the cloud is resizing the server: looking, since');
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('Awaiting confirmation');
  expect(orders(world)).toMatchObject({ resize: 1 });
});

it('answers with a clear sentence while Redis is away, and works again when it is back', async () => {
  const { alice, bob, redis } = await worlds.open({ signedIn: ['alice', 'bob'] });
  redis.close();
  expect((await alice.asks('/ecs resize web-1 c1.large')).text).toContain(
    'I could not record that in time. If nothing has happened in a minute, please try again.',
  );
  expect((await bob.asks('/ecs list')).text).toContain('I cannot reach my own records at the moment.');
  redis.open();
  expect((await bob.asks('/ecs list')).text).toContain('web-1');
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  expect(alice.cards()).toHaveLength(1);
});

it('says while Redis is away that it cannot look into its records, and opens no form half a minute later', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, redis } = world;
  await asked(world);
  redis.close();
  await bob.clicks('Deny');
  await bob.seesPrivately('I cannot reach my own records at the moment. Try again in a minute.');
  expect((await alice.asks('/ecs requests')).text).toContain('I cannot reach my own records at the moment.');
  redis.open();
  expect((await alice.asks('/ecs requests')).text).toContain('1 request in your projects');
  expect(bob.modal()).toBeNull();
});

it('waits for a Redis that hangs for a moment, and does what was recorded once', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, redis, slack } = world;
  await asked(world);
  redis.freeze();
  const click = bob.clicks('Approve');
  await expect.poll(() => slack.deliveries.at(-1)?.kind).toBe('interaction');
  redis.open();
  await click;
  await alice.seesOnCard('Awaiting confirmation');
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1 });
});

it('acks in time while Redis hangs for long, and a second click does it no second time', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, redis } = world;
  await asked(world);
  redis.freeze();
  await bob.clicks('Approve');
  await bob.seesPrivately('I could not record that in time. If nothing has happened in a minute, please try again.');
  redis.open();
  await alice.seesOnCard('Approved by @bob');
  await alice.seesOnCard('Awaiting confirmation');
  await bob.asks('/ecs approve web-1');
  await bob.seesPrivately('was already approved by @bob');
  expect(orders(world)).toMatchObject({ stop: 1, resize: 1 });
});

it('loses nothing of a running resize while Redis is away', async () => {
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud, redis, botUrl } = world;
  await approved(world);
  await alice.seesOnCard('Stopping');
  redis.close();
  await expect.poll(async () => (await fetch(`${botUrl}/readyz`)).status, { timeout: 5_000 }).toBe(503);
  cloud.finish('web-1');
  redis.open();
  await alice.seesOnCard('Resizing');
  cloud.finish('web-1');
  await alice.seesOnCard('Awaiting confirmation');
  expect(orders(world)).toEqual({ stop: 1, resize: 1 });
});

it('says at its probe what is down', async () => {
  const { botUrl, redis } = await worlds.open();
  const ready = async () => fetch(`${botUrl}/readyz`);
  expect((await ready()).status).toBe(200);
  redis.close();
  const answer = await ready();
  expect(answer.status).toBe(503);
  expect(JSON.stringify(await answer.json())).toContain('redis');
  expect((await fetch(`${botUrl}/healthz`)).status).toBe(200);
  redis.open();
  await expect.poll(async () => (await ready()).status, { timeout: 5_000 }).toBe(200);
});

it('edits the card when Slack is back', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, slack, cloud } = world;
  await asked(world);
  slack.faults.outage(true);
  await bob.clicks('Approve');
  await expect.poll(() => cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  expect(alice.card()?.text).toContain('Awaiting approval');
  slack.faults.outage(false);
  await alice.seesOnCard('Awaiting confirmation');
  expect(alice.cards()).toHaveLength(1);
});

it('waits as long as Slack says when it is asked too often, and only there', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, slack } = world;
  await asked(world);
  slack.faults.add({ method: 'chat.update', channel: 'C0OPS' }, { kind: 'rate_limited', retryAfter: 20 });
  await bob.clicks('Approve');
  bob.channel = 'C0WEB';
  await bob.says('/ecs resize web-2 c1.large');
  await bob.seesOnCard('Awaiting approval · web-2');
  await alice.seesOnCard('Awaiting confirmation');
  const limited = slack.calls.find(({ error }) => error === 'ratelimited');
  const next = slack.calls.find(({ method, at }) => method === 'chat.update' && at > (limited?.at ?? 0));
  expect((next?.at ?? 0) - (limited?.at ?? 0)).toBeGreaterThanOrEqual(20_000);
});

it('posts a card once when Slack took it and the answer got lost', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, slack } = world;
  slack.faults.add({ method: 'chat.postMessage' }, { kind: 'reset_after' });
  await asked(world);
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  expect(alice.cards()).toHaveLength(1);
  expect(slack.calls.filter(({ method, error }) => method === 'chat.postMessage' && error === '')).not.toHaveLength(0);
});

it('posts a card although Slack failed at first', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, slack } = world;
  slack.faults.add({ method: 'chat.postMessage', times: 2 }, { kind: 'http', status: 503 });
  await asked(world);
  expect(alice.cards()).toHaveLength(1);
});

it('finds another way to answer when the first one fails', async () => {
  const { alice, slack } = await worlds.open({ signedIn: ['alice'] });
  slack.faults.add({ method: 'response_url' }, { kind: 'http', status: 500 });
  expect((await alice.asks('/ecs whoami')).text).toContain('You are alice in the cloud.');
});
