// The service catalog in the shapes that clouds give it.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import type { CloudOptions } from '../options.ts';
import { person, send, signIn } from '../testing/person.ts';

let cloud: CloudSimulator;

afterEach(async () => cloud.close());

type Endpoint = { interface: string; region: string | null; url: string };

async function computeEndpoint(): Promise<Endpoint | undefined> {
  const { body } = await signIn(cloud, 'alice', 'demo');
  const { catalog } = (body as { token: { catalog: { type: string; endpoints: Endpoint[] }[] } }).token;
  return catalog.find(({ type }) => type === 'compute')?.endpoints.find((endpoint) => endpoint.interface === 'public');
}

test.each<[CloudOptions, Partial<Endpoint> | undefined]>([
  [{}, { region: 'RegionOne', url: '/compute/v2.1' }],
  [
    { catalog: { projectIdInPath: true, trailingSlash: true, region: '*' } },
    { region: '*', url: '/compute/v2.1/PID/' },
  ],
  [{ catalog: { region: null } }, { region: null, url: '/compute/v2.1' }],
  [{ catalog: { without: ['compute'] } }, undefined],
  [{ catalog: { moreRegions: ['RegionTwo'] } }, { region: 'RegionTwo', url: '/r/RegionTwo/compute/v2.1' }],
  [{ mode: 'otc' }, { region: 'eu-de', url: '/compute/v2.1/PID' }],
])('the catalog is written as this cloud writes it: %o', async (options, expected) => {
  cloud = await CloudSimulator.start(options);
  const endpoint = await computeEndpoint();
  const url = endpoint?.url.replace(cloud.url, '').replace(cloud.world.project('demo').id, 'PID');
  expect(endpoint && { region: endpoint.region, url }).toEqual(expected);
});

test('a further region is reached at its own address', async () => {
  cloud = await CloudSimulator.start({ catalog: { moreRegions: ['RegionTwo'] } });
  const { token } = await person(cloud, 'alice', 'demo');
  const seen = await send(cloud, '/r/RegionTwo/compute/v2.1/servers', { headers: { 'X-Auth-Token': token } });
  expect(seen.status).toBe(200);
  expect(cloud.countCalls({ path: '/r/RegionTwo' })).toBe(1);
});
