import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('lists what a project has: images, networks, zones, key pairs', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  const images = await alice.asks('/ecs images');
  expect(images.text).toContain('6 images');
  expect(images.text).toMatch(/windows-2025 · windows · needs 40 GiB disk, 4 GiB memory/);
  expect(images.text).toMatch(/centos-7 .*not usable now.* \(deactivated\)/);
  expect((await alice.asks('/ecs images --visibility private')).text).toContain('1 image');
  expect((await alice.asks('/ecs networks')).text).toContain('demo-net · 10.0.0.0/16');
  expect((await alice.asks('/ecs zones')).text).toContain('nova servers: 🟢 available · disks: 🟢 available');
  expect((await alice.asks('/ecs keypair list')).text).toContain('1 key pair');
});

it('says how much of the quota is used, and by how much it grew', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'] });
  const before = await alice.asks('/ecs limits');
  expect(before.text).toMatch(/Servers: 3 of \d+ used/);
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk 7');
  await bob.seesOnCard('Ready · web-9');
  const after = await alice.asks('/ecs limits');
  expect(after.text).toMatch(/Servers: 4 of \d+ used/);
  expect(after.text).toMatch(/Disk space: 37 GiB of/);
});

it('leads through many images in place, and finds one as it is typed', async () => {
  const images = Array.from({ length: 130 }, (_unused, place) => ({ name: `image-${String(place).padStart(3, '0')}` }));
  const { alice } = await worlds.open({ signedIn: ['alice'], cloud: { seed: { images } } });
  await alice.asks('/ecs images');
  await alice.clicks('Next');
  await alice.seesPrivately('130 images, page 2 of 7');
  await alice.seesPrivately('image-020');
  await alice.clicks('Previous');
  await alice.seesPrivately('130 images, page 1 of 7');
  await alice.asks('/ecs images image-12');
  await alice.seesPrivately('10 images like image-12');
});

it.each([
  ['2.104', 'I use microversion 2.60 for servers', 'It is the highest whose answers I read, out of 2.1 to 2.104.'],
  ['2.9', 'I use microversion 2.9 for servers', 'It is the highest this cloud offers; I would understand 2.60 too.'],
  ['2.10', 'I use microversion 2.10 for servers', 'It is the highest this cloud offers; I would understand 2.60 too.'],
  [null, 'I send no microversion', 'This endpoint has no microversions'],
])('says which versions a cloud up to %j offers, and lists and creates on it', async (maxMicroversion, used, why) => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'], cloud: { maxMicroversion } });
  const { text } = await alice.asks('/ecs versions');
  expect(text).toContain(used);
  expect(text).toContain(why);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net');
  await bob.seesOnCard('Ready · web-9');
});

it('keeps to the ceiling that the operator has set', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'], env: { OS_COMPUTE_API_VERSION: '2.10' } });
  const { text } = await alice.asks('/ecs versions');
  expect(text).toContain("It is my operator's ceiling (OS_COMPUTE_API_VERSION)");
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});

it('works in the region that was chosen, and keeps it', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'], cloud: { catalog: { moreRegions: ['RegionTwo'] } } });
  const { text } = await alice.asks('/ecs region');
  expect(text).toContain('No region is chosen');
  await alice.clicks('RegionTwo');
  await alice.seesPrivately('You work in region RegionTwo now.');
  expect((await alice.asks('/ecs whoami')).text).toContain('RegionTwo');
  expect((await alice.asks('/ecs region RegionTree')).text).toContain(
    'There is no region RegionTree in this project. Near it: RegionOne, RegionTwo.',
  );
});

it('says so when a list cannot be had', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.failNext({ match: { path: /\/v2\/images/ }, with: 503, times: 9 });
  expect((await alice.asks('/ecs images')).text).toContain('The cloud does not answer properly at the moment.');
  cloud.clearFaults();
  const message = 'Policy does not allow it';
  cloud.failNext({
    match: { path: /\/v2.0\/networks/ },
    with: { status: 403, body: { NeutronError: { type: 'NotAuthorized', message, detail: '' } } },
  });
  expect((await alice.asks('/ecs networks')).text).toContain('Your role in the cloud does not allow this.');
});
