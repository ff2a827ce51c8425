// What operators see of the whole bot on /metrics.
import { expect, it } from 'vitest';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();

async function numbers({ botUrl }: World): Promise<Record<string, number>> {
  const answer = await fetch(`${botUrl}/metrics`);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

it('counts what people do, what it costs at Slack and the cloud, and the states of resizes', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const before = await numbers(world);
  await world.alice.asks('/ecs list');
  await world.alice.asks('/ecs show no-such-server');
  world.cloud.failNext({ match: { method: 'GET', path: /servers/ }, with: 403 });
  await world.alice.asks('/ecs list');
  await world.alice.says('/ecs resize web-1 c1.large');
  await world.alice.seesOnCard('Awaiting approval');
  const after = await numbers(world);

  const grown = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
  expect(grown).toEqual(
    expect.arrayContaining([
      'ecs_interactions_total{kind="command",outcome="answered"}',
      'ecs_interactions_total{kind="command",outcome="failed"}',
      'ecs_interactions_total{kind="command",outcome="refused"}',
      'ecs_slack_ack_seconds_count{kind="command"}',
      'ecs_slack_calls_total{method="chat.postMessage",outcome="ok"}',
      'ecs_cloud_call_seconds_count{method="GET",status="200"}',
    ]),
  );
  expect(after['ecs_errors_total{where="handler"}'] ?? 0).toBe(0);
});

it('counts every state that a resize enters, whoever led it there', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await alice.says('/ecs resize web-1 c1.large');
  await bob.denies();
  await alice.seesOnCard('Denied');
  await alice.says('/ecs resize web-1 c1.large');
  await bob.clicks('Approve');
  await alice.clicks('Revert');
  await alice.seesOnCard('Reverted');

  const after = await numbers(world);
  const states = Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) => {
      const state = /^ecs_resize_states_total\{state="(\w+)"\}$/.exec(name)?.[1];
      return state === undefined ? [] : [[state, value]];
    }),
  );
  expect(states).toEqual({
    awaiting_approval: 2,
    denied: 1,
    approved: 1,
    stopping: 1,
    resizing: 1,
    awaiting_confirmation: 1,
    reverting: 1,
    starting: 1,
    reverted: 1,
  });
});

it('tells how many messages wait while Slack is away, and answers also while Redis is', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob, slack, redis } = world;
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  await expect.poll(async () => (await numbers(world))['ecs_outbox_waiting'], { timeout: 5_000 }).toBe(0);
  slack.faults.outage(true);
  await bob.clicks('Approve');
  await expect.poll(async () => (await numbers(world))['ecs_outbox_waiting'], { timeout: 5_000 }).toBeGreaterThan(0);
  slack.faults.outage(false);
  redis.close();
  expect((await numbers(world))['ecs_outbox_waiting']).toBeNaN();
});
