import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { LINK, HERE, RUN, SHARE } from '../../src/commands/buttons.ts';
import { emptyArgs, parseLine } from '../../src/commands/grammar/parse.ts';
import { commands } from '../../src/commands/index.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const FOLDER = new URL('../../src/commands/', import.meta.url);

function definedIn(path: string): number {
  const text = readFileSync(new URL(path, FOLDER), 'utf8');
  return [...text.matchAll(/(?:= |return )defineCommand\(/g)].length;
}

/** How many commands the list takes from a file. */
function listedFrom(path: string, index: string): number {
  const [, names = ''] = new RegExp(`^import \\{ (.+) \\} from '\\./${path}';$`, 'm').exec(index) ?? [];
  return names === '' ? 0 : names.split(', ').length;
}

describe('the list of commands', () => {
  it('has every word once', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has every file that defines a command, and each file defines one', () => {
    const index = readFileSync(new URL('index.ts', FOLDER), 'utf8');
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ path, defined: definedIn(path), listed: listedFrom(path, index) }))
      .filter(({ defined, listed }) => defined > 0 || listed > 0);
    expect(files.filter(({ defined, listed }) => defined !== 1 || listed !== 1)).toEqual([
      // The typed twins of a card's buttons, which differ in the word alone.
      { path: 'resize/decisions.ts', defined: 1, listed: 5 },
    ]);
  });

  it('gives each button, form and search box to one command, and none that belong to the dispatcher', () => {
    for (const part of ['actions', 'views', 'suggestions'] as const) {
      const ids = commands.flatMap((command) => Object.keys(command[part] ?? {}));
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) {
        // The choices of a search box may be lines, which the dispatcher runs.
        const own = part === 'suggestions' ? id.replace(`${HERE}:`, 'find:') : id;
        expect(own).toMatch(/^[a-z]+:[a-z]+$/);
        expect([LINK, HERE, RUN, SHARE]).not.toContain(id);
      }
    }
  });

  it.each(commands.flatMap(({ name, examples }) => examples.map((line) => ({ name, line }))))(
    'has in “$line” an example of “$name” that works',
    ({ name, line }) => {
      expect(parseLine(line, { commands, now: NOW }).command.name).toBe(name);
    },
  );

  it.each(commands.map((command) => ({ command, name: command.name })))('explains “$name”', ({ command }) => {
    expect(command.examples.length).toBeGreaterThan(0);
    expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
    for (const spec of Object.values(command.args)) expect(spec.summary).not.toBe('');
  });

  it('opens windows whose titles Slack takes', () => {
    for (const command of commands) {
      const titles = [
        command.opens?.({ ...emptyArgs(command.args), applicationCredential: true }),
        ...Object.values(command.actions ?? {}).map(({ opens }) => opens),
      ];
      for (const title of titles) expect((title ?? '').length).toBeLessThanOrEqual(24);
    }
  });
});
