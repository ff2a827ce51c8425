// The demo on one machine: everything the bot talks to is simulated, the sign-in included.
import { openOutside } from '../support/outside.ts';
import type { Stage } from './stage.ts';

/** Slow enough to be watched, quick enough not to be waited for. DEMO_PACE=0.1 makes the cloud ten times as quick. */
const PACE = {
  stopMs: 3_000,
  startMs: 3_000,
  resizeMs: 6_000,
  confirmMs: 2_000,
  revertMs: 4_000,
  rebootMs: 4_000,
};

export async function openSimulatedStage(options: { botPort: number; pageDir: string }): Promise<Stage> {
  const outside = await openOutside({
    botPort: options.botPort,
    cloud: { pace: inPace(PACE, Number(process.env.DEMO_PACE ?? 1)) },
    slack: { rateLimits: true, page: { dir: options.pageDir } },
  });
  return {
    slackUrl: outside.slack.url,
    panel: outside.cloud,
    env: outside.env,
    hears: () => true,
    told: ['Play Alice and Bob: sign in with /ecs login, then /ecs list, /ecs resize web-1 c1.2xlarge.'],
    close: async () => outside.close(),
  };
}

function inPace(times: typeof PACE, factor: number): typeof PACE {
  const scaled = Object.entries(times).map(([change, ms]) => [change, ms * factor]);
  return Object.fromEntries(scaled) as typeof PACE;
}
