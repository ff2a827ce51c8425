// What waiting costs the cloud, and a request costs Redis.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, createHouse } from './house/house.ts';
import { asked, MINUTE, resized } from './house/scenes.ts';

describe('what waiting costs', () => {
  it('looks once per project and tick while a thousand servers are being resized', async () => {
    const house = createHouse();
    const ids = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        house.nova.addServer(`s-${index}`, { name: `web-${index}`, vm: 'stopped', powered: false });
        house.nova.fail('resize', { kind: 'hangs' });
        return (await house.ask('c1.large', ALICE, `s-${index}`)).id;
      }),
    );
    for (const id of ids) await house.click(id, { kind: 'approve', by: BOB });
    await house.pass(5_000);
    house.nova.world.calls = 0;
    await house.pass(5 * MINUTE);

    expect(ids.map((id) => house.read(id).state)).toEqual(ids.map(() => 'resizing'));
    // Sixty ticks; where all thousand are listed, an empty page comes after them.
    expect(house.nova.world.calls).toBeLessThanOrEqual(66);
  });

  it('asks nothing when nothing waits, and seldom while a person thinks', async () => {
    const { house } = await asked();
    house.nova.world.calls = 0;
    await house.pass(10 * MINUTE);
    expect(house.nova.world.calls).toBe(0);
    const waiting = await resized();
    waiting.house.nova.world.calls = 0;
    await waiting.house.pass(10 * MINUTE);
    expect(waiting.house.nova.world.calls).toBeLessThanOrEqual(11);
  });

  it('keeps a request within two thousand bytes', async () => {
    const { house, id } = await resized();
    expect(JSON.stringify(house.read(id)).length).toBeLessThan(2_000);
  });
});
