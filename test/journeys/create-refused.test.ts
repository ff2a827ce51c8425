// What cannot be made into a server: told at the field, or on the card, each reason apart, and no server left unnamed.
import { expect, it } from 'vitest';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];

const LINE = '/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --key alice-key';
const ORDER = { method: 'POST', path: /\/servers$/ };

function withQuota(quota: object): WorldOptions {
  return {
    signedIn: ALICE,
    cloud: { seed: { projects: [{ name: 'demo', quota }, { name: 'ops' }, { name: 'admin' }] } },
  };
}

function serversCalled({ cloud }: Pick<World, 'cloud'>, name: string): number {
  return cloud.state().servers.filter((server) => server.name === name).length;
}

/** Takes one thing of this name out of the world, as if somebody had deleted it. */
function vanishes({ cloud }: World, kind: 'images' | 'networks' | 'keyPairs', name: string): void {
  const things: Map<string, { name: string }> = cloud.world.stock[kind];
  for (const [id, thing] of things) if (thing.name === name) things.delete(id);
}

const ADVICE = 'Something it names may have changed meanwhile: look at image, network and key pair, then order again.';

/** Between the check and the order: the cloud is too busy at first. */
it.each<[what: string, change: (world: World) => void, said: string]>([
  ['the image', (world) => vanishes(world, 'images', 'debian-12'), `failed to get image`],
  ['the network', (world) => vanishes(world, 'networks', 'demo-net'), 'could not be found'],
  ['the key pair', (world) => vanishes(world, 'keyPairs', 'alice-key'), 'Invalid key_name provided.'],
  [
    'the flavor',
    ({ cloud }) => Object.assign(cloud.world.flavor('s2.small.1'), { disabled: true }),
    'could not be found',
  ],
])('says on the card that %s vanished before the cloud took the order', async (_what, change, said) => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: ORDER, with: 503, times: 99 });
  await alice.says(LINE);
  await alice.seesOnCard('it is asked again');
  change(world);
  cloud.clearFaults();
  clock.advance(60_000);
  await alice.seesOnCard('Not created · web-9');
  await alice.seesOnCard(`The cloud refused the order for web-9. It said: “`);
  await alice.seesOnCard(said);
  await alice.seesOnCard(ADVICE);
  await alice.seesInDm('Not created: server web-9');
  expect(cloud.countCalls({ ...ORDER, status: 400 })).toBe(1);
  expect(serversCalled(world, 'web-9')).toBe(0);
});

it('says on the card that the quota was used up before the cloud took the order', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: ORDER, with: 503, times: 99 });
  await alice.says(LINE);
  await alice.seesOnCard('it is asked again');
  Object.assign(cloud.world.project('demo').quota, { instances: 3 });
  cloud.clearFaults();
  clock.advance(60_000);
  await alice.seesOnCard('Not created · web-9');
  await alice.seesOnCard(
    /The project's quota does not allow another server like this\. It said: “Quota exceeded for instances: Requested 1, but already used 3 of 3 instances”.* Free something/,
  );
  expect(cloud.countCalls({ ...ORDER, status: 403 })).toBe(1);
});

it('says in the form, at the field, that the image vanished while it was filled in', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs create web-9');
  await alice.seesModal('In project demo.');
  const id = [...cloud.world.stock.images.values()].find(({ name }) => name === 'ubuntu-24.04')?.id;
  vanishes(world, 'images', 'ubuntu-24.04');
  await alice.submits({ Flavor: 's2.small.1', Image: 'ubuntu-24.04', Network: 'demo-net' });
  await alice.seesModal(`There is no image ${id} in this project.`);
  expect(cloud.countCalls(ORDER)).toBe(0);
  await alice.submits({ Flavor: 's2.small.1', Image: 'debian-12', Network: 'demo-net' });
  await alice.seesOnCard('Ready · web-9');
});

it('says on the card that its disk could not be made, and offers to delete what is left', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.spoilNextVolume('web-9');
  await alice.says(LINE);
  await alice.seesOnCard('Error · web-9');
  await alice.seesOnCard(/The cloud could not build it.*Volume .* did not finish being created.*its status is error/);
  expect(alice.canClick('Delete')).toBe(true);
  expect(serversCalled(world, 'web-9')).toBe(1);
});

it.each<[what: string, quota: object, more: string, said: string]>([
  [
    'vCPUs',
    { cores: 5 },
    '',
    "The project's quota has no room for 8 vCPU (1 left). Free some, have it raised, or choose a smaller flavor.",
  ],
  [
    'memory',
    { ramMiB: 8_192 },
    '',
    "The project's quota has no room for 16 GiB of memory (4 GiB left). Free some, have it raised, or choose a smaller flavor.",
  ],
  [
    'disks',
    { volumes: 2 },
    '--disk 5',
    "The project's quota has no room for another disk. Free one, or have it raised.",
  ],
  [
    'gigabytes',
    { gigabytes: 40 },
    '--disk 90',
    "The project's quota has no room for 90 GiB (10 left). Take less, free some, or have it raised.",
  ],
])('says how much is missing before it orders: %s', async (...row) => {
  const [, quota, more, said] = row;
  const { alice, cloud } = await worlds.open(withQuota(quota));
  const { text } = await alice.asks(
    `/ecs create web-9 --flavor c1.2xlarge --image debian-12 --network demo-net ${more}`,
  );
  expect(text).toContain(said);
  expect(cloud.countCalls(ORDER)).toBe(0);
});

it('tells whoever may only look that their role is missing, and whose word that is', async () => {
  const { carol, cloud } = await worlds.open({ signedIn: ['carol'] });
  await carol.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net');
  await carol.seesOnCard('Not created · web-9');
  await carol.seesOnCard(
    /Your role in the project does not allow creating servers like this\. It said: “Policy doesn't allow .*”.* Ask for the role/,
  );
  expect(cloud.countCalls(ORDER)).toBe(1);
});

it('looks for its server where the answer only names a reservation, and makes no twin', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: ORDER, with: { status: 202, body: { reservation_id: 'r-3fhpjulh' } } });
  await alice.says(LINE);
  await alice.seesOnCard('It is uncertain whether the cloud took the order');
  expect(cloud.countCalls(ORDER)).toBe(1);
  clock.advance(70_000);
  await alice.seesOnCard('Ready · web-9');
  expect(serversCalled(world, 'web-9')).toBe(1);
});

it('finds the server it ordered when the answer is lost, also under a name full of signs', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  const name = 'web.*(1)[|+?';
  cloud.addServer({ name: 'web-like-1', project: 'demo', flavor: '11' });
  cloud.failNext({ match: ORDER, with: 'reset_after' });
  await alice.says(`/ecs create "${name}" --flavor s2.small.1 --image debian-12 --network demo-net`);
  await alice.seesOnCard('Ready · ');
  expect(serversCalled(world, name)).toBe(1);
  expect(cloud.countCalls(ORDER)).toBe(1);
});
