import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

const LINE = '/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --key alice-key';

it('creates a server from a line, and follows it on one card from BUILD to ACTIVE', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'], cloud: { pace: 'manual' } });
  await alice.says(LINE);
  await bob.seesOnCard('Building · web-9');
  await bob.seesOnCard('BUILD');
  cloud.finish('web-9');
  await bob.seesOnCard('Ready · web-9');
  await bob.seesOnCard('ACTIVE');
  expect(bob.cards()).toHaveLength(1);
  expect(bob.card()?.text).toMatch(/s2\.small\.1 \(1 vCPU, 1 GiB\) from debian-12/);
  expect(cloud.status('web-9')).toBe('ACTIVE');
});
