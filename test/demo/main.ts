// `npm run demo`: the whole product on one machine. The bot runs as its own process, exactly as in production; around it
// an identity provider, a cloud, a Slack workspace with a web page, and a Redis. Ctrl-C ends everything.
import { spawn, type ChildProcess } from 'node:child_process';
import { openOutside, type Outside } from '../support/outside.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { openFront, type Front } from './front.ts';

/** Slow enough to be watched, quick enough not to be waited for. DEMO_PACE=0.1 makes the cloud ten times as quick. */
const PACE = inPace({
  stopMs: 3_000,
  startMs: 3_000,
  resizeMs: 6_000,
  confirmMs: 2_000,
  revertMs: 4_000,
  rebootMs: 4_000,
});
const READY_WITHIN_MS = 15_000;

type Parts = { redis: TestRedis; outside: Outside; front: Front; bot: ChildProcess };

const asked = askedToStop();
const parts = await Promise.race([start(), asked]).catch((error: Error) => {
  console.error(`The demo did not start: ${error.message}`);
  process.exit(1);
});
if (!parts) process.exit(0);
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
  const [botPort, redis] = [await freePort(), await startRedis({ sparedByCtrlC: true })];
  const outside = await openOutside({
    botPort,
    cloud: { pace: PACE },
    slack: { rateLimits: true, page: { dir: new URL('page', import.meta.url).pathname } },
  });
  const front = await openFront({ outside, port: Number(process.env.DEMO_PORT ?? 0) });
  const bot = startBot({ ...outside.env, REDIS_URL: redis.url, POLL_INTERVAL: '1', CONFIRM_TTL: '3600' });
  await ready(`http://127.0.0.1:${botPort}/readyz`, bot);
  return { redis, outside, front, bot };
}

function inPace<T extends Record<string, number>>(times: T): T {
  const factor = Number(process.env.DEMO_PACE ?? 1);
  return Object.fromEntries(Object.entries(times).map(([change, ms]) => [change, ms * factor])) as T;
}

/** Its log goes to stderr, where it can be redirected without losing the address on stdout. */
function startBot(env: Record<string, string>): ChildProcess {
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const level = process.env.LOG_LEVEL ?? 'warn';
  const bot = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: level, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bot.stdout?.pipe(process.stderr);
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

function say({ redis, front }: Parts): void {
  if (redis.kind !== 'given') console.log(`Redis: ${redis.kind}; its state is lost on exit.`);
  console.log(`\n  ECS Flight Deck is running. Open  ${front.url}\n`);
  console.log('  Play Alice and Bob: sign in with /ecs login, then /ecs list, /ecs resize web-1 c1.2xlarge.');
  console.log('  Ctrl-C ends everything.\n');
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function gone(bot: ChildProcess): Promise<void> {
  if (isRunning(bot)) await new Promise((resolve) => bot.once('exit', resolve));
}

async function stop({ bot, front, outside, redis }: Parts): Promise<void> {
  bot.kill('SIGTERM');
  await gone(bot);
  await front.close();
  await outside.close();
  await redis.close();
  process.exit(bot.exitCode ?? 0);
}
