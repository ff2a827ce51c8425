// What `list` costs from the command to its answer, against the least it can cost; and whether many servers make it dearer.
import { freePort } from '../support/redis.ts';
import { count, milliseconds, times, type Figure } from './figure.ts';
import { startLightCloud, type LightCloud } from './light-cloud.ts';
import { createCaller, median, openLoop, type Caller } from './load.ts';
import { ALICE, command } from './payloads.ts';
import { run, type Running } from './process.ts';
import { firstAck, openStage } from './stage.ts';
import { FLOOR_LIST } from './targets.ts';

const ROUNDS = 3;
const LOAD = { count: 250, perSecond: 50 };
const [FEW, MANY] = [1_000, 10_000];

type Target = { caller: Caller; running: Running };
type Measured = { p50: number; cpuMs: number };

export async function measureLists(): Promise<Figure[]> {
  const cloud = await startLightCloud(FEW);
  const stage = await openStage({ env: { OS_ENDPOINT_OVERRIDE_COMPUTE: cloud.computeUrl } });
  const bot = { caller: stage.caller, running: stage.bot };
  const secret = stage.env.SLACK_SIGNING_SECRET ?? '';
  const floor = await startFloor({ REDIS_URL: stage.redis.url, COMPUTE_URL: cloud.computeUrl }, secret);
  const figures = [...(await compare(cloud, { floor, bot })), ...(await grow(cloud, bot))];
  floor.caller.close();
  await floor.running.stop();
  await stage.close();
  await cloud.close();
  return figures;
}

async function startFloor(env: Record<string, string>, signingSecret: string): Promise<Target> {
  const port = await freePort();
  const running = run({ ...FLOOR_LIST, env: { ...env, PORT: String(port), SLACK_SIGNING_SECRET: signingSecret } });
  const caller = createCaller({ port, signingSecret });
  await firstAck(caller);
  return { caller, running };
}

async function compare(cloud: LightCloud, { floor, bot }: { floor: Target; bot: Target }): Promise<Figure[]> {
  for (const target of [floor, bot]) await measure(cloud, target);
  const [least, ours]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    least.push(await measure(cloud, floor));
    ours.push(await measure(cloud, bot));
  }
  const p50s = [ours, least].map((rounds) => median(rounds.map(({ p50 }) => p50)));
  const cpus = [ours, least].map((rounds) => median(rounds.map(({ cpuMs }) => cpuMs)));
  return [
    ratio('`list` p50 at 50/s / the least possible', p50s, 1.7),
    ratio('CPU per `list` at 50/s / the least possible', cpus, 2),
  ];
}

function ratio(name: string, [ours = 0, least = 0]: number[], goal: number): Figure {
  return { name, value: ours / least, goal, show: times, note: `${milliseconds(ours)} and ${milliseconds(least)}` };
}

async function grow(cloud: LightCloud, bot: Target): Promise<Figure[]> {
  const p50s: { few: number[]; many: number[] } = { few: [], many: [] };
  let requests = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    cloud.show(FEW);
    p50s.few.push((await measure(cloud, bot)).p50);
    cloud.show(MANY);
    const before = cloud.requests();
    p50s.many.push((await measure(cloud, bot)).p50);
    requests = Math.max(requests, (cloud.requests() - before) / LOAD.count);
  }
  const [few, many] = [median(p50s.few), median(p50s.many)];
  const note = `${milliseconds(many)} and ${milliseconds(few)}`;
  return [
    { name: '`list` p50 with 10,000 servers / with 1,000', value: many / few, goal: 1.2, show: times, note },
    { name: 'Cloud requests per `list` with 10,000 servers', value: requests, goal: 1, show: count },
  ];
}

async function measure(cloud: LightCloud, { caller, running }: Target): Promise<Measured> {
  const before = running.cpuMs();
  const waits = await openLoop(LOAD.count, LOAD.perSecond, async () => {
    const { url, answered } = cloud.newAnswer();
    const from = performance.now();
    await caller.send(command(ALICE, 'list', url));
    await answered;
    return performance.now() - from;
  });
  return { p50: median(waits), cpuMs: (running.cpuMs() - before) / LOAD.count };
}
