import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS, truncate, truncatePlain } from '../../src/slack/limits.ts';
import {
  code,
  dateTime,
  escapeMrkdwn,
  fromCode,
  lineCode,
  memoryWords,
  mention,
  safeName,
} from '../../src/slack/text.ts';
import { nastyName } from './support/nasty-name.ts';

describe('a name that somebody chose to be a nuisance', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U1> & <https://evil.example|bank>', '&lt;@U1&gt; &amp; &lt;https://evil.example|bank&gt;'],
    ['web\u202e1-bd', 'web1-bd'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['bell\u0007 and null\u0000', 'bell and null'],
    ['lone \ud800 half', 'lone \ufffd half'],
  ])('%j is shown as %j', (name, shown) => {
    expect(escapeMrkdwn(name)).toBe(shown);
  });

  it('cannot break the line it stands in', () => {
    expect(safeName('  web-1\n*Approved*\u2028by\tall ')).toBe('web-1 *Approved*by all');
  });

  it('written from right to left does not reorder what follows', () => {
    expect(`${safeName('שרת')} → large`).toBe('\u2068שרת\u2069 → large');
    expect(escapeMrkdwn('خادم')).toBe('\u2068خادم\u2069');
  });

  it('cannot leave its code span', () => {
    expect(code('a`*b*`')).toBe('`aˋ*b*ˋ`');
    expect(code('')).toBe('` `');
  });

  it('keeps its emoji and its letters', () => {
    expect(safeName('сервер 👩‍💻 名前')).toBe('сервер 👩‍💻 名前');
  });

  it('never gets a bare angle bracket or ampersand into mrkdwn', () => {
    fc.assert(
      fc.property(nastyName(), (name) => {
        const left = escapeMrkdwn(name).replace(/&(?:amp|lt|gt);/g, '');
        expect(left).not.toMatch(/[<>&]/);
      }),
    );
  });

  it('is told as a person only by a whole id', () => {
    expect(mention('U1')).toBe('<@U1>');
    expect(mention('U1>|<!here')).toBe('<@U1here>');
  });
});

it('shows a time in the zone of whoever reads it, with a fallback that cannot escape', () => {
  expect(dateTime(1_700_000_000_500)).toBe('<!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>');
  expect(dateTime(0, 'a|b^c>')).toBe('<!date^0^{date_short_pretty} {time}|a/b c&gt;>');
});

describe('cutting to a limit', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['0123456789', 5, '0123…'],
    ['👩👩👩👩👩', 3, '👩👩…'],
    ['ab &amp; cd', 7, 'ab …'],
    ['ab &amp; cd', 9, 'ab &amp;…'],
    ['ask <@U123456> now', 10, 'ask …'],
    ['at <!date^1^{time}|x> sharp', 15, 'at …'],
  ])('%j to %i is %j', (text, max, cut) => {
    expect(truncate(text, max)).toBe(cut);
  });

  it('never exceeds the limit, never halves an entity, and keeps what fits', () => {
    fc.assert(
      fc.property(nastyName(), fc.integer({ min: 1, max: 40 }), (name, max) => {
        const escaped = escapeMrkdwn(name);
        const cut = truncate(escaped, max);
        expect(Array.from(cut).length).toBeLessThanOrEqual(max);
        expect(cut.replace(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
        if (Array.from(escaped).length <= max) expect(cut).toBe(escaped);
      }),
    );
  });

  it('counts plain text as Slack does, with its entities', () => {
    expect(truncatePlain('&'.repeat(15), LIMITS.optionText)).toBe('&'.repeat(15));
    expect(truncatePlain('&'.repeat(16), LIMITS.optionText)).toBe(`${'&'.repeat(14)}…`);
    expect(truncatePlain('<'.repeat(40), 9)).toBe('<<…');
  });
});

describe('a line to be copied', () => {
  it('begins with its slash, whatever names stand in it', () => {
    expect(lineCode('/ecs show שרת --name b')).toBe('`/ecs show \u2068שרת\u2069 --name b`');
  });

  it('mentions nobody and ends where it ends', () => {
    expect(lineCode('/ecs show "<!channel> & `x`"')).toBe('`/ecs show "&lt;!channel&gt; &amp; ˋxˋ"`');
  });

  it.each(['/ecs show "*b* `c`"', '/ecs show "שרת מסחר" --x', 'plain'])('is the same again when copied: %s', (line) => {
    const copied = lineCode(line).slice(1, -1);
    expect(fromCode(copied)).toBe(line);
  });
});

it.each([
  [256, '256 MiB'],
  [512.4, '512 MiB'],
  [1024, '1 GiB'],
  [1536, '1.5 GiB'],
  [262_144, '256 GiB'],
])('%d MiB of memory is called %s', (mib, words) => {
  expect(memoryWords(mib)).toBe(words);
});
