// What cannot be done with a disk, before the order and after it: each time in words of its own, with nothing left unnamed.
import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];
const OTC: WorldOptions = {
  signedIn: ALICE,
  env: { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' },
};

type Refusal = { status: number; headers?: Record<string, string>; body: unknown };

const MAKE = { method: 'POST', path: /\/volumes$/ } as const;
const ATTACH = { method: 'POST', path: /os-volume_attachments/ } as const;

function disk({ cloud }: World, name: string) {
  cloud.settle();
  const found = [...cloud.world.stock.volumes.values()].find((volume) => volume.name === name);
  if (!found) throw new Error(`no disk ${name}`);
  return found;
}

it('knows the zones of a cloud where a disk goes only to servers of its own', async () => {
  const volumes = [{ name: 'far', project: 'demo', sizeGiB: 10, zone: 'eu-de-02' }];
  const { alice, cloud } = await worlds.open({ ...OTC, cloud: { mode: 'otc', seed: { volumes } } });
  expect((await alice.asks('/ecs disk attach far web-1')).text).toContain(
    'far is in zone eu-de-02 and web-1 in eu-de-01: in this cloud a disk goes only to servers of its own zone.',
  );
  expect((await alice.asks('/ecs disk create x --size 10 --zone eu-de-02 --attach web-1')).text).toContain(
    'web-1 is in zone eu-de-01: in this cloud a disk of zone eu-de-02 cannot be attached to it.',
  );
  expect((await alice.asks('/ecs disk create x --size 10')).text).toContain('In which zone?');
  expect((await alice.asks('/ecs disk create x --size 10 --zone eu-de-02 --type ESSD')).text).toContain(
    'Disks of type ESSD are not to be had in zone eu-de-02, only in eu-de-01.',
  );
  expect((await alice.asks('/ecs disk create x --size 5 --zone eu-de-01')).text).toContain(
    'A disk has at least 10 GiB in this cloud.',
  );
  expect(cloud.countCalls({ method: 'POST', path: /volumes|attachments/ })).toBe(0);
});

it('does not know a disk of another project, by name or by id', async () => {
  const id = '0c5b5a3e-1111-4222-8333-123456789abc';
  const world = await worlds.open({
    signedIn: ALICE,
    cloud: { seed: { volumes: [{ id, name: 'theirs', project: 'ops', sizeGiB: 10 }] } },
  });
  const { alice, cloud } = world;
  expect((await alice.asks(`/ecs disk attach ${id} web-1`)).text).toContain(`There is no disk ${id} in this project.`);
  expect((await alice.asks('/ecs disk attach theirs web-1')).text).toContain(
    'There is no disk theirs in this project.',
  );
  expect(cloud.countCalls(ATTACH)).toBe(0);
});

it('does not take away the disk that a server boots from', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk 12');
  await alice.seesOnCard('Ready · web-9');
  const root = [...cloud.world.stock.volumes.values()].find(({ attachment }) => attachment?.isRoot);
  expect((await alice.asks(`/ecs disk detach ${root?.id} web-9`)).text).toContain(
    `web-9 boots from ${root?.id}: that disk cannot be detached.`,
  );
  expect((await alice.asks('/ecs disk detach archive')).text).toContain('archive is attached to no server.');
  expect(cloud.countCalls({ method: 'DELETE', path: /os-volume_attachments/ })).toBe(0);
});

it('says how many disks there may be before it orders one more', async () => {
  const projects = [{ name: 'demo', quota: { volumes: 2 } }, { name: 'ops' }, { name: 'admin' }];
  const { alice, cloud } = await worlds.open({ signedIn: ALICE, cloud: { seed: { projects } } });
  expect((await alice.asks('/ecs disk create x --size 1')).text).toContain(
    'The project may have no more disks (2 of 2). Use one that is there, or have the quota raised.',
  );
  expect(cloud.countCalls(MAKE)).toBe(0);
});

it.each<[what: string, line: string, options: WorldOptions, refusal: Refusal]>([
  [
    'Cinder, with a 413 that waiting does not help',
    '/ecs disk create x --size 10',
    { signedIn: ALICE },
    {
      status: 413,
      headers: { 'Retry-After': '0' },
      body: { overLimit: { code: 413, message: 'It exceeds the quota.', retryAfter: '0' } },
    },
  ],
  [
    'EVS, with a code of its own',
    '/ecs disk create x --size 10 --zone eu-de-01',
    { ...OTC, cloud: { mode: 'otc' } },
    { status: 400, body: { error: { code: 'EVS.1042', message: 'It exceeds the quota.' } } },
  ],
])('says that the quota was used up meanwhile, as told by %s, and does not ask again', async (...row) => {
  const [, line, options, refusal] = row;
  const { alice, cloud, clock } = await worlds.open(options);
  cloud.failNext({ match: MAKE, with: refusal });
  await alice.says(line);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard(
    "The project's quota does not allow to create disk: “It exceeds the quota.” Free something, or have the quota raised.",
  );
  clock.advance(5 * MINUTE);
  expect(cloud.countCalls(MAKE)).toBe(1);
  expect(alice.canClick('Remove')).toBe(false);
});

