// Every command, four times through the whole bot: it does its work, it refuses, the cloud fails, the cloud is silent.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { useWorlds } from '../support/world.ts';
import { COLUMNS, type Column, hurried, type Journey, type Table } from './every-command/journey.ts';
import { SETTINGS, type Setting } from './every-command/settings.ts';
import { GROUPS } from './every-command/table.ts';

type Shown = { words: string; column: Column; journey: Journey };

function journeysOf(table: Table): Shown[] {
  return Object.entries(table).flatMap(([words, row]) =>
    Object.entries(row).map(([column, journey]) => ({ words, column: column as Column, journey })),
  );
}

describe('the table', () => {
  const tables = Object.values(GROUPS);

  it('shows every command that there is', () => {
    const shown = tables.flatMap((table) => Object.keys(table));
    expect(shown.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
  });

  it('leaves out what there is no way to show, and nothing else', () => {
    const left = tables.flatMap(journeysOf).filter(({ journey }) => 'cannot' in journey);
    expect(left.map(({ words, column }) => `${words}: ${column}`).toSorted()).toEqual([
      'cancel: timeout',
      'help: timeout',
      'project: timeout',
      'requests: timeout',
      'whoami: timeout',
    ]);
  });
});

for (const [group, table] of Object.entries(GROUPS)) {
  const journeys = journeysOf(table);
  for (const setting of Object.keys(SETTINGS) as Setting[]) {
    const here = journeys.filter(({ journey }) => 'play' in journey && journey.in === setting);
    if (here.length === 0) continue;
    describe(`${group}, ${setting}`, () => {
      const world = useWorlds().share(SETTINGS[setting]);
      for (const { words, column, journey } of here) {
        it(`“${words}” ${COLUMNS[column]}`, async () => {
          if (!('play' in journey)) return;
          const play = () => journey.play(world());
          await (column === 'cloudError' ? play() : hurried(world(), play));
        });
      }
    });
  }
}
