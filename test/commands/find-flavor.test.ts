import { describe, expect, it } from 'vitest';
import { createFlavorCache, findFlavor, flavorNamed } from '../../src/commands/find/flavor.ts';
import type { Flavor } from '../../src/openstack/flavors.ts';
import { AT, cloudError, FakeCloud } from './fake-cloud.ts';

const MINUTE = 60_000;

function at(start: number) {
  const clock = { now: start };
  return { clock, cache: createFlavorCache({ now: () => clock.now }) };
}

describe('remembered flavors', () => {
  it('are asked for once in five minutes, however many ask at once', async () => {
    const { clock, cache } = at(AT);
    const cloud = new FakeCloud();
    await Promise.all([cache.of(cloud), cache.of(cloud), cache.of(cloud)]);
    clock.now += 5 * MINUTE - 1;
    await cache.of(cloud);
    expect(cloud.asked).toHaveLength(1);
    clock.now += 1;
    await cache.of(cloud);
    expect(cloud.asked).toHaveLength(2);
  });

  it('are kept apart by project and region', async () => {
    const { cache } = at(AT);
    const cloud = new FakeCloud();
    await cache.of(cloud);
    await cache.of(Object.assign(new FakeCloud({ flavors: [] }), { projectId: 'p-other' }));
    await cache.of(Object.assign(new FakeCloud({ flavors: [] }), { region: 'eu-nl' }));
    expect(await cache.of(cloud)).toHaveLength(2);
  });

  it('are not remembered when the cloud failed', async () => {
    const { cache } = at(AT);
    const cloud = new FakeCloud();
    const call = cloud.call.bind(cloud);
    cloud.call = async () => {
      throw cloudError('unavailable', { method: 'GET', path: '/flavors/detail' });
    };
    await expect(cache.of(cloud)).rejects.toMatchObject({ kind: 'unavailable' });
    cloud.call = call;
    expect(await cache.of(cloud)).toHaveLength(2);
  });

  it('do not grow without end', async () => {
    const { cache } = at(AT);
    const first = new FakeCloud();
    await cache.of(first);
    for (let n = 0; n < 500; n += 1) {
      await cache.of(Object.assign(new FakeCloud({ flavors: [] }), { projectId: `p-${n}` }));
    }
    await cache.of(first);
    expect(first.asked).toHaveLength(2);
  });
});

function flavor(id: string, name: string): Flavor {
  return {
    id,
    name,
    vcpus: 1,
    ramMiB: 1024,
    diskGiB: 0,
    ephemeralGiB: 0,
    swapMiB: 0,
    disabled: false,
    isPublic: true,
    description: null,
    extraSpecs: null,
  };
}

describe('a flavor’s name', () => {
  const flavors = [
    flavor('1', 'small'),
    flavor('2', 'Small'),
    flavor('3', 'large'),
    flavor('4', 'twin'),
    flavor('5', 'twin'),
    flavor('large', 'odd'),
  ];

  it.each([
    ['1', '1'],
    ['small', '1'],
    ['Small', '2'],
    ['ODD', 'large'],
    ['large', 'large'],
  ])('“%s” stands for the flavor %s', (wanted, id) => {
    expect(findFlavor(flavors, wanted).id).toBe(id);
  });

  it.each([
    ['twin', 'ambiguous', '2 flavors are called twin: say which one by its id (4, 5).'],
    ['SMALL', 'ambiguous', '2 flavors are called SMALL: say which one by its id (1, 2).'],
    ['smal', 'not_found', 'There is no flavor smal in this project. Near it: small, Small.'],
    ['zebra', 'not_found', 'There is no flavor zebra in this project. “flavors” lists them all.'],
  ])('“%s” is refused', (wanted, code, message) => {
    expect(() => findFlavor(flavors, wanted)).toThrow(expect.objectContaining({ code, message, about: 'flavor' }));
  });

  it('is found by its id where the cloud does not list it, because it is disabled', async () => {
    const { cache } = at(AT);
    const cloud = new FakeCloud({
      flavors: [{ id: 'f-old', name: 'old.retired', vcpus: 1, ram: 1024, disabled: true }],
    });
    expect(await flavorNamed('f-old', { cloud, cache })).toMatchObject({ name: 'old.retired', disabled: true });
    await expect(flavorNamed('f-none', { cloud, cache })).rejects.toMatchObject({ code: 'not_found' });
  });
});
