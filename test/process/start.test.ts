// Starting and stopping as an operator, a supervisor or a container does it: through `npm start`, with signals and exit codes.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openOutside } from '../support/outside.ts';
import { openRedisGate } from '../support/redis-gate.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 20_000;

function npmStart(env: Record<string, string>) {
  const child = spawn('npm', ['--silent', 'start'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()));
  const printed = () => lines.join('');
  return { child, printed, ended: () => until(() => child.exitCode !== null, 'npm start to end', PATIENCE_MS) };
}

function isAlive(processGroup: number): boolean {
  try {
    process.kill(-processGroup, 0);
    return true;
  } catch {
    return false;
  }
}

it('a supervisor that stops npm stops the bot, which ends its work and says 0', async () => {
  const [botPort, redis] = [await freePort(), await startRedis()];
  const outside = await openOutside({ botPort });
  const { child, printed, ended } = npmStart({ ...outside.env, REDIS_URL: redis.url });
  const ready = async () => (await fetch(`http://127.0.0.1:${botPort}/readyz`).catch(() => null))?.ok;
  await until(ready, '/readyz', PATIENCE_MS);

  child.kill('SIGTERM');
  await ended();
  expect(child.exitCode, printed()).toBe(0);
  expect(isAlive(child.pid ?? 0)).toBe(false);
  const log = printed().trim().split('\n');
  expect(log.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('stopping');
  await Promise.all([outside.close(), redis.close()]);
}, 60_000);

it('a wrong environment is told at once, every problem of it, and starting again is not asked for', async () => {
  const { child, printed, ended } = npmStart({
    SLACK_BOT_TOKEN: 'xoxp-mine',
    OS_AUTH_URL: 'http://iam.example.org/v3',
  });
  await ended();
  expect(child.exitCode).toBe(78);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'PUBLIC_URL', 'REDIS_URL', 'TOKEN_KEYS']) {
    expect(printed()).toContain(name);
  }
  expect(printed()).not.toContain('mine');
}, 30_000);

it('without its Redis it says so and exits with 1, so that a supervisor starts it again', async () => {
  const outside = await openOutside({ botPort: await freePort() });
  const { child, printed, ended } = npmStart({
    ...outside.env,
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
  });
  await ended();
  expect(child.exitCode, printed()).toBe(1);
  expect(printed()).toContain('could not start');
  await outside.close();
}, 60_000);

it('a token that Slack does not take is told at once, and ends it with 1', async () => {
  const [botPort, redis] = [await freePort(), await startRedis()];
  const outside = await openOutside({ botPort });
  const { child, printed, ended } = npmStart({
    ...outside.env,
    REDIS_URL: redis.url,
    SLACK_BOT_TOKEN: 'xoxb-of-another-workspace',
  });
  await ended();
  expect(child.exitCode, printed()).toBe(1);
  expect(printed()).toContain('invalid_auth');
  await Promise.all([outside.close(), redis.close()]);
}, 60_000);

it('a bot that is stopped while its Redis is gone does not wait for it', async () => {
  const [botPort, redis] = [await freePort(), await startRedis()];
  const outside = await openOutside({ botPort });
  const gate = await openRedisGate(redis.url);
  const { child, printed, ended } = npmStart({ ...outside.env, REDIS_URL: gate.url });
  await until(
    async () => (await fetch(`http://127.0.0.1:${botPort}/readyz`).catch(() => null))?.ok,
    '/readyz',
    PATIENCE_MS,
  );
  await gate.end();

  child.kill('SIGTERM');
  await ended();
  expect(printed()).toContain('stopping');
  expect(isAlive(child.pid ?? 0)).toBe(false);
  await Promise.all([outside.close(), redis.close()]);
}, 60_000);

it('a Node that is too old for it is told so in a sentence', async () => {
  const pretended = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.11.0" } })';
  const { child, printed, ended } = npmStart({
    NODE_OPTIONS: `--import "data:text/javascript,${encodeURI(pretended)}"`,
  });
  await ended();
  expect(child.exitCode).toBe(78);
  expect(printed()).toBe('ECS Flight Deck needs Node 24 or newer; this is 20.11.0.\n');
}, 30_000);
