// What an ack costs, in time and CPU: the bot, a bare server and bare Bolt take turns under the same load.
import { freePort } from '../support/redis.ts';
import { milliseconds, microseconds, times, type Figure } from './figure.ts';
import { closedLoop, createCaller, median, openLoop, percentile, type Caller } from './load.ts';
import { ALICE, linkClick } from './payloads.ts';
import { run, type Running } from './process.ts';
import { firstAck, openStage } from './stage.ts';
import { BARE_BOLT, FLOOR_HTTP } from './targets.ts';

const ROUNDS = 3;
const WARM_UP = 1_500;
const CLOSED = { count: 3_000, width: 32 };
const OPEN = { count: 600, perSecond: 200 };

type Target = { caller: Caller; running: Running };
type Measured = { p50: number; p99: number; cpuMs: number };

export async function measureAcks(): Promise<Figure[]> {
  const stage = await openStage();
  const secret = stage.env.SLACK_SIGNING_SECRET ?? '';
  const floor = await startTarget(FLOOR_HTTP, secret);
  const bolt = await startTarget(BARE_BOLT, secret);
  const [bare, plain, ours] = await measureInTurns([floor, bolt, { caller: stage.caller, running: stage.bot }]);
  for (const { caller, running } of [floor, bolt]) {
    caller.close();
    await running.stop();
  }
  await stage.close();
  if (!bare || !plain || !ours) throw new Error('nothing was measured');
  const others = (of: (measured: Measured) => string) => `floor ${of(bare)}, bare Bolt ${of(plain)}`;
  return [
    {
      name: 'Ack p50 at 200/s / bare Bolt',
      value: ours.p50 / plain.p50,
      goal: 1.2,
      show: times,
      note: `${milliseconds(ours.p50)}; ${others(({ p50 }) => milliseconds(p50))}`,
    },
    {
      name: 'Ack p99 at 200/s',
      value: ours.p99,
      goal: 100,
      show: milliseconds,
      note: others(({ p99 }) => milliseconds(p99)),
    },
    {
      name: 'CPU per ack, 32 at a time / bare Bolt',
      value: ours.cpuMs / plain.cpuMs,
      goal: 1.2,
      show: times,
      note: `${microseconds(ours.cpuMs * 1_000)}; ${others(({ cpuMs }) => microseconds(cpuMs * 1_000))}`,
    },
  ];
}

async function startTarget(program: typeof FLOOR_HTTP, signingSecret: string): Promise<Target> {
  const port = await freePort();
  const running = run({ ...program, env: { PORT: String(port), SLACK_SIGNING_SECRET: signingSecret } });
  const caller = createCaller({ port, signingSecret });
  await firstAck(caller);
  return { caller, running };
}

/** Medians over the rounds, so that one disturbance does not count. */
async function measureInTurns(targets: Target[]): Promise<Measured[]> {
  const rounds: Measured[][] = targets.map(() => []);
  for (const target of targets) await closedLoop(WARM_UP, CLOSED.width, click(target));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [n, target] of targets.entries()) rounds[n]?.push(await measureOnce(target));
  }
  return rounds.map((measured) => ({
    p50: median(measured.map(({ p50 }) => p50)),
    p99: median(measured.map(({ p99 }) => p99)),
    cpuMs: median(measured.map(({ cpuMs }) => cpuMs)),
  }));
}

async function measureOnce(target: Target): Promise<Measured> {
  const before = target.running.cpuMs();
  await closedLoop(CLOSED.count, CLOSED.width, click(target));
  const cpuMs = (target.running.cpuMs() - before) / CLOSED.count;
  const waits = await openLoop(OPEN.count, OPEN.perSecond, click(target));
  return { p50: median(waits), p99: percentile(waits, 0.99), cpuMs };
}

function click({ caller }: Target): () => Promise<number> {
  return () => caller.send(linkClick(ALICE));
}
