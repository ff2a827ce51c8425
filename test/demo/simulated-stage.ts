// The demo on one machine: everything the bot talks to is simulated, the sign-in included.
import type { CloudOptions } from '../simulators/cloud/options.ts';
import { openOutside } from '../support/outside.ts';
import type { Guide, Stage } from './stage.ts';

/** Slow enough to be watched, quick enough not to be waited for. DEMO_PACE=0.1 makes the cloud ten times as quick. */
const PACE = {
  stopMs: 3_000,
  startMs: 3_000,
  resizeMs: 6_000,
  confirmMs: 2_000,
  revertMs: 4_000,
  rebootMs: 4_000,
  createMs: 4_000,
  deleteMs: 2_000,
  volumeMs: 2_000,
  attachMs: 2_000,
  detachMs: 2_000,
  jobMs: 2_000,
};

const HUAWEI_GUIDE: NonNullable<Guide['guide']> = {
  login: '/ecs login',
  resize: '/ecs resize web-1 c1.2xlarge',
  last: {
    words: 'Nothing is to be confirmed here. Let servers load an FPGA image',
    type: '/ecs fpga associate matrix-mult web-golden',
  },
};

/** DEMO_CLOUD: the dialect that the simulated cloud speaks. Only `huawei` resizes by a job and has FPGAs. */
const CLOUDS = new Map<string, Dialect>([
  ['openstack', { cloud: {}, env: {} }],
  ['otc', dialect('otc', { region: 'eu-de' })],
  ['huawei', { ...dialect('huawei', { region: 'cn-north-1', fpga: true }), guide: HUAWEI_GUIDE }],
]);

type Dialect = { cloud: CloudOptions; env: Record<string, string> } & Guide;

function dialect(mode: 'otc' | 'huawei', { region, fpga = false }: { region: string; fpga?: boolean }): Dialect {
  return {
    cloud: { mode, fpga, catalog: { region } },
    env: { OS_CLOUD_PROFILE: mode, OS_PROTOCOL: 'oidc', OS_REGION_NAME: region },
  };
}

type Options = { botPort: number; pageDir: string; cloud?: string };

export async function openSimulatedStage(options: Options): Promise<Stage> {
  const wanted = options.cloud ?? process.env.DEMO_CLOUD ?? 'openstack';
  const chosen = CLOUDS.get(wanted);
  if (!chosen) throw new Error(`DEMO_CLOUD is ${wanted}: it may be openstack, otc or huawei.`);
  const outside = await openOutside({
    botPort: options.botPort,
    cloud: { ...chosen.cloud, pace: inPace(PACE, Number(process.env.DEMO_PACE ?? 1)) },
    slack: { rateLimits: true, page: { dir: options.pageDir } },
  });
  const { cloud } = outside;
  const { guide } = chosen;
  return {
    slackUrl: outside.slack.url,
    panel: guide ? { changed: cloud.changed, state: () => ({ ...cloud.state(), guide }) } : cloud,
    env: { ...outside.env, ...chosen.env },
    hears: () => true,
    told: ['Play Alice and Bob: sign in with /ecs login, then /ecs list, /ecs resize web-1 c1.2xlarge.'],
    close: async () => outside.close(),
  };
}

function inPace(times: typeof PACE, factor: number): typeof PACE {
  const scaled = Object.entries(times).map(([change, ms]) => [change, ms * factor]);
  return Object.fromEntries(scaled) as typeof PACE;
}
