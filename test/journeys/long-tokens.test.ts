// Tokens as large as they come, and tokens that end while something waits.
import { expect, it } from 'vitest';
import { HOUR } from '../support/clock.ts';
import { useWorlds, type WorldOptions } from '../support/world.ts';
import { orders, resized } from './steps.ts';

const worlds = useWorlds();

const BOTH: WorldOptions = { signedIn: ['alice', 'bob'] };
const OTC = { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' };

it('works with signed tokens of 12 KB, from signing in to signing out', async () => {
  const { alice, cloud } = await worlds.open({ cloud: { mode: 'otc', tokenLength: 12_000 }, env: OTC });
  await alice.signsIn();
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
  expect((await alice.asks('/ecs logout')).text).toMatch(/\d tokens were revoked and everything held for you/);
  expect(cloud.livingTokens()).toEqual([]);
});

it('confirms a resize after a night: tokens are renewed once, and nobody is asked for anything', async () => {
  const world = await worlds.open(BOTH);
  const { alice, bob, cloud, clock, identity } = world;
  await resized(world);
  clock.advance(12 * HOUR);
  await alice.clicks('Confirm');
  await bob.seesOnCard('✅ Resized · web-1');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, confirmResize: 1, start: 1 });
  expect(cloud.countCalls({ status: 401 })).toBe(0);
  // Once for each of the two.
  expect(identity.refreshes()).toBeLessThanOrEqual(2);
  alice.doesNotSee('Waiting for sign-in');
});

it('confirms a resize although the token was ended meanwhile: refused once, then accepted with a new one', async () => {
  const world = await worlds.open({ ...BOTH, cloud: { tokenCacheSeconds: 0 } });
  const { alice, bob, cloud } = world;
  await resized(world);
  cloud.operator.revokeAllTokens();
  await alice.clicks('Confirm');
  await bob.seesOnCard('✅ Resized · web-1');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, confirmResize: 1, start: 1 });
  alice.doesNotSee('Waiting for sign-in');
});
