// A thousand resizes that wait for the cloud: how soon the end of one is seen, and what the waiting costs.
import { setTimeout as pause } from 'node:timers/promises';
import { condition, idFor, manyWaiting, type ManyWaiting } from '../figures/many-waiting.ts';
import { RESTING } from '../../src/resize/store.ts';
import { until } from '../support/until.ts';
import { count, percent, seconds, type Figure } from './figure.ts';
import { median, percentile } from './load.ts';
import { openStage, type Stage } from './stage.ts';

const WAITING = 1_000;
const TICK_S = 1;
/** A whole round: in every twelfth tick everything is listed, which for so many is two pages. */
const WATCH_MS = 12_000;
/** So many of them come to an end, spread over ticks. */
const ENDS = { count: 150, everyMs: 47 };
const PREFIX = '{bench}:';

export async function measureWaiting(): Promise<Figure[]> {
  const env = { POLL_INTERVAL: String(TICK_S), REDIS_PREFIX: PREFIX };
  const stage = await openStage({ env, cloud: { pace: 'manual' } });
  await oneIsResizing(stage);
  const waiting = await manyWaiting({ redisUrl: stage.redis.url, prefix: PREFIX, cloud: stage.cloud }, WAITING - 1);
  // What they looked like at the start has been seen by then.
  await pause(4_000);
  const [cpuShare, lists] = await watch(stage);
  const sawAfter = await endSome(stage, waiting);
  waiting.close();
  await stage.close();
  const note = `1,000 resizes wait, POLL_INTERVAL=${TICK_S} instead of 5; two pages in every twelfth tick`;
  return [
    { name: 'Requests to the cloud per second', value: lists, goal: 1.1 / TICK_S, show: count, note },
    { name: 'CPU of one core meanwhile', value: cpuShare, goal: 3, show: percent },
    { name: 'The end of a resize is seen after, p50', value: median(sawAfter), goal: 0.7, show: seconds },
    { name: 'The end of a resize is seen after, p99', value: percentile(sawAfter, 0.99), goal: 1.5, show: seconds },
  ];
}

async function oneIsResizing({ alice, bob, cloud }: Stage): Promise<void> {
  await alice.says('/ecs resize web-1 c1.large');
  await bob.clicks('Approve');
  await until(() => cloud.isChanging('web-1'), 'web-1 to be stopping');
  cloud.finish('web-1');
  await until(() => cloud.isChanging('web-1'), 'web-1 to be resizing');
}

/** Percent of a core, and requests per second. */
async function watch({ bot, cloud }: Stage): Promise<[cpuShare: number, lists: number]> {
  const [cpuBefore, callsBefore, from] = [bot.cpuMs(), cloud.calls.length, performance.now()];
  await pause(WATCH_MS);
  const ms = performance.now() - from;
  return [((bot.cpuMs() - cpuBefore) / ms) * 100, ((cloud.calls.length - callsBefore) / ms) * 1_000];
}

/** Seconds from the cloud's end to ours. */
async function endSome({ cloud }: Stage, { records, names }: ManyWaiting): Promise<number[]> {
  cloud.finish('web-1');
  const ended = condition(cloud.server('web-1'));
  const endedAt = new Map<string, number>();
  const sawAfter: number[] = [];
  const look = async () => {
    for (const id of await records.members(RESTING)) {
      const at = endedAt.get(id);
      if (at === undefined) continue;
      endedAt.delete(id);
      sawAfter.push((performance.now() - at) / 1_000);
    }
    return sawAfter.length === ENDS.count;
  };
  const ending = (async () => {
    for (const name of names.slice(0, ENDS.count)) {
      cloud.operator.set(name, ended);
      endedAt.set(idFor(name), performance.now());
      await pause(ENDS.everyMs);
    }
  })();
  await Promise.all([ending, until(look, 'all of them to be seen', 60_000)]);
  return sawAfter;
}
