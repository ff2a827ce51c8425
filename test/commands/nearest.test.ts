import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/commands/grammar/nearest.ts';

describe('did you mean', () => {
  it.each<[string, string, number]>([
    ['', '', 0],
    ['list', 'list', 0],
    ['lsit', 'list', 1],
    ['lis', 'list', 1],
    ['listt', 'list', 1],
    ['lost', 'list', 1],
    ['kitten', 'sitting', 3],
    ['', 'list', 4],
  ])('counts from “%s” to “%s” %i slips', (from, to, slips) => {
    expect(editDistance(from, to)).toBe(slips);
  });

  it('offers the nearest first, and nothing that is far away', () => {
    expect(nearest('web-2', ['db-1', 'web-1', 'web-12'], 5)).toEqual(['web-1', 'web-12']);
    expect(nearest('zebra', ['web-1', 'db-1'], 5)).toEqual([]);
  });

  it('takes an unfinished word for the whole one', () => {
    expect(nearest('req', ['resize', 'requests'])).toEqual(['requests']);
  });
});
