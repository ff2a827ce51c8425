// `npm run demo`: the whole product on one machine. The bot runs as its own process, exactly as in production; around it
// an identity provider, a cloud, a Slack workspace with a web page, and a Redis. Ctrl-C ends everything.
// `npm run demo -- --cloud`: the same with the OpenStack that OS_* names instead of the simulated one.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { openFront, type Front } from './front.ts';
import { openRealStage } from './real-stage.ts';
import { openSimulatedStage } from './simulated-stage.ts';
import type { Stage } from './stage.ts';

const READY_WITHIN_MS = 15_000;

type Parts = { redis: TestRedis; stage: Stage; front: Front; bot: ChildProcess };

const asked = askedToStop();
/** As soon as there is one: on a real cloud it must not be left as it is, however the start ends. */
const opened: Stage[] = [];
const parts = await Promise.race([start(), asked]).catch(async (error: Error) => {
  console.error(`The demo did not start: ${error.message}`);
  await closeStages();
  process.exit(1);
});
if (!parts) {
  await closeStages();
  process.exit(0);
}
say(parts);
await Promise.race([asked, gone(parts.bot)]);
await stop(parts);

/** Ctrl-C, SIGTERM, or the terminal was closed. From the first moment on, so that nothing is left of a half start. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

async function start(): Promise<Parts> {
  const botPort = Number(process.env.DEMO_BOT_PORT ?? (await freePort()));
  const redis = await startRedis({ sparedByCtrlC: true });
  const open = process.argv.includes('--cloud') ? openRealStage : openSimulatedStage;
  const stage = await open({ botPort, pageDir: new URL('page', import.meta.url).pathname });
  opened.push(stage);
  const front = await openFront({ stage, port: Number(process.env.DEMO_PORT ?? 0) });
  const bot = startBot(stage, redis);
  await ready(`http://127.0.0.1:${botPort}/readyz`, bot);
  return { redis, stage, front, bot };
}

/** Its log goes to stderr, where it can be redirected without losing the address on stdout. */
function startBot(stage: Stage, redis: TestRedis): ChildProcess {
  const program = new URL('../../src/start.js', import.meta.url).pathname;
  const own = { PATH: process.env.PATH ?? '', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' };
  const bot = spawn(process.execPath, [program], {
    env: { ...own, ...stage.env, REDIS_URL: redis.url, POLL_INTERVAL: '1', CONFIRM_TTL: '3600' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (bot.stdout !== null) {
    createInterface({ input: bot.stdout }).on('line', (line) => {
      if (stage.hears(line)) process.stderr.write(`${line}\n`);
    });
  }
  // Only after a half start: otherwise it has ended before.
  process.once('exit', () => bot.kill('SIGKILL'));
  return bot;
}

async function ready(url: string, bot: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && isRunning(bot)) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the bot did not become ready.');
}

async function closeStages(): Promise<void> {
  for (const stage of opened.splice(0)) await stage.close();
}

function say({ redis, front, stage }: Parts): void {
  if (redis.kind !== 'given') console.log(`Redis: ${redis.kind}; its state is lost on exit.`);
  console.log(`\n  ECS Flight Deck is running. Open  ${front.url}\n`);
  for (const line of stage.told) console.log(`  ${line}`);
  console.log('  Ctrl-C ends everything.\n');
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function gone(bot: ChildProcess): Promise<void> {
  if (isRunning(bot)) await new Promise((resolve) => bot.once('exit', resolve));
}

async function stop({ bot, front, redis }: Parts): Promise<void> {
  bot.kill('SIGTERM');
  await gone(bot);
  await front.close();
  await closeStages();
  await redis.close();
  process.exit(bot.exitCode ?? 0);
}
