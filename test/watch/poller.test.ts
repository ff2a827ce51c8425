import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { createPoller, type Waiting } from '../../src/watch/poller.ts';

const T0 = Date.UTC(2026, 10, 21, 12);
const SECOND = 1_000;
const ALICE = { teamId: 'T1', userId: 'UALICE' };
const BOB = { teamId: 'T1', userId: 'UBOB' };

type Options = { waiting?: Waiting[]; resting?: Waiting[]; skewMs?: number };

function failure(kind: CloudErrorKind): CloudError {
  const asked = { method: 'GET', url: 'https://cloud.test/servers/detail', status: null, requestId: null };
  return new CloudError({ ...asked, kind, code: null, unsent: false, retryAfterMs: null, serviceMessage: '' });
}

function waits(id: string, more: Partial<Waiting> = {}): Waiting {
  return {
    id,
    serverId: `server-${id}`,
    projectId: 'p1',
    region: null,
    people: [ALICE],
    since: T0 - 60 * SECOND,
    ...more,
  };
}

/** A cloud that lists every waiting server as changed, and notes what it was asked. */
function createScene({ waiting = [], resting = [], skewMs = 0 }: Options = {}) {
  const scene = {
    now: T0,
    waiting,
    resting,
    asked: [] as { project: string; by: string; since: number }[],
    described: [] as string[],
    changed: [] as string[],
    unwatched: [] as string[],
    unseen: [] as { ids: string[]; since: number; away: string }[],
    errors: [] as unknown[],
    answer: 'done' as 'done' | 'busy',
    refuse: new Map<string, Error>(),
    /** What a list fails with, by person or for everybody. */
    lists: new Map<string, Error>(),
    listTakesMs: 0,
    breaks: null as Error | null,
  };
  const all = () => [...scene.waiting, ...scene.resting];
  const cloud = (by: string, project: string): Cloud => ({
    projectId: project,
    region: null,
    profile: profiles.openstack,
    ceiling: null,
    preview: () => Promise.reject(new Error('a poll is not previewed')),
    async call(request) {
      scene.now += scene.listTakesMs;
      const error = scene.lists.get(by) ?? scene.lists.get('everybody');
      if (error) throw error;
      const since = request.query?.find(([name]) => name === 'changes-since')?.[1] ?? '';
      scene.asked.push({ project, by, since: Date.parse(since) });
      const servers = all().map((one) => ({ id: one.serverId, status: 'ACTIVE', name: one.id }));
      return { status: 200, body: { servers }, requestId: null, at: scene.now + skewMs };
    },
  });
  const poller = createPoller({
    waiting: (kind) => Promise.resolve((kind === 'moving' ? scene.waiting : scene.resting).map((one) => one.id)),
    describe(ids) {
      scene.described.push(...ids);
      return Promise.resolve(all().filter((one) => ids.includes(one.id)));
    },
    async cloudFor(person, project) {
      const error = scene.refuse.get(person.userId);
      if (error) throw error;
      return cloud(person.userId, project);
    },
    async changed(id) {
      if (scene.breaks) throw scene.breaks;
      scene.changed.push(id);
      return scene.answer;
    },
    unwatched(ids) {
      scene.unwatched.push(...ids);
      return Promise.resolve();
    },
    async unseen(ids, outage) {
      scene.unseen.push({ ids, ...outage });
    },
    now: () => scene.now,
    onError: (error) => void scene.errors.push(error),
  });
  const ticks = async (count: number) => {
    for (let tick = 0; tick < count; tick += 1) {
      await poller.tick();
      scene.now += 5 * SECOND;
    }
  };
  return { scene, ticks };
}

