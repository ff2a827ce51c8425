// Killed at every point and every pair of points, on its way through what a cloud can do to an order: one server, one card.
import { describe, expect, it } from 'vitest';
import { createHouse, type House } from './house.ts';
import type { OrderFault } from './mini-nova.ts';

const MINUTE = 60_000;

type Life = { name: string; faults: OrderFault[] };

const LIVES: Life[] = [
  { name: 'goes well', faults: [] },
  { name: 'loses its answer', faults: [{ kind: 'lost' }] },
  { name: 'is taken late', faults: [{ kind: 'late', ms: 15_000 }] },
  { name: 'never arrives at first', faults: [{ kind: 'never' }] },
];

async function live({ faults }: Life, killAt: readonly number[] = []): Promise<House> {
  const house = createHouse({ killAt });
  house.nova.fail(...faults);
  await house.order();
  await house.pass(6 * MINUTE);
  return house;
}

/** Everything that must be true whatever happened on the way. */
function wrongs(house: House): string[] {
  return [
    house.all()[0]?.state !== 'active' && `ended as ${house.all()[0]?.state}`,
    house.nova.servers.length !== 1 && `${house.nova.servers.length} servers`,
    house.all().length !== 1 && `${house.all().length} creations`,
    !house.card()?.text.includes('Ready') && 'the card is not the newest',
    !house.dm() && 'nobody told the requester',
    house.dm()?.secret !== undefined && house.secrets.size === 0 && 'a password was promised and is gone',
  ].filter((wrong) => wrong !== false);
}

describe.each(LIVES)('an order that $name', (life) => {
  it('makes one server, wherever the process is killed', { timeout: 60_000 }, async () => {
    const { fate } = await live(life);
    expect(fate.point).toBeGreaterThan(20);
    const found: string[] = [];
    for (let point = 1; point <= fate.point; point += 1) {
      const house = await live(life, [point]);
      expect(house.lives.count).toBe(2);
      const wrong = wrongs(house);
      if (wrong.length > 0) found.push(`killed at ${point}: ${wrong.join(', ')}`);
    }
    expect(found).toEqual([]);
  });

  it('makes one server, wherever the process is killed twice', { timeout: 300_000 }, async () => {
    const { fate } = await live(life);
    const found: string[] = [];
    const most = Math.min(fate.point, 60);
    for (let first = 1; first < most; first += 1) {
      for (let second = first + 1; second <= most; second += 1) {
        const wrong = wrongs(await live(life, [first, second]));
        if (wrong.length > 0) found.push(`killed at ${first} and ${second}: ${wrong.join(', ')}`);
      }
    }
    expect(found).toEqual([]);
  });
});
