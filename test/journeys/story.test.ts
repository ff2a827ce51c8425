import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('tells the whole story on one card', async () => {
  const { alice, bob, cloud } = await worlds.open();
  await alice.signsIn();
  await bob.signsIn();
  await alice.says('/ecs list');
  await alice.seesPrivately('web-1');
  await alice.says('/ecs resize web-1 c1.2xlarge --reason "more load"');
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Confirm');
  await alice.seesOnCard('Resized');
  await alice.seesInDm('web-1');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(cloud.flavorOf('web-1')).toBe('c1.2xlarge');
});
