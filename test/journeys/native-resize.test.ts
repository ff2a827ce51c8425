import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';
import { approved, asked } from './steps.ts';

const worlds = useWorlds();
const HUAWEI = { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' };
const RESIZE = { method: 'POST', path: /\/v1\/[^/]+\/cloudservers\/[^/]+\/resize$/ } as const;

function open(cloud: WorldOptions['cloud'] = {}): Promise<World> {
  return worlds.open({ signedIn: ['alice', 'bob'], cloud: { mode: 'huawei', ...cloud }, env: HUAWEI });
}

it('stops, resizes as one job, and starts again, without asking anybody to confirm', async () => {
  const world = await open();
  const { alice, bob, cloud } = world;
  await asked(world, { flavor: 'c1.large' });
  await alice.seesOnCard('This cloud has no step to confirm: the new flavor is final');
  await bob.clicks('Approve');
  await alice.seesOnCard('✅ Resized · web-1');
  expect(cloud.flavorOf('web-1')).toBe('c1.large');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(cloud.countCalls(RESIZE)).toBe(1);
  expect(cloud.countCalls({ path: /\/v1\/[^/]+\/jobs\// })).toBeGreaterThan(0);
  expect(cloud.countCalls({ action: 'confirmResize' })).toBe(0);
  expect(alice.canClick('Confirm')).toBe(false);
  expect(alice.canClick('Revert')).toBe(false);
});

it('offers the way back as a reverse resize, which is a request of its own', async () => {
  // As in these clouds, it boots from a disk of its own: the flavor's disk does not matter.
  const servers = [{ name: 'web-1', project: 'demo', flavor: 's2.small.1', user: 'alice', imageId: null }];
  const world = await open({ seed: { servers } });
  const { alice, bob, cloud } = world;
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('the new flavor is final, and going back is another resize');
  await alice.seesOnCard('✅ Resized');
  expect(await alice.isAskedBefore('Reverse resize')).toContain(
    'somebody approves it, and the server stops for it again',
  );
  await alice.clicks('Reverse resize');
  await alice.seesOnCard('Awaiting approval');
  await alice.seesOnCard(/c1\.large → s2\.small\.1/);
  await alice.seesOnCard(/Reverse of R-[A-Z0-9]{4}/);
  await bob.clicks('Approve');
  await alice.seesOnCard('✅ Resized');
  expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
});

it('says before it is approved that there is no way back to a smaller disk, and offers none', async () => {
  const world = await open();
  const { alice, bob } = world;
  await asked(world, { flavor: 'c1.large' });
  await alice.seesOnCard('there is no way back to s2.small.1: its disk is too small (10 GiB, not 40 GiB)');
  await bob.clicks('Approve');
  await alice.seesOnCard('✅ Resized');
  expect(alice.canClick('Reverse resize')).toBe(false);
});

it('offers no way back to a flavor that the cloud no longer gives to anybody', async () => {
  const world = await open({
    seed: {
      flavors: [
        { id: '11', name: 's2.small.1', vcpus: 1, ramMiB: 1024, diskGiB: 10, disabled: true },
        { id: '13', name: 'c1.large', vcpus: 4, ramMiB: 8192, diskGiB: 10 },
      ],
      servers: [{ name: 'web-1', project: 'demo', flavor: 's2.small.1', user: 'alice', imageId: null }],
    },
  });
  const { alice, bob } = world;
  await asked(world, { flavor: 'c1.large' });
  await alice.seesOnCard('there is no way back to s2.small.1: the cloud gives it to nobody any more');
  await bob.clicks('Approve');
  await alice.seesOnCard('✅ Resized');
  expect(alice.canClick('Reverse resize')).toBe(false);
});

it('leaves a server off that was off', async () => {
  const world = await open();
  const { alice, cloud } = world;
  cloud.operator.stop('web-1');
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('✅ Resized');
  expect(cloud.status('web-1')).toBe('SHUTOFF');
  expect(cloud.countCalls({ action: 'os-start' })).toBe(0);
});

it('tells in words why the job failed, from the part that did, and starts the server again', async () => {
  const world = await open();
  const { alice, cloud } = world;
  cloud.spoilNext('web-1', { action: 'resize', outcome: 'rolled_back' });
  await approved(world, { flavor: 'c1.large' });
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('there is no room for this flavor (Ecs.0319)');
  expect(text).toContain('It said: “Insufficient resources for the flavor.”');
  expect(text).toContain('web-1 keeps flavor s2.small.1.');
  await until(() => cloud.status('web-1') === 'ACTIVE', 'the server to run again');
  expect(cloud.countCalls(RESIZE)).toBe(1);
});

it('follows a job that takes its time, says so, and does not take that for a failure', async () => {
  const world = await open({ pace: { resizeMs: 40 * MINUTE } });
  const { alice, clock } = world;
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('⏳ Resizing');
  await until(() => world.cloud.countCalls(RESIZE) === 1, 'the resize to be sent');
  clock.advance(15 * MINUTE);
  await alice.seesOnCard('Still resizing');
  clock.advance(30 * MINUTE);
  await alice.seesOnCard('✅ Resized');
});

it('does not resize twice when the answer with the job gets lost', async () => {
  const world = await open();
  const { alice, cloud } = world;
  cloud.failNext({ match: RESIZE, with: 'reset_after' });
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('✅ Resized');
  expect(cloud.countCalls(RESIZE)).toBe(1);
});

it('goes by the server when the cloud has forgotten the job', async () => {
  const world = await open();
  const { alice, cloud } = world;
  cloud.failNext({
    match: { path: /\/jobs\// },
    with: { status: 400, body: { code: 'Common.0011', message: 'The job ID is invalid.' } },
    times: 99,
  });
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('✅ Resized');
});

it('does not take a word that it does not know for the end of the job', async () => {
  const world = await open();
  const { alice, cloud } = world;
  const body = { job_id: 'j', status: 'PAUSED_BY_THE_PLATFORM', entities: {}, error_code: null, fail_reason: null };
  cloud.failNext({ match: { path: /\/jobs\// }, with: { status: 200, body }, times: 3 });
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('✅ Resized');
  expect(cloud.countCalls({ path: /\/jobs\// })).toBeGreaterThan(3);
  expect(cloud.countCalls(RESIZE)).toBe(1);
});

it('believes the part of a job that failed, not the job that says SUCCESS', async () => {
  const world = await open();
  const { alice, cloud } = world;
  const part = { job_id: 'j1', status: 'FAIL', entities: {}, error_code: 'Ecs.0319', fail_reason: 'sold out' };
  const body = { job_id: 'j', status: 'SUCCESS', entities: { sub_jobs_total: 1, sub_jobs: [part] }, error_code: null };
  cloud.spoilNext('web-1', { action: 'resize', outcome: 'rolled_back' });
  cloud.failNext({ match: { path: /\/jobs\// }, with: { status: 200, body }, times: 99 });
  await approved(world, { flavor: 'c1.large' });
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('It said: “sold out” web-1 keeps flavor s2.small.1.');
});

it.each([
  [404, { error_msg: 'The API does not exist', error_code: 'APIGW.0101', request_id: 'r' }],
  [400, { error: { code: 'Common.0011', message: 'The job ID is invalid.' } }],
])('says that nothing came of it when the job is gone (%s) and the server never changes', async (status, body) => {
  const world = await open({ pace: { jobMs: 600 * MINUTE } });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: { path: /\/jobs\// }, with: { status, body }, times: 999 });
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('It is uncertain whether the cloud is resizing the server');
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard('The cloud took the order to resize the server, but web-1 has not changed since.');
  await until(() => cloud.status('web-1') === 'ACTIVE', 'the server to run again');
  expect(cloud.countCalls(RESIZE)).toBe(1);
});

it.each<[what: string, change: (world: World) => void, said: string]>([
  [
    'the flavor was withdrawn',
    ({ cloud }) => Object.assign(cloud.world.flavor('c1.large'), { disabled: true }),
    'there is no such flavor any more (Ecs.0029)',
  ],
  [
    'the quota was used up',
    ({ cloud }) => Object.assign(cloud.world.project('demo').quota, { cores: 5 }),
    "It said: “The ECS quota is exceeded.” web-1 keeps flavor s2.small.1. The project's quota is used up",
  ],
])('says what the cloud refused when %s meanwhile, and starts the server again', async (_what, change, said) => {
  const world = await open({ pace: { stopMs: 5 * MINUTE } });
  const { alice, cloud, clock } = world;
  await approved(world, { flavor: 'c1.large' });
  await until(() => cloud.isChanging('web-1'), 'the stop to begin');
  change(world);
  clock.advance(6 * MINUTE);
  await alice.seesOnCard('❌ Failed');
  expect(alice.card()?.text).toContain(said);
  await until(() => cloud.status('web-1') === 'ACTIVE', 'the server to run again');
});

it('waits where the platform is at the server with something else, and then resizes', async () => {
  const world = await open();
  const { alice, cloud, clock } = world;
  const busy = { error: { code: 'Ecs.0603', message: 'Other commands are being executed on the ECS.' } };
  cloud.failNext({ match: RESIZE, with: { status: 501, body: busy } });
  await approved(world, { flavor: 'c1.large' });
  await alice.seesOnCard('It said: Other commands are being executed on the ECS.');
  clock.advance(20_000);
  await alice.seesOnCard('✅ Resized');
});

it.each(['v2.1', 'none'] as const)(
  'asks elsewhere what a server can become, or nobody, where it is told by %s',
  async (resizeFlavors) => {
    const world = await open({ resizeFlavors });
    const { alice, cloud } = world;
    const { text } = await alice.asks('/ecs flavors --for web-1');
    expect(text).toContain('c1.large');
    expect(cloud.countCalls({ path: /\/v2\.1\/.*resize_flavors/ })).toBe(1);
    await approved(world, { flavor: 'c1.large' });
    await alice.seesOnCard('✅ Resized');
  },
);

it('goes on with the job on another replica', async () => {
  const world = await open({ pace: { resizeMs: 5 * MINUTE } });
  const { alice, clock, cloud } = world;
  await approved(world, { flavor: 'c1.large' });
  await until(() => cloud.countCalls(RESIZE) === 1, 'the resize to be sent');
  await world.anotherReplica();
  clock.advance(6 * MINUTE);
  await alice.seesOnCard('✅ Resized');
  expect(cloud.countCalls(RESIZE)).toBe(1);
});

it('asks the cloud what the server can become before anybody has to approve', async () => {
  const world = await open({
    seed: {
      flavors: [
        { id: '11', name: 's2.small.1', vcpus: 1, ramMiB: 1024, diskGiB: 10 },
        { id: '13', name: 'c1.large', vcpus: 4, ramMiB: 8192, diskGiB: 40 },
        { id: '20', name: 'hidden.one', vcpus: 2, ramMiB: 2048, diskGiB: 40, isPublic: false },
        {
          id: '21',
          name: 'sold.out',
          vcpus: 2,
          ramMiB: 2048,
          diskGiB: 40,
          extraSpecs: { 'cond:operation:status': 'sellout' },
        },
      ],
      servers: [{ name: 'web-1', project: 'demo', flavor: 's2.small.1', user: 'alice' }],
    },
  });
  const { alice } = world;
  await alice.says('/ecs resize web-1 sold.out');
  await alice.seesPrivately(/Flavor sold\.out is sold out/);
  await alice.says('/ecs flavors --for web-1');
  const { text } = await alice.seesPrivately('that web-1 could have');
  expect(text).toContain('c1.large');
  expect(text).not.toContain('hidden.one');
  expect(text).not.toContain('sold.out');
});

it('shows with --plan the one call of this cloud', async () => {
  const world = await open();
  const { alice, cloud } = world;
  await alice.says('/ecs resize web-1 c1.large --plan');
  const { text } = await alice.seesPrivately('These 3 calls would be made');
  expect(text).toMatch(/POST http\S+\/v1\/[^/]+\/cloudservers\/[^/]+\/resize/);
  expect(text).toContain('"flavorRef": "13"');
  expect(text).not.toContain('confirmResize');
  expect(text).toContain('This cloud has no step to confirm.');
  expect(cloud.countCalls(RESIZE)).toBe(0);
});
