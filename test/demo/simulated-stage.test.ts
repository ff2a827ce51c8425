// Which of the three clouds the demo plays on, and that the bot is told so.
import { afterEach, expect, test } from 'vitest';
import { openSimulatedStage } from './simulated-stage.ts';
import type { Stage } from './stage.ts';

const stages: Stage[] = [];

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(cloud?: string): Promise<Stage> {
  const pageDir = new URL('page', import.meta.url).pathname;
  const stage = await openSimulatedStage({ botPort: 20_000, pageDir, ...(cloud !== undefined && { cloud }) });
  stages.push(stage);
  return stage;
}

test('the demo plays on plain OpenStack unless it is told another cloud', async () => {
  expect((await open()).env['OS_CLOUD_PROFILE'] ?? 'openstack').toBe('openstack');
});

test.each([
  ['otc', 'eu-de'],
  ['huawei', 'cn-north-1'],
])('the bot is told that it plays on %s, and where', async (cloud, region) => {
  const { env } = await open(cloud);
  expect(env).toMatchObject({ OS_CLOUD_PROFILE: cloud, OS_REGION_NAME: region, OS_PROTOCOL: 'oidc' });
});

test('where a resize ends by itself, people are told of nothing to confirm', async () => {
  expect((await open('huawei')).panel.state().guide?.last).toEqual({
    words: 'Nothing is to be confirmed here. Let servers load an FPGA image',
    type: '/ecs fpga associate matrix-mult web-golden',
  });
  expect((await open('otc')).panel.state().guide).toBeUndefined();
});

test('a cloud that there is not is told with those there are', async () => {
  await expect(open('aws')).rejects.toThrow('DEMO_CLOUD is aws: it may be openstack, otc or huawei.');
});
