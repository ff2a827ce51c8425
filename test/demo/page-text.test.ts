// What the demo page makes of text: mrkdwn, dates, and the words it offers while a command is typed.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alternatives, offersFor } from './page/completion.js';
import { parseMrkdwn, type Mark } from './page/mrkdwn.js';
import { ago, dayHeading, formatDateMark } from './page/time.js';

/** The tree in one line: `bold(text)`, links as `link[url|label]`. */
function sketch(marks: Mark[]): string {
  return marks.map(sketchOne).join('');
}

function sketchOne(mark: Mark): string {
  switch (mark.type) {
    case 'text':
      return mark.text;
    case 'break':
      return '⏎';
    case 'link':
      return `link[${mark.url}|${mark.label}]`;
    case 'user':
    case 'channel':
    case 'usergroup':
      return `${mark.type}[${mark.id}|${mark.label}]`;
    case 'broadcast':
      return `all[${mark.range}]`;
    case 'date':
      return `date[${mark.epoch}|${mark.format}|${mark.fallback}]`;
    case 'emoji':
      return mark.char;
    default:
      return `${mark.type}(${sketch(mark.children)})`;
  }
}

/** Only what is written, without the marks. */
function plainText(marks: Mark[]): string {
  return marks
    .map((mark) => ('children' in mark ? plainText(mark.children) : 'text' in mark ? mark.text : ''))
    .join('');
}

