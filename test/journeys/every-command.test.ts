// Every command, four times through the whole bot: it does its work, it refuses, the cloud fails, the cloud is silent.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import type { Table } from './every-command/journey.ts';
import { journeysOf, playPart } from './every-command/play.ts';
import { PARTS } from './every-command/table.ts';

describe('the table', () => {
  const tables = Object.values(PARTS).flatMap((groups) => Object.values<Table>(groups));

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

  it.each(Object.keys(PARTS))('is played in %s.test.ts', (part) => {
    expect(existsSync(new URL(`${part}.test.ts`, import.meta.url))).toBe(true);
  });
});

playPart('every-command');
