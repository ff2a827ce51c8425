// A world whose costs are counted: what the bot asked of the cloud, of Slack and of Redis for a piece of work.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Call } from '../simulators/cloud/calls.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';
import { openRedisTap, type Flight, type RedisTap } from './redis-tap.ts';

export type Cost = {
  /** e.g. `GET /compute/v2.1/servers/detail`. */
  cloud: string[];
  /** One entry per round trip: its commands, e.g. `GET session T0TEAM U0ALICE`. */
  redis: string[][];
  /** e.g. `chat.postMessage`. */
  slack: string[];
};

export type CountedWorld = World & {
  tap: RedisTap;
  redisUrl: string;
  prefix: string;
  /** What was asked of everybody while `work` ran; it has to wait for the end of what it begins. */
  cost(work: () => Promise<unknown>): Promise<Cost>;
};

/** Long enough that no tick comes while something is counted. */
const NO_TICKS = { POLL_INTERVAL: '3600' };

export function useCountedWorlds(): { open(options?: WorldOptions): Promise<CountedWorld> } {
  const worlds = useWorlds();
  let redis: TestRedis;
  let tap: RedisTap;
  beforeAll(async () => {
    redis = await startRedis();
    tap = await openRedisTap(redis.url);
  });
  afterAll(async () => {
    await tap.close();
    await redis.close();
  });
  return {
    async open(options = {}) {
      tap.release();
      const prefix = `{${randomUUID().slice(0, 8)}}:`;
      const env = { ...NO_TICKS, ...options.env, REDIS_URL: tap.url, REDIS_PREFIX: prefix };
      const world = await worlds.open({ ...options, env });
      const cost: CountedWorld['cost'] = async (work) => {
        const from = { cloud: world.cloud.calls.length, redis: tap.flights.length, slack: world.slack.calls.length };
        await work();
        return {
          cloud: world.cloud.calls.slice(from.cloud).map(cloudWords),
          redis: tap.flights.slice(from.redis).flatMap((flight) => roundTrip(flight, prefix)),
          slack: world.slack.calls.slice(from.slack).map(({ method }) => method),
        };
      };
      return { ...world, tap, redisUrl: redis.url, prefix, cost };
    },
  };
}

function cloudWords({ method, path }: Call): string {
  return `${method} ${path.split('?')[0]}`;
}

/** Nothing when all of it is what goes on anyway: the outbox looking for work, queues looking for jobs. */
function roundTrip({ commands }: Flight, prefix: string): string[][] {
  const asked = commands.filter((words) => !isBackground(words, prefix)).map((words) => commandWords(words, prefix));
  return asked.length > 0 ? [asked] : [];
}

function isBackground(words: string[], prefix: string): boolean {
  const [name = '', _script, keys, firstKey = ''] = words;
  const looksForMessages = name.toUpperCase() === 'EVAL' && keys === '1' && firstKey === `${prefix}outbox:lanes`;
  return looksForMessages || words.some((word) => word.startsWith(`${prefix}bull`)) || name.toUpperCase() === 'CLIENT';
}

/** The command and its first key in words. */
function commandWords(words: string[], prefix: string): string {
  const key = words.find((word) => word.startsWith(prefix)) ?? '';
  return [words[0]?.toUpperCase(), ...key.slice(prefix.length).split(':')].join(' ').trim();
}
