// Clouds that are older than most, or were told to be: the same resize on each of them.
import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';
import { orders, resized } from './steps.ts';

const worlds = useWorlds();
const BOTH: ['alice', 'bob'] = ['alice', 'bob'];

it.each([
  // A flavor is known by its id alone.
  ['with no microversions at all', { maxMicroversion: null }, {}],
  ['that begins and ends with microversion 2.1', { maxMicroversion: '2.1' }, {}],
  ['up to microversion 2.46', { maxMicroversion: '2.46' }, {}],
  // From here on it stands in the server, without its id.
  ['up to microversion 2.47', { maxMicroversion: '2.47' }, {}],
  ['up to microversion 2.60', { maxMicroversion: '2.60' }, {}],
  ['up to microversion 2.93', { maxMicroversion: '2.93' }, {}],
  ['whose operator holds it to microversion 2.1', {}, { OS_COMPUTE_API_VERSION: '2.1' }],
])('resizes a server on a cloud %s, and takes another resize back', async (_which, cloud, env) => {
  const world = await worlds.open({ signedIn: BOTH, cloud, env });
  const { alice } = world;
  await resized(world);
  expect(alice.card()?.text).toContain('s2.small.1 → c1.2xlarge');
  await alice.clicks('Confirm');
  await alice.seesOnCard('✅ Resized');
  expect(world.cloud.flavorOf('web-1')).toBe('c1.2xlarge');
  await resized(world, { server: 'web-2' });
  await alice.clicks('Revert');
  await alice.seesOnCard('↩️ Reverted');
  expect(world.cloud.flavorOf('web-2')).toBe('s2.small.1');
  expect(orders(world, 'web-2')).toEqual({ stop: 1, resize: 1, revertResize: 1, start: 1 });
});