describe('the poller', () => {
  it('asks nothing when nothing waits', async () => {
    const { scene, ticks } = createScene();
    await ticks(30);
    expect(scene.asked).toEqual([]);
  });

  it('lists once per project and tick, and hands over only what waits', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a'), waits('b'), waits('c', { projectId: 'p2' })] });
    await ticks(1);
    expect(scene.asked.map((one) => one.project).toSorted()).toEqual(['p1', 'p2']);
    expect(scene.changed.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('asks from two seconds before its last list, in the cloud’s own clock', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')], skewMs: 90 * SECOND });
    await ticks(2);
    expect(scene.asked[1]?.since).toBe(T0 + 90 * SECOND - 2 * SECOND);
  });

  it('asks first, and every twelfth time, from before the oldest began to wait', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a'), waits('b', { since: T0 - 600 * SECOND })] });
    await ticks(13);
    const oldest = T0 - 660 * SECOND;
    expect(scene.asked.map((one) => one.since === oldest)).toEqual([true, ...Array(11).fill(false), true]);
  });

  it('looks seldom at what waits for a person', async () => {
    const { scene, ticks } = createScene({ resting: [waits('a')] });
    await ticks(24);
    expect(scene.asked).toHaveLength(2);
    expect(scene.changed).toEqual(['a', 'a']);
  });

  it('lists again what could not be used', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    scene.answer = 'busy';
    await ticks(3);
    expect(new Set(scene.asked.map((one) => one.since)).size).toBe(1);
    scene.answer = 'done';
    await ticks(2);
    expect(scene.asked.at(-1)?.since).toBe(T0 + 15 * SECOND - 2 * SECOND);
  });

  it('reads the facts of what waits once', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    await ticks(30);
    expect(scene.described).toEqual(['a']);
  });

  it('uses the sign-in of anybody who waits there', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a'), waits('b', { people: [BOB] })] });
    scene.refuse.set('UALICE', new UserError('not_signed_in', 'You are not signed in.'));
    await ticks(1);
    expect(scene.asked).toMatchObject([{ by: 'UBOB' }]);
    expect(scene.unwatched).toEqual([]);
  });

  it('does not look in another region for somebody who has moved there', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a', { region: 'eu-de' })] });
    await ticks(1);
    expect(scene.asked).toEqual([]);
    expect(scene.unwatched).toEqual(['a']);
  });

  it('says so when nobody who waits is signed in any more', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    scene.refuse.set('UALICE', new UserError('not_signed_in', 'You are not signed in.'));
    await ticks(1);
    expect(scene.unwatched).toEqual(['a']);
    expect(scene.errors).toEqual([]);
  });

  it('does not take an identity provider that is down for a missing sign-in', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a'), waits('c', { projectId: 'p2', people: [BOB] })] });
    scene.refuse.set('UALICE', new UserError('unavailable', 'The identity provider does not answer.'));
    await ticks(1);
    expect(scene.unwatched).toEqual([]);
    expect(scene.errors).toHaveLength(1);
    expect(scene.changed).toEqual(['c']);
  });

  it('tells what waits since when the cloud has not been seen, after three looks in a row', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a'), waits('b')] });
    scene.lists.set('everybody', failure('network'));
    await ticks(2);
    expect(scene.unseen).toEqual([]);
    await ticks(1);
    expect(scene.unseen).toEqual([{ ids: ['a', 'b'], since: T0, away: 'cloud' }]);
  });

  it('does not wait for the third look when half a minute has passed', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    scene.lists.set('everybody', failure('timeout'));
    scene.listTakesMs = 31 * SECOND;
    await ticks(1);
    expect(scene.unseen).toEqual([{ ids: ['a'], since: T0, away: 'cloud' }]);
  });

  it('tells an identity provider that is away from a cloud that is', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    scene.refuse.set('UALICE', new UserError('unavailable', 'The identity provider does not answer.'));
    await ticks(3);
    expect(scene.unseen).toEqual([{ ids: ['a'], since: T0, away: 'provider' }]);
  });

  it.each(['bad_request', 'not_found', 'unexpected'] as const)(
    'does not call a cloud silent that answers (%s)',
    async (kind) => {
      const { scene, ticks } = createScene({ waiting: [waits('a')] });
      scene.lists.set('everybody', failure(kind));
      await ticks(3);
      expect(scene.unseen).toEqual([{ ids: ['a'], since: T0, away: 'answers' }]);
    },
  );

  it('counts failed looks anew after one that succeeded', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    for (let round = 0; round < 3; round += 1) {
      scene.lists.set('everybody', failure('unavailable'));
      await ticks(2);
      scene.lists.clear();
      await ticks(1);
    }
    expect(scene.unseen).toEqual([]);
  });

  it('lists everything that waits when the cloud is seen again, so that all of it is told', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    await ticks(2);
    scene.lists.set('everybody', failure('network'));
    await ticks(3);
    scene.lists.clear();
    await ticks(1);
    expect(scene.asked.at(-1)?.since).toBe(T0 - 120 * SECOND);
  });

  it('does not take trouble of its own for a cloud that is away', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a')] });
    scene.breaks = new Error('a bug');
    await ticks(4);
    expect(scene.unseen).toEqual([]);
    expect(scene.errors).toHaveLength(4);
  });

  it('looks with another’s sign-in when the cloud no longer takes the first one', async () => {
    const { scene, ticks } = createScene({ waiting: [waits('a', { people: [ALICE, BOB] })] });
    scene.lists.set('UALICE', failure('unauthorized'));
    await ticks(1);
    expect(scene.changed).toEqual(['a']);
    scene.lists.set('UBOB', failure('forbidden'));
    await ticks(1);
    expect(scene.unwatched).toEqual(['a']);
  });
});
