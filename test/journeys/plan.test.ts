import { expect, it } from 'vitest';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];

/** What of a call can be compared: placeholders and ids of things that did not exist yet are all alike. */
function comparable(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*/, '').replaceAll(/\(id-of-the-[a-z-]+\)|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, '*')}`;
}

function shownIn(text: string, { cloud }: World): string[] {
  const calls = [...text.matchAll(/^(POST|DELETE|PUT) (http\S+)$/gm)];
  return calls.map(([, method = '', url = '']) => comparable(method, url.replace(cloud.url, '')));
}

/** Everything that could change the cloud, since then; signing in apart. */
function changesSince({ cloud }: World, from: number): string[] {
  return cloud.calls
    .slice(from)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/identity/'))
    .map(({ method, path }) => comparable(method, path));
}

it.each<[line: string, done: string]>([
  ['disk create data-1 --size 10 --attach web-1', '✅ Done'],
  ['disk attach archive web-1', '✅ Done'],
  ['nic attach web-1 --network backup-net --ip 192.168.50.77', '✅ Done'],
  ['nic attach web-1 --new-network backend --cidr 10.1.0.0/24', '✅ Done'],
  ['network create backend --cidr 10.1.0.0/24', '✅ Done'],
  ['subnet create backup-net 10.9.0.0/24', '✅ Done'],
  ['port create backup-net', '✅ Done'],
])('“%s --plan” shows the calls that “%s” then takes, in their order, and makes none', async (line, done) => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  const before = cloud.calls.length;
  await alice.says(`/ecs ${line} --plan`);
  const { text } = await alice.seesPrivately('Nothing was changed.');
  expect(changesSince(world, before)).toEqual([]);
  expect(alice.card()).toBeNull();
  expect(text).toContain('x-auth-token: [secret]');
  const from = cloud.calls.length;
  await alice.says(`/ecs ${line}`);
  await alice.seesOnCard(done);
  expect(shownIn(text, world)).toEqual(changesSince(world, from));
});

it('stops after the refusals that the command itself would give', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.7/24 --plan');
  await alice.seesPrivately('Did you mean 10.1.0.0/24?');
  await alice.says('/ecs disk attach nothing web-1 --plan');
  await alice.seesPrivately('There is no disk nothing in this project.');
});

it('turns a form into one that shows the calls', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  const before = world.cloud.calls.length;
  await alice.says('/ecs disk create --plan');
  await alice.seesModal('Size in GiB');
  await alice.submits({ Name: 'data-1', 'Size in GiB': '10' });
  await alice.seesModal('Nothing was changed.');
  expect(changesSince(world, before)).toEqual([]);
});
