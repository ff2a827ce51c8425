// Clouds where a project is in one region, and is named after it.
import { expect, it } from 'vitest';
import { useWorlds, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();

const PROJECTS = { 'eu-de': 'member', 'eu-de_web': 'member', 'eu-nl_Größe サーバ': 'member' } as const;

const TWO_REGIONS: WorldOptions = {
  env: { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' },
  cloud: {
    mode: 'otc',
    catalog: { moreRegions: ['eu-nl'] },
    seed: {
      projects: [...Object.keys(PROJECTS), 'MOS', 'demo', 'ops', 'admin'].map((name) => ({ name })),
      users: [
        { name: 'alice', roles: { ...PROJECTS, MOS: 'member' } },
        ...['bob', 'carol', 'dave', 'admin'].map((name) => ({ name, roles: {} })),
      ],
      servers: [
        { name: 'de-1', project: 'eu-de', flavor: 's2.small.1' },
        { name: 'web-de', project: 'eu-de_web', flavor: 's2.small.1' },
        { name: 'web-nl', project: 'eu-nl_Größe サーバ', flavor: 's2.small.1' },
      ],
    },
  },
};

it('goes with each project to its own region, whatever region was chosen before', async () => {
  const { alice, cloud } = await worlds.open(TWO_REGIONS);
  await alice.signsIn();
  await alice.seesPrivately('You have 3 projects: choose the one to work in.');
  for (const [project, server] of [
    ['eu-de', 'de-1'],
    ['eu-nl_Größe サーバ', 'web-nl'],
    ['eu-de_web', 'web-de'],
  ]) {
    expect((await alice.asks(`/ecs project "${project}"`)).text).toContain(`You work in project ${project} now.`);
    expect((await alice.asks('/ecs list')).text).toContain(server);
  }
  expect(cloud.countCalls({ status: 401 })).toBe(0);
  expect(cloud.countCalls({ path: '/r/eu-nl/compute' })).toBeGreaterThan(0);
});

it('offers no region that the project is not in', async () => {
  const { alice } = await worlds.open(TWO_REGIONS);
  await alice.signsIn();
  await alice.asks('/ecs project "eu-nl_Größe サーバ"');
  expect((await alice.asks('/ecs region')).text).toContain('You work in region eu-nl. It is the only one');
  expect((await alice.asks('/ecs region eu-de')).text).toContain('There is no region eu-de in this project');
});

it('tells people the region that they work in, not the one they did before', async () => {
  const { alice } = await worlds.open(TWO_REGIONS);
  await alice.signsIn();
  await alice.asks('/ecs project "eu-nl_Größe サーバ"');
  await alice.asks('/ecs list');
  expect((await alice.asks('/ecs whoami')).text).toContain('Region\neu-nl');
  await alice.asks('/ecs project eu-de');
  await alice.asks('/ecs list');
  expect((await alice.asks('/ecs whoami')).text).toContain('Region\neu-de');
});

it('tells people the region of the project that the channel is about, where commands typed there work', async () => {
  const { alice } = await worlds.open(TWO_REGIONS);
  await alice.signsIn();
  await alice.asks('/ecs project eu-de');
  await alice.says('/ecs project "eu-nl_Größe サーバ" --channel');
  await alice.sees('for this channel');
  expect((await alice.asks('/ecs whoami')).text).toMatch(/Project here\neu-nl_Größe サーバ\n[^]*Region\neu-nl\n/);
});

it('says which choice is wrong where the names do not tell', async () => {
  const gateway = { status: 401, body: { error_code: 'APIGW.0307', error_msg: 'The token must be updated.' } };
  const { alice, cloud } = await worlds.open({ ...TWO_REGIONS, cloud: { mode: 'otc' } });
  await alice.signsIn();
  cloud.failNext({ match: { path: /servers\/detail/ }, with: gateway, times: 2 });
  expect((await alice.asks('/ecs list')).text).toContain(
    'The cloud takes nothing for this project in eu-de. Choose the region that the project is in',
  );
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
});
