import { describe, expect, it } from 'vitest';
import { createImageNames } from '../../src/commands/find/image.ts';
import { AT } from './fake-cloud.ts';
import { image, StockedCloud, UBUNTU } from './stocked-cloud.ts';

const PATH = `GET /images/${UBUNTU}`;

function setting() {
  const clock = { now: AT };
  const cloud = new StockedCloud();
  cloud.stock[PATH] = image(UBUNTU, 'Ubuntu 24.04', 10);
  return { clock, cloud, names: createImageNames({ now: () => clock.now }) };
}

describe('the name of an image that a card mentions', () => {
  it('is asked for once an hour', async () => {
    const { clock, cloud, names } = setting();
    for (let look = 0; look < 3; look += 1) expect(await names.of(cloud, UBUNTU)).toBe('Ubuntu 24.04');
    expect(cloud.asked).toEqual([PATH]);
    clock.now += 3_600_001;
    await names.of(cloud, UBUNTU);
    expect(cloud.asked).toEqual([PATH, PATH]);
  });

  it('is not told where the cloud does not tell it, and asked for again a minute later', async () => {
    const { clock, cloud, names } = setting();
    cloud.refused[PATH] = 'timeout';
    expect(await names.of(cloud, UBUNTU)).toBeNull();
    delete cloud.refused[PATH];
    expect(await names.of(cloud, UBUNTU)).toBeNull();
    clock.now += 60_001;
    expect(await names.of(cloud, UBUNTU)).toBe('Ubuntu 24.04');
  });
});
