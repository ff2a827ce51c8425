// Waiting for the cloud costs one list per project and tick, however many wait, and nothing when nobody does.
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { useCountedWorlds, type CountedWorld } from './counted-world.ts';
import { manyWaiting } from './many-waiting.ts';

const worlds = useCountedWorlds();

const QUICK = { POLL_INTERVAL: '0.05' };
const WAITING = 1_000;
/** Everything is listed once in so many ticks. */
const FULL_EVERY = 12;
const TICKS = 2 * FULL_EVERY;
/** Nova keeps whole seconds, and shows a change a moment late. */
const OVERLAP_MS = 2_000;

it('asks the cloud nothing while no resize waits', async () => {
  const world = await worlds.open({ signedIn: ['alice'], env: QUICK });
  const from = world.cloud.calls.length;

  await ticksGoBy(world, TICKS);

  expect(world.cloud.calls.slice(from)).toEqual([]);
});

it('waits for a thousand resizes with one list per tick, of what has changed since two seconds before the last', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'], env: QUICK, cloud: { pace: 'manual' } });
  await oneIsStopping(world);
  (await manyWaiting(world, WAITING - 1)).close();
  // They are listed once, and then have been as they are for longer than the lists overlap.
  await ticksGoBy(world, 2);
  world.clock.advance(2 * OVERLAP_MS);
  const from = world.cloud.calls.length;

  const flightsFrom = world.tap.flights.length;

  const ticks = await ticksGoBy(world, TICKS);

  // A look that shows nothing new takes no lease and saves nothing, however many it is about.
  const scripts = world.tap.flights.slice(flightsFrom).flatMap(({ commands }) => commands.filter(isOfRequests(world)));
  expect(scripts).toEqual([]);
  const calls = world.cloud.calls.slice(from);
  expect(calls.filter(({ method, path }) => !(method === 'GET' && path.includes('changes-since=')))).toEqual([]);
  const lists = calls.filter(({ path }) => !path.includes('marker='));
  expect(lists.length).toBeGreaterThan(TICKS / 2);
  // The list of a tick may be under way when we begin to count.
  expect(lists.length).toBeLessThanOrEqual(ticks + 1);
  // Everything is listed now and then, and a thousand servers are more than Nova's longest page.
  const rounds = Math.ceil((ticks + 1) / FULL_EVERY);
  expect(calls.length - lists.length).toBeLessThanOrEqual(rounds);
  const looks = lists.map(({ at, path }) => ({ at, since: changesSince(path) }));
  const late = looks.slice(1).map(({ since }, n) => since - (wholeSeconds(looks[n]?.at ?? 0) - OVERLAP_MS));
  // The answer may come a second later than the question.
  expect(late.filter((ms) => ms > 1_000)).toEqual([]);
  expect(late.filter((ms) => ms < 0).length).toBeLessThanOrEqual(rounds);
});

async function oneIsStopping({ alice, bob }: CountedWorld): Promise<void> {
  await alice.says('/ecs resize web-1 c1.large');
  await bob.clicks('Approve');
  await alice.seesOnCard('Stopping');
}

/** Resolves with how many there were. */
async function ticksGoBy({ tap, prefix }: CountedWorld, count: number): Promise<number> {
  const from = tap.flights.length;
  const ticks = () => tap.flights.slice(from).filter(({ commands }) => commands.some(isTick)).length;
  await until(() => ticks() >= count, `${count} ticks`, 30_000);
  return ticks();

  /** Each tick begins with what is due. */
  function isTick([name = '', key = '']: string[]): boolean {
    return name.toLowerCase() === 'zrangebyscore' && key === `${prefix}resize:due`;
  }
}

/** Scripts over a request's record or its server's lease. */
function isOfRequests({ prefix }: CountedWorld): (words: string[]) => boolean {
  const keys = [`${prefix}resize:record:`, `${prefix}lease:server`];
  return ([name = '', ...words]) =>
    name.toLowerCase() === 'eval' && words.some((word) => keys.some((key) => word.startsWith(key)));
}

function changesSince(path: string): number {
  return Date.parse(new URLSearchParams(path.split('?')[1]).get('changes-since') ?? '');
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
