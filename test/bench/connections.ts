// One command every few seconds, as in a quiet hour: whether each has to connect anew to Slack or the cloud.
import { setTimeout as pause } from 'node:timers/promises';
import { count, type Figure } from './figure.ts';
import { openStage } from './stage.ts';

/** Longer than the four seconds after which Node's own fetch drops a connection. */
const IDLE_MS = 5_500;
const COMMANDS = 3;

export async function measureConnections(): Promise<Figure[]> {
  const stage = await openStage();
  const { alice, slack, cloud } = stage;
  const both = async () => {
    await alice.asks('/ecs list');
    await alice.says('/ecs resize');
    await alice.seesModal('Flavor');
    await alice.closesModal();
  };
  await both();
  const before = slack.connections + cloud.connections;
  for (let n = 0; n < COMMANDS; n += 1) {
    await pause(IDLE_MS);
    await both();
  }
  const opened = slack.connections + cloud.connections - before;
  await stage.close();
  const note = `a list and a form every ${IDLE_MS / 1_000} s`;
  return [
    {
      name: 'New connections to Slack and the cloud per command',
      value: opened / COMMANDS,
      goal: 0.02,
      show: count,
      note,
    },
  ];
}