describe('mrkdwn', () => {
  test.each([
    ['*bold* _italic_ ~strike~ `code`', 'bold(bold) italic(italic) strike(strike) code(code)'],
    ['*_both_*', 'bold(italic(both))'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* not bold * and ** nor this', '* not bold * and ** nor this'],
    ['*ends*here', '*ends*here'],
    ['*bold with `*code*` in it*', 'bold(bold with code(*code*) in it)'],
    ['&lt;b&gt; &amp;amp; &quot;', '<b> &amp; &quot;'],
    ['<https://example.com/?a=1&amp;b=2|a *link*>', 'link[https://example.com/?a=1&b=2|a *link*]'],
    ['<https://example.com>', 'link[https://example.com|https://example.com]'],
    ['<mailto:a@example.com>', 'link[mailto:a@example.com|a@example.com]'],
    ['<@U123> in <#C1|ops> <!here> <!subteam^S1|@dba>', 'user[U123|] in channel[C1|ops] all[here] usergroup[S1|@dba]'],
    ['a < b > c', 'a < b > c'],
    ['&lt;@U123&gt; is only text', '<@U123> is only text'],
    ['one\ntwo', 'one⏎two'],
    ['&gt; said\n&gt; more\nanswer', 'quote(said⏎more)answer'],
    ['before\n&gt;&gt;&gt; all\nthe rest', 'beforequote(all⏎the rest)'],
    ['see\n```\nif (a &lt; b) *x*\n```\nafter', 'seepre(if (a < b) *x*)after'],
    [':white_check_mark: :unknown_thing: 10:30:00', '✅ :unknown_thing: 10:30:00'],
    ['<!date^1700000000^{date} at {time}|then>', 'date[1700000000|{date} at {time}|then]'],
  ])('%j reads as %s', (text, tree) => {
    expect(sketch(parseMrkdwn(text))).toBe(tree);
  });

  test('whatever is written, escaped text comes out as it went in', () => {
    const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const safe = fc
      .string({ unit: fc.constantFrom(...Array.from('ab <>&!@#|^1 ')) })
      .filter((text) => !/^\s*>|\n/.test(text));
    fc.assert(
      fc.property(safe, (text) => {
        expect(sketch(parseMrkdwn(escape(text)))).toBe(text);
      }),
    );
  });

  test('no letter is lost between marks, however they are nested or left open', () => {
    const wild = fc.string({ unit: fc.constantFrom(...Array.from('*_~`>:#\n ab')), maxLength: 200 });
    const letters = (text: string) => text.replaceAll(/[^ab]/g, '');
    fc.assert(
      fc.property(wild, (text) => {
        expect(letters(plainText(parseMrkdwn(text)))).toBe(letters(text));
      }),
    );
  });
});

describe('dates', () => {
  const noon = Date.parse('2026-11-21T12:00:00Z');
  const berlin = { now: noon, timeZone: 'Europe/Berlin', hour12: true };
  const at = (iso: string) => Date.parse(iso) / 1000;

  test.each([
    ['{date_num}', '2026-11-21'],
    ['{date}', 'November 21st, 2026'],
    ['{date_short}', 'Nov 21, 2026'],
    ['{date_long}', 'Saturday, November 21st, 2026'],
    ['{date_short_pretty} at {time}', 'today at 11:04 AM'],
    ['{time_secs}', '11:04:05 AM'],
    ['{ago}', '1 hour ago'],
  ])('%s is shown as %s', (format, shown) => {
    expect(formatDateMark({ epoch: at('2026-11-21T10:04:05Z'), format }, berlin)).toBe(shown);
  });

  test('a day begins at the reader’s midnight, not at Greenwich’s', () => {
    const late = { epoch: at('2026-11-20T23:30:00Z'), format: '{date_pretty}' };
    expect(formatDateMark(late, berlin)).toBe('today');
    expect(formatDateMark(late, { ...berlin, timeZone: 'America/New_York' })).toBe('yesterday');
  });

  test('a reader with a 24-hour clock sees no AM or PM', () => {
    const reader = { ...berlin, hour12: false };
    expect(formatDateMark({ epoch: at('2026-11-21T08:05:00Z'), format: '{time}' }, reader)).toBe('09:05');
    expect(formatDateMark({ epoch: at('2026-11-20T23:05:00Z'), format: '{time}' }, reader)).toBe('00:05');
  });

  test('an unknown placeholder, or no number, leaves it to the fallback', () => {
    expect(formatDateMark({ epoch: 1, format: '{date} {stardate}' }, berlin)).toBeNull();
    expect(formatDateMark({ epoch: Number.NaN, format: '{date}' }, berlin)).toBeNull();
  });

  test('headings and distances read as people say them', () => {
    expect(dayHeading(noon, berlin)).toBe('Today');
    expect(dayHeading(noon - 86_400_000, berlin)).toBe('Yesterday');
    expect(dayHeading(noon - 3 * 86_400_000, berlin)).toBe('Wednesday, November 18th');
    expect(ago(noon - 90_000, noon)).toBe('1 minute ago');
    expect(ago(noon + 7_200_000, noon)).toBe('in 2 hours');
  });
});

describe('completion', () => {
  const ecs = { command: '/ecs', description: 'Servers', usageHint: 'login | list | show <server> | resize [name]' };
  const commands = [ecs, { command: '/eco', description: '', usageHint: '' }];
  const fills = (text: string) => offersFor(text, commands).map(({ fill }) => fill);

  test.each([
    ['/', ['/ecs ', '/eco ']],
    ['/ecs', ['/ecs ']],
    ['/ecs ', ['/ecs login ', '/ecs list ', '/ecs show ', '/ecs resize ']],
    ['/ecs l', ['/ecs login ', '/ecs list ']],
    ['/ecs list', []],
    ['/ecs show web', []],
    ['/nope ', []],
    ['hello /ecs', []],
    ['', []],
  ])('%j offers %j', (text, offers) => {
    expect(fills(text)).toEqual(offers);
  });

  test('an offer shows what comes after the word', () => {
    expect(offersFor('/ecs sh', commands)[0]).toMatchObject({ label: '/ecs show', hint: '<server>' });
  });

  test.each([
    ['[list|show]', ['list', 'show']],
    ['help, list, resize web-1 c1.2xlarge', ['help', 'list', 'resize']],
    ['list show resize', ['list', 'show', 'resize']],
    ['<server> | --all | list | list', ['list']],
    ['', []],
  ])('the words of the hint %j are %j', (hint, words) => {
    expect(alternatives(hint).map(({ word }) => word)).toEqual(words);
  });
});
