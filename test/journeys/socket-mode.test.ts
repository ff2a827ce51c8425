import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();
const TOKEN = 'xapp-flight-deck';

it('does the same over Socket Mode, its sign-in pages still over HTTP', async () => {
  const { alice, bob, cloud, slack } = await worlds.open({
    slack: { appToken: TOKEN },
    env: { SLACK_APP_TOKEN: TOKEN },
  });
  await alice.signsIn();
  await bob.signsIn();
  await alice.says('/ecs resize web-1 c1.2xlarge');
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Revert');
  await alice.seesOnCard('Reverted');

  expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
  expect(slack.deliveries.length).toBeGreaterThan(4);
});
