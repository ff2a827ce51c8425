import { describe, expect, it } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { countUnfinished, createLanes, type LaneClaim } from '../../src/redis/lanes.ts';
import { useRedis } from '../support/redis-client.ts';

type Message = { key: string; to: string; text: string };
type Delivery = { settled: number; ts: string | null };
type Pace = { postAt: number };

const redis = useRedis();

function lanes(space: string) {
  return createLanes<Message, Delivery, Pace>({
    redis: redis.client,
    keys: createKeys(`{${space}}:`),
    shape: {
      laneOf: (message) => message.to,
      split: ({ key, to, text }) => ({ fixed: { key, to }, content: { text } }),
      join: (fixed, content) => ({ ...fixed, ...content }) as Message,
      newDelivery: () => ({ settled: 0, ts: null }),
      newPace: () => ({ postAt: 0 }),
    },
  });
}

const message = (key: string, to: string, text = key): Message => ({ key, to, text });
const lease = (token: string) => ({ token, leaseMs: 1_000 });

async function claimed(store: ReturnType<typeof lanes>, now: number, token = 'me') {
  const answer = await store.claim(now, lease(token));
  if (!('claim' in answer)) throw new Error(`nothing to claim, next at ${answer.nextAt}`);
  return answer;
}

const settle = (store: ReturnType<typeof lanes>, claim: LaneClaim, [key, settled]: [string, number]) =>
  store.record(claim, key, { delivery: { settled, ts: '1.0' }, pace: { postAt: 7 } });

describe('lanes', () => {
  it('give one worker the whole lane, in the order of the first puts', async () => {
    const store = lanes('order');
    await store.put([message('a', 'C1'), message('b', 'C1'), message('c', 'C2')], 10);
    await store.put([message('a', 'C1', 'newer')], 11);

    const first = await claimed(store, 20);
    const second = await claimed(store, 20, 'other');

    expect(first.rows.map((row) => [row.key, row.message.text, row.version])).toEqual([
      ['a', 'newer', 2],
      ['b', 'b', 1],
    ]);
    expect(second.claim.lane).toBe('C2');
    expect(await store.claim(20, lease('third'))).toEqual({ nextAt: 1_020 });
  });

  it('forget a settled row only from the lane: it can be found and edited later', async () => {
    const store = lanes('settled');
    await store.put([message('a', 'C1')], 10);
    const { claim } = await claimed(store, 10);
    expect(await settle(store, claim, ['a', 1])).toBe(true);
    await store.release(claim, 500);

    expect(await store.claim(1_000, lease('x'))).toEqual({ nextAt: null });
    expect((await store.find(['a', 'gone'])).map((row) => row.delivery.ts)).toEqual(['1.0']);

    await store.put([message('a', 'C1', 'again')], 1_000);
    const again = await claimed(store, 1_000);

    expect(again.rows[0]?.message).toEqual({ key: 'a', to: 'C1', text: 'again' });
  });

  it('keep what was put while the lane was held, and make it due at once', async () => {
    const store = lanes('meanwhile');
    await store.put([message('a', 'C1')], 10);
    const { claim } = await claimed(store, 10);
    await store.put([message('a', 'C1', 'newer')], 12);
    await settle(store, claim, ['a', 1]);
    await store.release(claim, 5_000);

    expect((await claimed(store, 12)).rows[0]).toMatchObject({ version: 2, delivery: { settled: 1 } });
  });

  it('come back when the worker died, and do not listen to it afterwards', async () => {
    const store = lanes('crash');
    await store.put([message('a', 'C1')], 10);
    const dead = await claimed(store, 10, 'dead');
    const next = await claimed(store, 1_010, 'next');

    expect(next.rows).toHaveLength(1);
    expect(await settle(store, dead.claim, ['a', 1])).toBe(false);
    expect(await settle(store, next.claim, ['a', 1])).toBe(true);
  });

  it('remember the pace of a lane, and when it is due again', async () => {
    const store = lanes('pace');
    await store.put([message('a', 'C1')], 10);
    const { claim } = await claimed(store, 10);
    await settle(store, claim, ['a', 0]);
    await store.release(claim, 3_000);

    expect(await store.claim(2_999, lease('x'))).toEqual({ nextAt: 3_000 });
    expect((await claimed(store, 3_000)).pace).toEqual({ postAt: 7 });
  });

  it('tell how much is waiting, over all of them', async () => {
    const store = lanes('waiting');
    const waiting = () => countUnfinished({ redis: redis.client, keys: createKeys('{waiting}:') });
    expect(await waiting()).toBe(0);
    await store.put([message('a', 'C1'), message('b', 'C1'), message('c', 'C2')], 10);
    expect(await waiting()).toBe(3);
    await settle(store, (await claimed(store, 20)).claim, ['a', 1]);
    expect(await waiting()).toBe(2);
  });
});