it('says that a server has as many disks as it may have, and names the one it made', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  const message = 'The maximum allowed number of disk devices (26) to attach to a single instance has been exceeded.';
  cloud.failNext({ match: ATTACH, with: { status: 403, body: { forbidden: { code: 403, message } } } });
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain(message);
  expect(text).not.toContain('Your role');
  expect(text).toMatch(/What it created is still there: disk `?data-1/);
});

/** What happens to the server while its new disk is being made. */
it.each<[what: string, change: (world: World) => void, said: string]>([
  [
    'is locked',
    ({ cloud }) => cloud.operator.lock('web-1'),
    'web-1 is locked, so nothing can be attached or detached. Have it unlocked, then try again.',
  ],
  [
    'is deleted',
    ({ cloud }) => cloud.operator.delete('web-1'),
    'The server web-1 is gone: somebody deleted it meanwhile.',
  ],
  [
    'breaks',
    ({ cloud }) => cloud.operator.breakServer('web-1', 'on fire'),
    'web-1 is ERROR, and in that state the cloud attaches and detaches nothing. Bring it to ACTIVE or SHUTOFF first.',
  ],
])('names the disk it made when the server %s before it can be attached', async (_what, change, said) => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { pace: { volumeMs: 5 * MINUTE } } });
  const { alice, clock } = world;
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  await alice.seesOnCard('(creating)');
  change(world);
  clock.advance(6 * MINUTE);
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain(said);
  expect(text).toMatch(/What it created is still there: disk `?data-1/);
  await alice.clicks('Remove');
  await alice.seesOnCard('(deleting)');
  clock.advance(6 * MINUTE);
  await alice.seesOnCard('🧹 Cleared away');
});

it('waits five minutes for somebody else’s task on the server, and no longer', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('Something else is being done there (image_snapshot), since');
  clock.advance(6 * MINUTE);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard(
    'Could not attach disk for 5 minutes, because something else is being done there (image_snapshot). Try again after that.',
  );
  expect(disk(world, 'archive').status).toBe('available');
});

it('finds out that another server got the disk meanwhile', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('Something else is being done there');
  const taken = { id: 'a', serverId: cloud.server('web-2').id, device: '/dev/vdb', at: clock.now(), isRoot: false };
  Object.assign(disk(world, 'archive'), { status: 'in-use', attachment: taken });
  clock.advance(MINUTE);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard('The disk archive is in use by another server by now. Detach it there first');
});

it('finds out that the disk was deleted meanwhile', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('Something else is being done there');
  cloud.world.stock.volumes.delete(disk(world, 'archive').id);
  clock.advance(MINUTE);
  await alice.seesOnCard('The disk archive is gone: somebody deleted it meanwhile.');
});

it('says that a disk with data broke while it was attached, and offers to remove nothing', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.spoilNextVolume('archive');
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard(
    'The disk archive is in state error, and the cloud does not say why. What is on it may still be intact',
  );
  expect(alice.canClick('Remove')).toBe(false);
  expect(alice.canClick('Undo')).toBe(false);
  expect(disk(world, 'archive').status).toBe('error');
});

it('says that nothing came of it when the disk is free again without a word', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { pace: { attachMs: 60 * MINUTE } } });
  const { alice, cloud, clock } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('(reserved)');
  Object.assign(disk(world, 'archive'), { status: 'available', attachment: null });
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('The cloud took the order to attach disk, but nothing came of it.');
  expect(cloud.countCalls(ATTACH)).toBe(1);
});

it('says after a quarter of an hour that a disk does not come off, and leaves it', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('✅ Done');
  cloud.spoilNextVolume('archive');
  await alice.says('/ecs disk detach archive --yes');
  await alice.seesOnCard('Detaching disk');
  await until(() => disk(world, 'archive').status === 'in-use', 'the cloud to give it up');
  clock.advance(16 * MINUTE);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard('Detaching disk has not come to an end in 15 minutes');
  expect(cloud.countCalls({ method: 'DELETE', path: /os-volume_attachments/ })).toBe(1);
});

it('says what the cloud refused for good, and what to look at', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  const message = "Availability zone 'nova' is invalid.";
  cloud.failNext({ match: MAKE, with: { status: 400, body: { badRequest: { code: 400, message } } } });
  await alice.says('/ecs disk create x --size 10');
  await alice.seesOnCard(`The cloud refused to create disk: “${message}” Look at its type and zone, then try again.`);
  expect(cloud.countCalls(MAKE)).toBe(1);
});
