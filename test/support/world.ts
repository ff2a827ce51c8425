// One whole world per test: the bot in this process, a real Redis, a real OIDC provider, strict simulators, movable time.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { Browser, type Page } from './browser.ts';
import { createClock, type Clock } from './clock.ts';
import { openOutside, PEOPLE, type Outside, type OutsideOptions } from './outside.ts';
import { Person } from './person.ts';
import { freePort, startRedis, type TestRedis } from './redis.ts';

export type World = Outside & {
  app: App;
  clock: Clock;
  alice: Citizen;
  bob: Citizen;
  carol: Citizen;
  /** A second replica of the bot on the same Redis; Slack's deliveries go on to the first. */
  anotherReplica(): Promise<App>;
};

export type WorldOptions = Pick<OutsideOptions, 'cloud' | 'slack'> & { env?: Record<string, string> };

/** A person who can also use a browser. */
export class Citizen extends Person {
  readonly browser = new Browser();

  /** The whole way: link, confirm page, identity provider, code typed back. */
  async signsIn(as: string = this.name): Promise<void> {
    const page = await this.getsCode(await this.asksForLink(), as);
    await this.says(`/ecs login ${codeOn(page)}`);
    await this.seesPrivately('Signed in as');
  }

  /** Types `/ecs login` and reads the link in the answer. */
  async asksForLink(): Promise<string> {
    await this.says('/ecs login');
    const { message } = await this.seesPrivately(/sign in/i);
    const link = /http:\/\/127\.0\.0\.1:\d+\/login\/[\w-]+/.exec(JSON.stringify(message));
    if (!link) throw new Error(`no sign-in link in ${JSON.stringify(message)}`);
    return link[0];
  }

  /** Opens the link in this person's browser and goes through to the page that shows the code. */
  async getsCode(link: string, as: string = this.name): Promise<Page> {
    const confirm = await this.browser.open(link);
    const provider = await this.browser.submit(confirm);
    return this.browser.submit(provider, { account: as });
  }
}

export function codeOn(page: Page): string {
  const code = /\b\d{3}-\d{3}\b/.exec(page.html);
  if (!code) throw new Error(`no code on ${page.url} (${page.status}):\n${page.html}`);
  return code[0];
}

/** `open` in a test starts a world of its own; it is closed after the test. */
export function useWorlds(): { open(options?: WorldOptions): Promise<World> } {
  let redis: TestRedis;
  const closers: (() => Promise<void>)[] = [];
  // Longer than anything a person in a journey waits for, so that their own message comes first.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(() => redis.close());
  return {
    open: (options = {}) => openWorld(redis, { ...options, onClose: (close) => closers.push(close) }),
  };
}

type Opening = WorldOptions & { onClose(close: () => Promise<void>): void };

async function openWorld(redis: TestRedis, options: Opening): Promise<World> {
  const clock = createClock();
  const outside = await openOutside({ ...options, botPort: await freePort(), now: clock.now });
  options.onClose(() => outside.close());
  const env: Record<string, string> = {
    ...outside.env,
    REDIS_URL: redis.url,
    REDIS_PREFIX: `{${randomUUID().slice(0, 8)}}:`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  };
  const replica = async (port: string) => {
    const config = readConfig({ ...env, PORT: port });
    const app = createApp(config, { log: createLog(config.logLevel), now: clock.now });
    options.onClose(() => app.stop());
    await app.start();
    return app;
  };
  const [alice, bob, carol] = PEOPLE.map((who) => new Citizen(outside.slack, who));
  if (!alice || !bob || !carol) throw new Error('the workspace has no people');
  const app = await replica(env.PORT ?? '0');
  return { ...outside, app, clock, alice, bob, carol, anotherReplica: () => replica('0') };
}
