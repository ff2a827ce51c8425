// Acks: Slack shows an error to whoever's command is not acked within three seconds, whatever the cloud and Redis are doing.
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { useCountedWorlds, type CountedWorld } from './counted-world.ts';
import type { Flight } from './redis-tap.ts';

const worlds = useCountedWorlds();

/** More than a menu holds, so that the resize form searches. */
const MANY = 120;

it('acks what only looks, or opens a form, without waiting for Redis or the cloud', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, cloud, tap } = world;
  await alice.asks('/ecs show web-1');
  tap.hold();
  cloud.latencyMs = 5_000;

  // Each resolves with the ack.
  await alice.says('/ecs list');
  await alice.clicks('Refresh');
  await alice.says('/ecs resize');

  expect(world.slack.deliveries.slice(-3).map(({ status }) => status)).toEqual([200, 200, 200]);
  await alice.seesModal('Resize a server');
  tap.release();
  cloud.latencyMs = 0;
  await alice.seesModal('Flavor');
});

it.each<[what: string, act: (world: CountedWorld) => Promise<unknown>]>([
  ['a changing command', ({ alice }) => alice.says('/ecs stop web-1 --yes')],
  ['a request to resize', ({ alice }) => alice.says('/ecs resize web-2 c1.2xlarge')],
  ['a click that decides', ({ bob }) => bob.clicks('Approve')],
  ['a form', ({ alice }) => alice.submits({ Server: 'web-2', Flavor: 'c1.2xlarge' })],
])('acks %s as soon as one write to Redis has recorded it', async (_what, act) => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, cloud, tap } = world;
  await alice.says('/ecs resize db-1 c1.2xlarge');
  await alice.seesOnCard('Awaiting approval');
  await alice.says('/ecs resize');
  await alice.seesModal('Flavor');
  const from = tap.flights.length;
  tap.hold();
  cloud.latencyMs = 5_000;

  const acked = act(world);
  await until(() => tap.letThrough(records), 'it to be recorded');
  await acked;

  expect(tap.flights.slice(from).filter(records)).toHaveLength(1);
  cloud.latencyMs = 0;
  tap.release();
});

/** The sealed interaction on its way into the inbox. */
function records({ commands }: Flight): boolean {
  return commands.some((words) => words.some((word) => word.includes('"sealed":')));
}

it('acks everything in time while the cloud needs five seconds per call and Redis is away for two', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob, carol, cloud, slack, tap } = world;
  await alice.says('/ecs resize db-1 c1.2xlarge');
  await alice.seesOnCard('Awaiting approval');
  await alice.says('/ecs resize');
  await alice.seesModal('Flavor');
  for (let n = 1; n <= MANY; n += 1) cloud.addServer({ name: `many-${n}`, project: 'demo', flavor: 's2.small.1' });
  await bob.says('/ecs resize');
  await bob.seesModal('Flavor');
  cloud.latencyMs = 5_000;
  tap.hold();
  setTimeout(tap.release, 2_000);

  const from = slack.deliveries.length;
  await Promise.all([
    bob.says('/ecs list'),
    bob.says('/ecs stop web-1 --yes'),
    bob.clicks('Approve'),
    bob.searches('Server', 'many'),
    alice.submits({ Server: 'web-2', Flavor: 'c1.2xlarge' }),
    carol.says('/ecs login'),
  ]);

  expect(slack.deliveries.slice(from).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  cloud.latencyMs = 0;
  await bob.seesPrivately('20 servers');
  await carol.seesPrivately(/sign in/i);
});
