// A flight deck of real processes on one Redis, and ways to look at it and to kill it.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { openRedis, type RedisClient } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { ResizeRequest } from '../../src/resize/request.ts';
import { startBot, type BotProcess } from '../support/bot-process.ts';
import { openOutside, PEOPLE, type Outside, type OutsideOptions } from '../support/outside.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { Citizen } from '../support/world.ts';

export type Deck = Outside & {
  alice: Citizen;
  bob: Citizen;
  carol: Citizen;
  /** The replicas, the first of which Slack speaks to. */
  bots: BotProcess[];
  /** kill -9 of a replica. */
  kill(index: number): Promise<void>;
  /** Starts it again on the same port. */
  restart(index: number): Promise<void>;
  /** Slack's deliveries go to this replica from now on. */
  routeTo(index: number): void;
  /** The only resize request there is. */
  request(): Promise<ResizeRequest | null>;
  reaches(state: ResizeRequest['state']): Promise<void>;
  reachesOneOf(states: ResizeRequest['state'][]): Promise<void>;
};

/** It goes on within 15 s of the restart on a quiet machine; a test machine is not quiet, so this is patience, not the promise. */
const GOES_ON_WITHIN_MS = 45_000;

export function useDecks(): {
  open(options?: { replicas?: number } & Pick<OutsideOptions, 'cloud' | 'slack'>): Promise<Deck>;
} {
  let redis: TestRedis;
  const closers: (() => Promise<unknown>)[] = [];
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(() => redis.close());
  return {
    async open({ replicas = 1, ...options } = {}) {
      const ports = await Promise.all(Array.from({ length: replicas }, freePort));
      const outside = await openOutside({ ...options, botPort: ports[0] ?? 0 });
      closers.push(() => outside.close());
      const prefix = `{${randomUUID().slice(0, 8)}}:`;
      const env = { ...outside.env, REDIS_URL: redis.url, REDIS_PREFIX: prefix };
      const client = openRedis(redis.url, () => undefined);
      closers.push(async () => client.disconnect());
      const start = async (index: number) => startBot({ ...env, PORT: String(ports[index]) });
      const bots = await Promise.all(ports.map((_port, index) => start(index)));
      closers.push(() => Promise.all(bots.map((bot) => bot.kill())));
      const request = () => onlyRequest(client, prefix);
      const [alice, bob, carol] = PEOPLE.map((who) => new Citizen(outside.slack, who));
      if (!alice || !bob || !carol) throw new Error('the workspace has no people');
      return {
        ...outside,
        alice,
        bob,
        carol,
        bots,
        kill: async (index) => bots[index]?.kill(),
        async restart(index) {
          bots[index] = await start(index);
        },
        routeTo: (index) => outside.slack.connectApp(`http://127.0.0.1:${ports[index]}/slack/events`),
        request,
        reaches: (state) => reach(request, [state]),
        reachesOneOf: (states) => reach(request, states),
      };
    },
  };
}

async function reach(request: Deck['request'], states: ResizeRequest['state'][]): Promise<void> {
  const there = async () => {
    const now = await request();
    return now !== null && states.includes(now.state);
  };
  await until(there, `the request to be ${states.join(' or ')}`, GOES_ON_WITHIN_MS).catch(async (error: Error) => {
    const now = await request();
    const facts = { state: now?.state, intention: now?.intention, note: now?.note };
    throw new Error(`${error.message}; it is ${JSON.stringify(facts)}`, { cause: error });
  });
}

async function onlyRequest(client: RedisClient, prefix: string): Promise<ResizeRequest | null> {
  const pattern = createKeys(prefix)
    .record('resize', 'R-????')
    .replaceAll('%3F', '?')
    .replace(prefix, escapeGlob(prefix));
  const [key] = await client.keys(pattern);
  const json = key ? await client.hget(key, 'json') : null;
  return json ? (JSON.parse(json) as ResizeRequest) : null;
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[[\]*?\\]/g, '\\$&');
}
