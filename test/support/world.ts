// One whole world per test: the bot in this process, a real Redis, a real OIDC provider, strict simulators, movable time.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import type { Now, Timers } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { Browser, type Page } from './browser.ts';
import { createClock, type Clock } from './clock.ts';
import { openOutside, PEOPLE, type Outside, type OutsideOptions } from './outside.ts';
import { Person, type Manner } from './person.ts';
import { openRedisGate, type RedisGate } from './redis-gate.ts';
import { freePort, startRedis, type TestRedis } from './redis.ts';
import { until } from './until.ts';

export type World = Outside & {
  app: App;
  clock: Clock;
  /** Where the bot's own pages are. */
  botUrl: string;
  alice: Citizen;
  bob: Citizen;
  carol: Citizen;
  /** The bot's way to Redis; nobody else's. */
  redis: RedisGate;
  /** A second replica of the bot on the same Redis; Slack's deliveries go on to the first. */
  anotherReplica(): Promise<Replica>;
};

/** `eventsUrl`: where this one takes Slack's deliveries. */
export type Replica = App & { eventsUrl: string };

type Name = 'alice' | 'bob' | 'carol';

export type WorldOptions = Pick<OutsideOptions, 'cloud' | 'slack'> & {
  env?: Record<string, string>;
  /** Who has gone the whole way of signing in when the journey begins. */
  signedIn?: Name[];
  /** What Slack says no to in this journey; anything else it refuses fails the journey. */
  slackRefuses?: string[];
};

/** A person who can also use a browser. */
export class Citizen extends Person {
  readonly browser = new Browser();

  /** The whole way: link, confirm page, identity provider, code typed back. */
  async signsIn(as: string = this.name, password?: string): Promise<void> {
    const page = await this.getsCode(await this.asksForLink(), as, password);
    const { text } = await this.asks(`/ecs login ${codeOn(page)}`);
    if (!text.startsWith('Signed in as')) throw new Error(`${this.name} typed the code and was told: ${text}`);
  }

  /** Types it and reads the link to one of the bot's own pages in the answer. */
  async asksForLink(line = '/ecs login'): Promise<string> {
    const { message } = await this.asks(line);
    const link = /http:\/\/127\.0\.0\.1:\d+\/(login|secret)\/[\w-]+/.exec(JSON.stringify(message));
    if (!link) throw new Error(`no link in ${JSON.stringify(message)}`);
    return link[0];
  }

  /** Opens the link in this person's browser and goes through to the page that shows the code. */
  async getsCode(link: string, as: string = this.name, password = ''): Promise<Page> {
    const confirm = await this.browser.open(link);
    let page = await this.browser.submit(confirm);
    // Whatever its fields are called; many a provider asks for consent on a second page.
    const answers = { account: as, login: as, username: as, password };
    for (let forms = 0; forms < MOST_FORMS && !isAt(page, link); forms += 1) {
      page = await this.browser.submit(page, answers);
    }
    return page;
  }

  /** The other way in: an id and a secret, typed into a window. Resolves with the field errors Slack shows. */
  async entersCredential({ id, secret }: { id: string; secret: string }): Promise<Record<string, string>> {
    await this.says('/ecs login --application-credential');
    await this.seesModal('Application credential ID');
    return this.submits({ 'Application credential ID': id, Secret: secret });
  }
}

const MOST_FORMS = 4;

function isAt(page: Page, address: string): boolean {
  return new URL(page.url).origin === new URL(address).origin;
}

export function codeOn(page: Page): string {
  const code = /\b\d{3}-\d{3}\b/.exec(page.html);
  if (!code) throw new Error(`no code on ${page.url} (${page.status}):\n${page.html}`);
  return code[0];
}

export type Worlds = {
  open(options?: WorldOptions): Promise<World>;
  /** One world for all tests of the file, for those that leave nothing behind which another would see. */
  share(options?: WorldOptions): () => World;
};

