// What a cloud says of itself: its zones, its disk types, the room a project has, and the versions of its API.
import { describe, expect, test } from 'vitest';
import { showVersions, usedVersion } from '../../src/openstack/api-versions.ts';
import { listFlavors } from '../../src/openstack/flavors.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { showNetworkLimits } from '../../src/openstack/networks.ts';
import { compareMicroversions, parseMicroversion } from '../../src/openstack/versions.ts';
import { listVolumeTypes, showVolumeLimits } from '../../src/openstack/volumes.ts';
import { listVolumeZones, listZones } from '../../src/openstack/zones.ts';
import { needs, useCloud } from './support/use-cloud.ts';

const house = await useCloud();

const ALLOWANCE = { used: expect.any(Number), max: expect.any(Number) };

describe('zones', () => {
  test('of servers and of disks are named, at least one of each can be used, and hosts are nobody’s business', async () => {
    const cloud = await house.member();
    for (const zones of [await listZones(cloud), await listVolumeZones(cloud)]) {
      expect(zones.some(({ name, available }) => name !== '' && available)).toBe(true);
    }
    const { body } = await cloud.call({ service: 'compute', method: 'GET', path: '/os-availability-zone' });
    expect(JSON.stringify(body)).toMatch(/"hosts":null/);
  });

  test('are told to readers, too', async (context) => {
    const reader = await house.connect(context, 'reader');
    expect(await listZones(reader)).toEqual(await listZones(await house.member()));
    expect(await listVolumeZones(reader)).toEqual(await listVolumeZones(await house.member()));
  });
});

test('disk types have names, each once, and may be told to readers', async (context) => {
  const types = await listVolumeTypes(await house.member());
  const names = types.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
  expect(await listVolumeTypes(await house.connect(context, 'reader'))).toEqual(types);
});

describe('the room of a project', () => {
  test('is told for servers, disks and networks', async () => {
    const cloud = await house.member();
    expect(await showLimits(cloud)).toEqual({ servers: ALLOWANCE, cores: ALLOWANCE, ramMiB: ALLOWANCE });
    expect(await showVolumeLimits(cloud)).toEqual({ volumes: ALLOWANCE, gigabytes: ALLOWANCE });
    expect(await showNetworkLimits(cloud)).toEqual({ networks: ALLOWANCE, subnets: ALLOWANCE, ports: ALLOWANCE });
  });

  test('is told to readers, too', async (context) => {
    const reader = await house.connect(context, 'reader');
    const cloud = await house.member();
    expect((await showLimits(reader)).servers.max).toBe((await showLimits(cloud)).servers.max);
    expect((await showVolumeLimits(reader)).volumes.max).toBe((await showVolumeLimits(cloud)).volumes.max);
    expect((await showNetworkLimits(reader)).networks.max).toBe((await showNetworkLimits(cloud)).networks.max);
  });

  test('is without bounds where the quota is -1', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    house.after(await setQuota(cloud.projectId, { cores: -1, gigabytes: -1, ports: -1 }));
    expect((await showLimits(cloud)).cores).toEqual({ used: expect.any(Number), max: Number.POSITIVE_INFINITY });
    expect((await showVolumeLimits(cloud)).gigabytes).toEqual({
      used: expect.any(Number),
      max: Number.POSITIVE_INFINITY,
    });
    expect((await showNetworkLimits(cloud)).ports).toEqual({ used: expect.any(Number), max: Number.POSITIVE_INFINITY });
  });
});

describe('the versions of the API', () => {
  test('are all listed at the root, with the one that is used among them', async () => {
    const { all, own } = await showVersions(await house.member());
    expect(own).toMatchObject({ id: 'v2.1', status: 'CURRENT', min: '2.1', max: expect.stringMatching(/^2\.\d+$/) });
    expect(all).toEqual(expect.arrayContaining([own, { id: 'v2.0', status: 'SUPPORTED', min: null, max: null }]));
  });

  test('decide with which one the bot asks about servers', async () => {
    const { own } = await showVersions(await house.member());
    const { version, because } = usedVersion(own, null);
    const [used, most] = [parseMicroversion(version), parseMicroversion(own?.max ?? null)];
    if (used === null || most === null) throw new Error('this cloud has no microversions');
    expect(compareMicroversions(used, most)).toBeLessThanOrEqual(0);
    expect(because).toBe(version === own?.max ? 'cloud_maximum' : 'bot_maximum');
    expect(usedVersion(own, '2.30')).toEqual({ version: '2.30', because: 'operator_ceiling' });
  });

  test('without microversions are told as such', async (context) => {
    const compute = needs(context, house.under.legacyCompute);
    const { own } = await showVersions(await house.member({ overrides: { compute } }));
    expect(own).toMatchObject({ id: 'v2.0', min: null, max: null });
    expect(usedVersion(own, null)).toEqual({ version: null, because: 'no_microversions' });
  });
});

test('flavors are told to readers as to everybody', async (context) => {
  const reader = await house.connect(context, 'reader');
  expect(await listFlavors(reader)).toEqual(await listFlavors(await house.member()));
});
