// Connections to Slack and the cloud are opened once and kept; how long they live idle is measured by the benchmark.
import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

const COMMANDS = 50;

it('opens no further connection to Slack or the cloud in fifty commands, whoever gives them', async () => {
  const { alice, bob, slack, cloud } = await worlds.open({
    signedIn: ['alice', 'bob'],
    env: { POLL_INTERVAL: '3600' },
  });
  await alice.asks('/ecs list');
  const before = [slack.connections, cloud.connections];

  for (let n = 0; n < COMMANDS; n += 1) await (n % 2 === 0 ? alice : bob).asks('/ecs list');

  expect([slack.connections, cloud.connections]).toEqual(before);
});