/** `open` in a test starts a world of its own; it is closed after the test, and Slack must have refused nothing. */
export function useWorlds(): Worlds {
  let redis: TestRedis;
  const closers: (() => Promise<void>)[] = [];
  // Longer than anything a person in a journey waits for, so that their own message comes first.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(() => redis.close());
  return {
    open: (options = {}) => openWorld(redis, { ...options, onClose: (close) => closers.push(close) }),
    share: (options = {}) => shareWorld(() => redis, options),
  };
}

function shareWorld(redis: () => TestRedis, options: WorldOptions): () => World {
  let world: World | null = null;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    world = await openWorld(redis(), { ...options, onClose: (close) => closers.push(close) });
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });
  return () => {
    if (!world) throw new Error('the shared world is open within tests only');
    return world;
  };
}

type Opening = WorldOptions & { onClose(close: () => Promise<void>): void };

async function openWorld(redis: TestRedis, options: Opening): Promise<World> {
  const clock = createClock();
  const slack = { rateLimits: true, ...options.slack };
  const outside = await openOutside({ ...options, slack, botPort: await freePort(), now: clock.now });
  options.onClose(() => outside.close());
  const bot = await openBot({
    ...options,
    outside,
    redis,
    now: clock.now,
    timers: clock.timers,
    manner: { whileWaiting: () => hurry(clock) },
  });
  await Promise.all((options.signedIn ?? []).map((name) => bot[name].signsIn()));
  return { ...outside, ...bot, clock };
}

export type Bot = Pick<World, 'app' | 'botUrl' | 'alice' | 'bob' | 'carol' | 'redis' | 'anotherReplica'>;

export type BotOptions = Pick<Opening, 'env' | 'slackRefuses' | 'onClose'> & {
  /** Whatever cloud is behind it. */
  outside: Pick<Outside, 'slack' | 'env'>;
  redis: TestRedis;
  now: Now;
  timers?: Timers;
  manner: Manner;
};

/** The bot in this process, with the people of its workspace in front of it. */
export async function openBot({ outside, redis, now, timers, manner, ...options }: BotOptions): Promise<Bot> {
  options.onClose(async () => expectNothingRefused(outside, options.slackRefuses ?? []));
  const gate = await openRedisGate(redis.url);
  options.onClose(() => gate.end());
  const env: Record<string, string> = {
    ...outside.env,
    REDIS_URL: gate.url,
    REDIS_PREFIX: `{${randomUUID().slice(0, 8)}}:`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  };
  const replica = async (wanted: string) => {
    const config = readConfig({ ...env, PORT: wanted });
    const log = createLog(config.logLevel);
    const app = createApp(config, { log, now, ...(timers && { timers }) });
    options.onClose(() => app.stop());
    const { port } = await app.start();
    return { ...app, eventsUrl: `http://127.0.0.1:${port}/slack/events` };
  };
  const [alice, bob, carol] = PEOPLE.map((who) => new Citizen(outside.slack, who, manner));
  if (!alice || !bob || !carol) throw new Error('the workspace has no people');
  const app = await replica(env.PORT ?? '0');
  const botUrl = env.PUBLIC_URL ?? '';
  options.onClose(async () => backToRedis(gate, botUrl));
  return { app, botUrl, alice, bob, carol, redis: gate, anotherReplica: () => replica('0') };
}

/** Whoever waits for an edit, which Slack gets every three seconds, looks at a clock that runs a little ahead. */
export function hurry(clock: Clock): void {
  clock.advance(50);
}

/** An app that is still looking for its Redis can not be stopped in order. */
async function backToRedis(gate: RedisGate, botUrl: string): Promise<void> {
  gate.open();
  await until(async () => (await fetch(`${botUrl}/readyz`)).ok, 'the bot to find its Redis again');
}

/** Slack checks every block, view and call as the real one does: one refusal means that somebody saw less than they should. */
function expectNothingRefused({ slack }: Pick<Outside, 'slack'>, expected: string[]): void {
  expect(slack.refusals.filter(({ error }) => !expected.includes(error))).toEqual([]);
}
