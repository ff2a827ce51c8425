// A resize that the cloud would refuse, or does refuse: each time in words of its own, with what to do next.
import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';
import { approved, asked, orders } from './steps.ts';

const worlds = useWorlds();
const BOTH: ['alice', 'bob'] = ['alice', 'bob'];

async function cloudIsAtIt({ cloud }: World): Promise<void> {
  await until(() => cloud.isChanging('web-1'), 'the cloud to be told what to do next');
}

/** Behind everybody's back, while the server stops. */
const MEANWHILE: [what: string, change: (world: World) => void, said: RegExp][] = [
  [
    'the flavor was disabled',
    ({ cloud }) => Object.assign(cloud.world.flavor('c1.2xlarge'), { disabled: true }),
    /It said: “Flavor \S+ could not be found\.” web-1 keeps flavor s2\.small\.1\. Choose another flavor/,
  ],
  [
    'the quota was used up',
    ({ cloud }) => Object.assign(cloud.world.project('demo').quota, { cores: 5 }),
    /It said: “Quota exceeded for cores: Requested 7, .*” web-1 keeps flavor s2\.small\.1\. The project's quota is used up/,
  ],
];

it.each(MEANWHILE)('says what the cloud refused when %s meanwhile, and starts the server again', async (...row) => {
  const [, change, said] = row;
  const world = await worlds.open({ signedIn: BOTH, cloud: { pace: 'manual' } });
  const { alice, cloud } = world;
  await approved(world);
  await cloudIsAtIt(world);
  change(world);
  cloud.finish('web-1');
  await alice.seesOnCard('Starting the server again');
  await cloudIsAtIt(world);
  cloud.finish('web-1');
  await alice.seesOnCard(said);
  await alice.seesOnCard('❌ Failed');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(cloud.countCalls({ action: 'resize' })).toBe(1);
});

it('waits for somebody else’s task on the server, says for which, and goes on', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, cloud, clock } = world;
  await asked(world);
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await bob.clicks('Approve');
  await alice.seesOnCard('web-1 is busy with something else (image_snapshot), since');
  expect(orders(world)).toEqual({});
  cloud.operator.set('web-1', { taskState: null });
  clock.advance(MINUTE);
  await alice.seesOnCard('Awaiting confirmation');
});

it('gives up after ten minutes of somebody else’s task, with the server untouched', async () => {
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, cloud, clock } = world;
  await asked(world);
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await bob.clicks('Approve');
  await alice.seesOnCard('web-1 is busy with something else');
  clock.advance(11 * MINUTE);
  await alice.seesOnCard(
    'web-1 was not touched: it has been busy with something else (image_snapshot) for ten minutes. Ask again when that is over.',
  );
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it.each<[what: string, fields: Parameters<World['cloud']['operator']['set']>[1], said: string]>([
  [
    'was resized by another way, and waits',
    { vmState: 'resized' },
    'web-1 is VERIFY_RESIZE; only an ACTIVE or SHUTOFF server can be resized. It has been resized already and waits for a confirmation or a revert; do that first.',
  ],
  [
    'is still being built',
    { vmState: 'building' },
    'web-1 is BUILD; only an ACTIVE or SHUTOFF server can be resized. Bring it to one of these first',
  ],
  [
    'is paused',
    { vmState: 'paused', powerState: 3 },
    'web-1 is PAUSED; only an ACTIVE or SHUTOFF server can be resized. Bring it to one of these first',
  ],
])('is not asked of a server that %s, nor done to it once it is approved', async (...row) => {
  const [, fields, said] = row;
  const world = await worlds.open({ signedIn: BOTH });
  const { alice, bob, cloud } = world;
  await asked(world);
  cloud.operator.set('web-1', fields);
  expect((await bob.asks('/ecs flavors --for web-1')).text).toContain(said);
  await bob.clicks('Approve');
  await bob.seesPrivately(/has changed since R-\w+ was asked for, so nothing was approved/);
  await bob.clicks('Approve');
  await alice.seesOnCard(`Failed: ${said}`);
  expect(orders(world)).toEqual({});
  expect((await alice.asks('/ecs resize web-1 c1.large')).text).toContain(said);
});

it('stops a server first where the cloud resizes only what is shut off, and starts it after', async () => {
  const otc = { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' };
  const world = await worlds.open({ signedIn: BOTH, cloud: { mode: 'otc', resizeNeedsStop: true }, env: otc });
  const { alice, cloud } = world;
  await asked(world, { flavor: 'c1.large' });
  await alice.seesOnCard('The server will be stopped, and started again at the end');
  await world.bob.clicks('Approve');
  await alice.clicks('Confirm');
  await alice.seesOnCard('✅ Resized');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(orders(world)).toEqual({ stop: 1, resize: 1, confirmResize: 1, start: 1 });
});
