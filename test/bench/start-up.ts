// How long the bot is away when it starts again, against a bare server and bare Bolt; and how soon the demo is up, and gone.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openOutside } from '../support/outside.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { milliseconds, seconds, times, type Figure } from './figure.ts';
import { createCaller, median } from './load.ts';
import { run, type Program } from './process.ts';
import { botProgram, firstAck } from './stage.ts';
import { BARE_BOLT, FLOOR_HTTP } from './targets.ts';

const ROUNDS = 5;
const DEMO = fileURLToPath(new URL('../demo/main.ts', import.meta.url));

export async function measureStartUp(): Promise<Figure[]> {
  const [redis, port] = [await startRedis(), await freePort()];
  const outside = await openOutside({ botPort: port });
  const env: Record<string, string> = { ...outside.env, LOG_LEVEL: 'info', REDIS_URL: redis.url };
  const programs = [FLOOR_HTTP, BARE_BOLT, botProgram(env)].map((program) => ({ ...program, env }));
  const took = programs.map((): number[] => []);
  // The first round only fills the caches.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [n, program] of programs.entries()) {
      const ms = await startAndStop(program, { port, signingSecret: env.SLACK_SIGNING_SECRET ?? '' });
      if (round > 0) took[n]?.push(ms);
    }
  }
  await outside.close();
  await redis.close();
  const [floor = 0, bolt = 0, bot = 0] = took.map(median);
  const note = `floor ${milliseconds(floor)}, bare Bolt ${milliseconds(bolt)}`;
  return [
    { name: 'Start to the first ack, with everything', value: bot, goal: 1_000, show: milliseconds, note },
    { name: 'Start to the first ack / bare Bolt', value: bot / bolt, goal: 2, show: times },
  ];
}

async function startAndStop(program: Program, where: { port: number; signingSecret: string }): Promise<number> {
  const caller = createCaller(where);
  const from = performance.now();
  const running = run(program);
  await firstAck(caller);
  const ms = performance.now() - from;
  caller.close();
  await running.stop();
  return ms;
}

/** `npm run demo` without npm, in a process group of its own so that whoever is left can be counted. */
export async function measureDemo(): Promise<Figure[]> {
  const from = performance.now();
  const demo = spawn(process.execPath, [DEMO], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  demo.stdout.on('data', (data: Buffer) => (said += data.toString()));
  await until(() => said.includes('Open'), 'the demo to be up', 30_000);
  const up = (performance.now() - from) / 1_000;
  const gone = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGINT');
  await gone;
  const left = isGroupAlive(demo.pid ?? 0) ? 1 : 0;
  return [
    { name: '`npm run demo` until its page can be opened', value: up, goal: 5, show: seconds },
    { name: 'Processes it leaves behind after Ctrl-C', value: left, goal: 0, show: String },
  ];
}

function isGroupAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
