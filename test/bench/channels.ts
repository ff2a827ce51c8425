// One channel asked for three messages a second, which is more than Slack takes: what the others notice of it.
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { CHANNELS } from '../support/outside.ts';
import { milliseconds, times, type Figure } from './figure.ts';
import { median } from './load.ts';
import { openStage, type Stage } from './stage.ts';

const HOT = 'C0OPS';
const HOT_EVERY_MS = 333;
/** Each of them gets a card every second and a half, which Slack takes. */
const QUIET = ['C0QUIET1', 'C0QUIET2', 'C0QUIET3', 'C0QUIET4'];
const ROUNDS = 6;
const ROUND_MS = 1_500;

export async function measureChannels(): Promise<Figure[]> {
  const members = CHANNELS[0]?.members ?? [];
  const quiet = QUIET.map((id) => ({ id, name: id.toLowerCase(), kind: 'channel' as const, members }));
  const stage = await openStage({ slack: { rateLimits: true, channels: [...CHANNELS, ...quiet] } });
  // The first cards also fill caches.
  await quietCards(stage, { rounds: 1, prefix: 'first' });
  const without = median(await quietCards(stage, { rounds: ROUNDS, prefix: 'calm' }));
  const stopHeating = heat(stage);
  const beside = median(await quietCards(stage, { rounds: ROUNDS, prefix: 'beside' }));
  await stopHeating();
  await stage.close();
  const note = `${milliseconds(beside)} and ${milliseconds(without)}`;
  return [
    {
      name: 'Card p50 beside a channel over Slack’s limit / without',
      value: beside / without,
      goal: 2,
      show: times,
      note,
    },
  ];
}

/** Asks for a resize every third of a second; resolves `stop` when the last has been asked. */
function heat(stage: Stage): () => Promise<void> {
  const cooled = new AbortController();
  const asking = (async () => {
    for (let n = 0; !cooled.signal.aborted; n += 1) {
      addServer(stage, `hot-${n}`);
      await stage.slack.say(stage.alice.id, HOT, `/ecs resize hot-${n} s2.small.1`);
      await pause(HOT_EVERY_MS);
    }
  })();
  return async () => {
    cooled.abort();
    await asking;
  };
}

/** Ms from the command to its card, for every card. */
async function quietCards(stage: Stage, { rounds, prefix }: { rounds: number; prefix: string }): Promise<number[]> {
  const waits: Promise<number>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [n, channel] of QUIET.entries()) {
      waits.push(card(stage, channel, `${prefix}-${round}-${n}`));
      await pause(ROUND_MS / QUIET.length);
    }
  }
  return Promise.all(waits);
}

async function card(stage: Stage, channel: string, name: string): Promise<number> {
  addServer(stage, name);
  const from = performance.now();
  await stage.slack.say(stage.bob.id, channel, `/ecs resize ${name} s2.small.1`);
  const isThere = () => stage.slack.messages(channel).some(({ blocks }) => JSON.stringify(blocks).includes(name));
  await until(isThere, `the card of ${name}`, 60_000);
  return performance.now() - from;
}

/** From two cores to one, so that no quota is in the way. */
function addServer({ cloud }: Stage, name: string): void {
  cloud.addServer({ name, project: 'demo', flavor: 's2.medium.1', user: 'alice' });
}
