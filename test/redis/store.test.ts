import { describe, expect, it } from 'vitest';
import { createStore } from '../../src/redis/store.ts';
import { useRedis } from '../support/redis-client.ts';

const redis = useRedis();
const key = (name: string) => redis.keys.value(name);

describe('a value', () => {
  it('is taken by one of two takers', async () => {
    const store = createStore(redis.client);
    await store.set(key('ticket'), 'T');

    expect((await Promise.all([store.take(key('ticket')), store.take(key('ticket'))])).toSorted()).toEqual(['T', null]);
  });

  it('is set once when it must be new', async () => {
    const store = createStore(redis.client);

    expect(await store.set(key('new'), 'a', { onlyIfNew: true, ttlMs: 1_000 })).toBe(true);
    expect(await store.set(key('new'), 'b', { onlyIfNew: true })).toBe(false);
    expect(await store.get(key('new'))).toBe('a');
  });

  it('is swapped only from what it was thought to be, and keeps its lifetime', async () => {
    const store = createStore(redis.client);
    await store.set(key('swap'), 'one', { ttlMs: 60_000 });

    expect(await store.swap(key('swap'), 'other', 'two')).toBe(false);
    expect(await store.swap(key('swap'), 'one', 'two')).toBe(true);
    expect(await redis.client.pttl(key('swap'))).toBeGreaterThan(0);
    expect(await store.swap(key('absent'), null, 'first')).toBe(true);
    expect(await store.swap(key('absent'), null, 'second')).toBe(false);
  });

  it('cannot reach into another key by a clever name', () => {
    expect(redis.keys.value('a:b', 'c')).not.toBe(redis.keys.value('a', 'b:c'));
  });
});
