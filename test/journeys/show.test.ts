import { expect, it } from 'vitest';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];

/** The cloud requests that an answer cost, the sign-in apart. */
async function cost({ cloud }: World, work: () => Promise<unknown>): Promise<string[]> {
  const before = cloud.calls.length;
  await work();
  return cloud.calls.slice(before).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
}

it('shows a server by its name with one cloud request and one for its image, and the rest behind Details, in the same place', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('✅ Done');
  const first = await cost(world, async () => {
    await alice.says('/ecs show web-1');
    await alice.seesPrivately('looked at');
  });
  expect(first).toEqual(['GET /compute/v2.1/servers/detail', expect.stringContaining('/images/')]);
  const details = await cost(world, async () => {
    await alice.clicks('Details');
    await alice.seesPrivately('What was done to it');
  });
  expect(details.length).toBeLessThanOrEqual(7);
  const { text } = await alice.seesPrivately('What was done to it');
  expect(text).toMatch(/Image\s+debian-12 \(debian\)/);
  expect(text).toMatch(/Disks\n🟢 archive in-use · 20 GiB[^\n]*\/dev\/vdb/);
  expect(text).toMatch(/NICs\n🟢 10\.0\.\d+\.\d+ on demo-net · ACTIVE/);
  expect(text).toMatch(/attach_volume, [^\n]*, by you · req-/);
});

it('stays in detail when refreshed', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs show web-1 --details');
  await alice.seesPrivately('What was done to it');
  cloud.operator.stop('web-1');
  await alice.clicks('Refresh');
  const { text } = await alice.seesPrivately('web-1 is SHUTOFF');
  expect(text).toContain('NICs');
});

it('leaves out what cannot be had, and says why', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { catalog: { without: ['network', 'image'] } } });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'GET', path: /volume/ }, with: 503, times: 9 });
  await alice.says('/ecs show web-1 --details');
  const { text } = await alice.seesPrivately('What was done to it');
  expect(text).toContain('NICs\nnot in this cloud');
  expect(text).toContain('Disks\nthe cloud does not answer');
  expect(text).toContain('create');
});

it('leads on: from the server to attaching a disk to it', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs show web-2');
  await alice.seesPrivately('web-2 is ACTIVE');
  await alice.picks('Attach a disk', '⋯');
  await alice.seesModal('Only disks that no server has are listed');
  await alice.submits({ Disk: 'archive' });
  await alice.seesOnCard('✅ Done · Attach disk archive to web-2');
});

it('tells of a broken server what broke it, and offers the hard reboot that mends most', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.operator.breakServer('web-1', 'Build of instance aborted: <b>no</b> disk');
  await alice.says('/ecs show web-1');
  await alice.seesPrivately(/The cloud reports a fault \(500\): Build of instance aborted/);
  await alice.clicks('Reboot hard');
  await alice.sees(/web-1`? is running again/);
});

it('says that the cloud does not answer, and where', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'GET', path: /servers\/detail/ }, with: 503, times: 9 });
  await alice.says('/ecs show web-1');
  await alice.seesPrivately('The cloud does not answer properly at the moment.');
});
