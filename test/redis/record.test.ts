import { describe, expect, it } from 'vitest';
import { createRecords, RecordMissing, type RecordStore } from '../../src/redis/record.ts';
import { useRedis } from '../support/redis-client.ts';

type Job = { id: string; count: number; server: string | null; open: boolean; due: number | null };

const redis = useRedis();

function jobs(kind: string): RecordStore<Job> {
  return createRecords<Job>({
    redis: redis.client,
    keys: redis.keys,
    kind,
    place: (job) => ({
      due: job.due,
      claims: job.server ? [{ name: `server:${job.server}`, held: job.open }] : [],
      groups: [{ name: 'open', score: job.open ? job.count : null }],
      keepMs: job.open ? null : 60_000,
    }),
  });
}

const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  count: 0,
  server: null,
  open: true,
  due: null,
  ...more,
});

describe('a record', () => {
  it('is changed once per update, whatever the number of writers', async () => {
    const store = jobs('contention');
    await store.create('a', job('a'));

    await Promise.all(Array.from({ length: 25 }, () => store.update('a', (now) => ({ ...now, count: now.count + 1 }))));

    expect((await store.get('a'))?.count).toBe(25);
  });

  it('is created once: the second creator is told that the id is taken', async () => {
    const store = jobs('twice');
    const answers = await Promise.all([store.create('a', job('a')), store.create('a', job('a', { count: 7 }))]);

    expect(answers.map((answer) => answer.created).toSorted()).toEqual([false, true]);
    expect(answers.find((answer) => !answer.created)).toEqual({ created: false, taken: 'id', by: 'a' });
  });

  it('stays as it is when the change says so', async () => {
    const store = jobs('same');
    await store.create('a', job('a', { count: 3 }));

    expect(await store.update('a', () => null)).toEqual(job('a', { count: 3 }));
  });

  it('cannot be updated when it does not exist', async () => {
    await expect(jobs('none').update('a', (now) => now)).rejects.toBeInstanceOf(RecordMissing);
  });
});

describe('a claim', () => {
  it('lets one open record at a time hold a server, and frees it when that record closes', async () => {
    const store = jobs('claims');
    await store.create('a', job('a', { server: 'web' }));

    expect(await store.create('b', job('b', { server: 'web' }))).toEqual({
      created: false,
      taken: 'server:web',
      by: 'a',
    });
    expect(await store.get('b')).toBeNull();
    expect(await store.holder('server:web')).toBe('a');

    await store.update('a', (now) => ({ ...now, open: false }));

    expect(await store.holder('server:web')).toBeNull();
    expect(await store.create('b', job('b', { server: 'web' }))).toEqual({ created: true });
  });
});

describe('the indexes', () => {
  it('follow the record: due times and groups are entered and left with each save', async () => {
    const store = jobs('indexes');
    await store.create('a', job('a', { due: 100, count: 2 }));
    await store.create('b', job('b', { due: 200, count: 1 }));

    expect(await store.due(150, 10)).toEqual(['a']);
    expect(await store.members('open')).toEqual(['b', 'a']);
    expect(await store.members('open', { newestFirst: true, limit: 1 })).toEqual(['a']);

    await store.update('a', (now) => ({ ...now, due: null, open: false }));

    expect(await store.due(500, 10)).toEqual(['b']);
    expect(await store.members('open')).toEqual(['b']);
    expect(await store.many(['a', 'gone', 'b'])).toHaveLength(2);
  });
});

describe('groups', () => {
  const everything = (kind: string) =>
    createRecords<Job>({
      redis: redis.client,
      keys: redis.keys,
      kind,
      place: ({ count, open }) => ({
        due: null,
        claims: [],
        groups: [{ name: 'all', score: count }],
        keepMs: open ? null : 1,
      }),
    });
  const isGone = async (kind: string, id: string) =>
    expect.poll(() => redis.client.exists(redis.keys.record(kind, id))).toBe(0);

  it('do not grow for ever: what has expired is taken out with what comes', async () => {
    const store = everything('history');
    for (let count = 0; count < 40; count += 1) {
      await store.create(`j-${count}`, job(`j-${count}`, { count, open: false }));
      await isGone('history', `j-${count}`);
    }

    expect((await store.members('all')).length).toBeLessThanOrEqual(2);
  });

  it('keep what is open, however old, and make up for a time in which nothing came', async () => {
    const store = everything('old');
    for (let count = 0; count < 20; count += 1) await store.create(`j-${count}`, job(`j-${count}`, { count }));
    for (let count = 1; count < 20; count += 1) {
      await store.update(`j-${count}`, (now) => ({ ...now, open: false }));
      await isGone('old', `j-${count}`);
    }
    for (let count = 20; count < 26; count += 1) await store.create(`j-${count}`, job(`j-${count}`, { count }));

    expect(await store.members('all')).toEqual(['j-0', 'j-20', 'j-21', 'j-22', 'j-23', 'j-24', 'j-25']);
  });
});
