import { expect, it } from 'vitest';
import { matching } from '../../src/commands/find/named.ts';

const ALL = ['old-web', 'web-12', 'web-1', 'db', 'Web'].map((name, at) => ({ id: `id-${at}`, name }));

it.each<[string, string[]]>([
  ['web-1', ['web-1', 'web-12']],
  [' web ', ['Web', 'web-12', 'web-1', 'old-web']],
  ['id-3', ['db']],
  ['', ['old-web', 'web-12', 'web-1', 'db', 'Web']],
  ['nothing', []],
])('a search for “%s” offers %j, what is meant exactly first', (typed, names) => {
  expect(matching(ALL, typed).map(({ name }) => name)).toEqual(names);
});
