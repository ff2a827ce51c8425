// Plays the journeys of the table, those of a group and a setting one after the other in one world.
import { describe, it } from 'vitest';
import { useWorlds } from '../../support/world.ts';
import { COLUMNS, type Column, hurried, type Journey, type Table } from './journey.ts';
import { SETTINGS, type Setting } from './settings.ts';
import { type Part, PARTS } from './table.ts';

export type Shown = { words: string; column: Column; journey: Journey };

export function journeysOf(table: Table): Shown[] {
  return Object.entries(table).flatMap(([words, row]) =>
    Object.entries(row).map(([column, journey]) => ({ words, column: column as Column, journey })),
  );
}

export function playPart(part: Part): void {
  for (const [group, table] of Object.entries<Table>(PARTS[part])) {
    for (const setting of Object.keys(SETTINGS) as Setting[]) {
      const here = journeysOf(table).filter(({ journey }) => 'play' in journey && journey.in === setting);
      if (here.length > 0) describe(`${group}, ${setting}`, () => playAll(here, setting));
    }
  }
}

function playAll(shown: Shown[], setting: Setting): void {
  const world = useWorlds().share(SETTINGS[setting]);
  for (const { words, column, journey } of shown) {
    it(`“${words}” ${COLUMNS[column]}`, async () => {
      if (!('play' in journey)) return;
      const play = () => journey.play(world());
      await (column === 'cloudError' ? play() : hurried(world(), play));
    });
  }
}
