// What commands cost, counted: requests to the cloud, round trips to Redis, calls to Slack.
import { expect, it } from 'vitest';
import type { Seed } from '../simulators/cloud/seeds.ts';
import { until } from '../support/until.ts';
import { useCountedWorlds, type CountedWorld } from './counted-world.ts';

const worlds = useCountedWorlds();

const VERSIONS = 'GET /compute/v2.1/';
const LIST = 'GET /compute/v2.1/servers/detail';
const SIGN_IN = ['GET channel T0TEAM C0OPS project', 'GET session T0TEAM U0ALICE'];

function addServers({ cloud }: CountedWorld, count: number): void {
  for (let n = 1; n <= count; n += 1) {
    cloud.addServer({ name: `many-${n}`, project: 'demo', flavor: 's2.small.1', user: 'alice' });
  }
}

it.each([3, 2_000])(
  'lists %i servers with one cloud request, one Redis round trip and one Slack call',
  async (count) => {
    const world = await worlds.open({ signedIn: ['alice'] });
    addServers(world, count - 3);
    await world.alice.asks('/ecs list');

    const cost = await world.cost(async () => {
      for (let n = 0; n < 5; n += 1) await world.alice.asks('/ecs list');
    });

    expect(cost.cloud).toEqual(Array.from({ length: 5 }, () => LIST));
    expect(cost.slack).toEqual(Array.from({ length: 5 }, () => 'response_url'));
    expect(cost.redis.map(withoutIds)).toEqual(Array.from({ length: 5 }, () => [...SIGN_IN, 'SET seen']));
  },
);

it('asks the cloud twice at the first use after signing in: for its versions and the servers', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });

  const { cloud } = await world.cost(() => world.alice.asks('/ecs list'));

  expect(cloud).toEqual([VERSIONS, LIST]);
});

it('asks the cloud a third time at the first use of one of several projects: for a token for it', async () => {
  const users: Seed['users'] = [
    { name: 'alice', roles: { demo: 'member', ops: 'member' } },
    { name: 'bob', roles: { demo: 'member' } },
  ];
  const world = await worlds.open({ signedIn: ['alice'], cloud: { seed: { users } } });
  await world.alice.asks('/ecs project demo');

  const { cloud } = await world.cost(() => world.alice.asks('/ecs list'));

  expect(cloud).toEqual(['POST /identity/v3/auth/tokens', VERSIONS, LIST]);
});

it('shows a server by its name with one cloud request, once it has heard the name of its image', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  await world.alice.asks('/ecs show web-2');

  const cost = await world.cost(() => world.alice.asks('/ecs show web-1'));

  expect(cost.cloud).toEqual([LIST]);
  expect(cost.redis.map(withoutIds)).toEqual([[...SIGN_IN, 'SET seen']]);
  expect(cost.slack).toEqual(['response_url']);
});

it('starts and stops a server with two cloud requests: one finds it, one does it', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, cloud } = world;
  await alice.asks('/ecs list');

  const cost = await world.cost(async () => {
    await alice.says('/ecs stop web-1 --yes');
    await until(() => cloud.status('web-1') === 'SHUTOFF', 'web-1 to stop');
  });

  expect(cost.cloud.slice(0, 2)).toEqual([LIST, `POST /compute/v2.1/servers/${cloud.server('web-1').id}/action`]);
});

it('fills the resize form with one cloud request', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  await opensForm(world);

  const cost = await world.cost(() => opensForm(world));

  expect(cost.cloud).toEqual([LIST]);
  expect(cost.slack).toEqual(['views.open', 'views.update']);
});

async function opensForm({ alice }: CountedWorld): Promise<void> {
  await alice.says('/ecs resize');
  await alice.seesModal('Flavor');
  await alice.closesModal();
}

/** Every delivery has an id of its own. */
function withoutIds(commands: string[]): string[] {
  return commands.map((command) => command.replace(/^SET seen .*/, 'SET seen')).toSorted();
}
