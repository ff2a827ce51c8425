// What the bot holds after a morning's work, everything included.
import { mebibytes, type Figure } from './figure.ts';
import { closedLoop } from './load.ts';
import { openStage, type Stage } from './stage.ts';

const COMMANDS = 1_000;
const LINES = ['list', 'show web-1', 'flavors', 'help', 'whoami', 'list --status ACTIVE', 'requests', 'project'];

const AT_ONCE = 8;

export async function measureMemory(): Promise<Figure[]> {
  const stage = await openStage();
  const idle = stage.bot.rssMiB();
  let given = 0;
  await closedLoop(COMMANDS, AT_ONCE, async () => {
    given += 1;
    await give(stage, LINES[given % LINES.length] ?? '');
    return 0;
  });
  const rss = stage.bot.rssMiB();
  await stage.close();
  const note = `${mebibytes(idle)} before them`;
  return [{ name: 'Resident memory after 1,000 commands', value: rss, goal: 160, show: mebibytes, note }];
}

/** Resolves with the ack; the answers come meanwhile. */
async function give({ slack, alice }: Stage, line: string): Promise<void> {
  const outcome = await slack.say(alice.id, alice.channel, `/ecs ${line}`);
  if (!outcome.ok) throw new Error(`/ecs ${line}: ${outcome.error}`);
}
