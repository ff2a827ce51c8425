// The bot as its own process with everything around it, and people who have signed in.
import { readFileSync } from 'node:fs';
import { Browser } from '../support/browser.ts';
import { openOutside, PEOPLE, type Outside, type OutsideOptions } from '../support/outside.ts';
import { Person } from '../support/person.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { createCaller, type Caller } from './load.ts';
import { ALICE, linkClick } from './payloads.ts';
import { run, type Program, type Running } from './process.ts';

export type Stage = Outside & {
  port: number;
  redis: TestRedis;
  program: Program;
  bot: Running;
  alice: Person;
  bob: Person;
  caller: Caller;
  close(): Promise<void>;
};

export type StageOptions = Pick<OutsideOptions, 'cloud' | 'slack'> & { env?: Record<string, string> };

const LEVEL = { LOG_LEVEL: 'info' };

/** Alice and Bob are signed in. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const [redis, port] = [await startRedis(), await freePort()];
  const outside = await openOutside({ ...options, botPort: port });
  const env: Record<string, string> = {
    ...outside.env,
    ...LEVEL,
    POLL_INTERVAL: '5',
    REDIS_URL: redis.url,
    ...options.env,
  };
  const program = botProgram(env);
  const bot = run(program);
  const caller = createCaller({ port, signingSecret: env.SLACK_SIGNING_SECRET ?? '' });
  await firstAck(caller);
  const [alice, bob] = PEOPLE.map((who) => new Person(outside.slack, who));
  if (!alice || !bob) throw new Error('the workspace has no people');
  await Promise.all([signIn(alice), signIn(bob)]);
  return {
    ...outside,
    port,
    redis,
    program,
    bot,
    alice,
    bob,
    caller,
    async close() {
      caller.close();
      await bot.stop();
      await outside.close();
      await redis.close();
    },
  };
}

/** As `npm start` starts it, flags included. */
export function botProgram(env: Record<string, string>): Program {
  const file = new URL('../../package.json', import.meta.url);
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: { start: string } };
  const words = scripts.start.split(' ');
  const flags = words.slice(words.indexOf('node') + 1, -1);
  return { file: new URL(words.at(-1) ?? '', file), flags, env };
}

/** Asks until it answers. */
export async function firstAck(caller: Caller): Promise<void> {
  const acked = () =>
    caller.send(linkClick(ALICE)).then(
      () => true,
      () => false,
    );
  await until(acked, 'the first ack', 30_000);
}

async function signIn(person: Person): Promise<void> {
  const { message } = await person.asks('/ecs login');
  const link = /http:\/\/127\.0\.0\.1:\d+\/login\/[\w-]+/.exec(JSON.stringify(message))?.[0] ?? '';
  const browser = new Browser();
  const provider = await browser.submit(await browser.open(link));
  const { html } = await browser.submit(provider, { account: person.name });
  await person.asks(`/ecs login ${/\b\d{3}-\d{3}\b/.exec(html)?.[0]}`);
}
