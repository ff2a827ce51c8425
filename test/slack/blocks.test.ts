import type { KnownBlock } from '@slack/types';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as toRead from '../../src/slack/blocks.ts';
import * as toFillIn from '../../src/slack/inputs.ts';
import { noticeView, plainMessage } from '../../src/slack/notices.ts';
import { escapeMrkdwn, safeName } from '../../src/slack/text.ts';
import { validateBlocks, validateView } from '../simulators/slack/validate.ts';
import { nastyName } from './support/nasty-name.ts';

const build = { ...toRead, ...toFillIn };

const NASTY = [
  '',
  ' ',
  '<!channel>',
  '&'.repeat(300),
  'x'.repeat(250),
  'שרת '.repeat(80),
  '👩‍💻'.repeat(90),
  '\u202egnp.exe',
  'line\nbreak',
  'x'.repeat(5000),
];

function messageOf(name: string): KnownBlock[] {
  const shown = escapeMrkdwn(name);
  const choices = [{ text: safeName(name), value: 'id-1', description: safeName(name) }];
  const confirm = { title: name, text: name, confirm: name, style: 'danger' as const };
  return [
    build.header(name),
    build.section(`*${shown}*`, { accessory: build.overflow({ actionId: 'more', choices }) }),
    build.fields([shown, shown, shown]),
    build.context(shown, shown),
    build.divider(),
    build.actions([
      build.button({ text: name, actionId: 'resize:approve', value: 'R-1', style: 'primary', label: name, confirm }),
      build.select({ actionId: 'pick', placeholder: name, choices, initial: 'id-1', confirm }),
      build.externalSelect({ actionId: 'find', placeholder: name, initial: { text: name, value: 'id-1' } }),
    ]),
  ];
}

describe.each(NASTY)('a server called %j', (name) => {
  it('can be shown in a message that Slack takes', () => {
    expect(validateBlocks(messageOf(name))).toEqual([]);
  });

  it('can be shown in a form that Slack takes', () => {
    const element = build.textInput({ actionId: 'a', placeholder: name, initial: name.slice(0, 100), maxLength: 200 });
    const blocks = [
      build.input({ blockId: 'reason', label: name, hint: name, element, optional: true, dispatch: true }),
    ];
    expect(validateView(build.modal({ title: name, submit: name || 'Save', close: name, blocks }))).toEqual([]);
    expect(validateView(noticeView(plainMessage(name)))).toEqual([]);
  });

  it('mentions nobody', () => {
    const mrkdwn = JSON.stringify(messageOf(name)).match(/"type":"mrkdwn","text":"[^"]*"/g) ?? [];
    expect(mrkdwn.length).toBeGreaterThan(5);
    for (const text of mrkdwn) expect(text).not.toContain('<');
  });
});

it('whatever the name, Slack takes the blocks', () => {
  fc.assert(
    fc.property(nastyName(400), (name) => {
      expect(validateBlocks(messageOf(name))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

it('a button always says what it does, at full length where it has the words', () => {
  expect(build.button({ text: 'Approve', actionId: 'a' }).accessibility_label).toBe('Approve');
  const label = 'Approve the resize of web-1';
  expect(build.button({ text: 'Approve', actionId: 'a', label }).accessibility_label).toBe(label);
});

it('a name such as @here is not turned into a mention by Slack either', () => {
  expect(build.section('@here').text).toMatchObject({ verbatim: true });
});

it('a menu leaves out what Slack would refuse, and selects only what it offers', () => {
  const choices = Array.from({ length: 150 }, (_, index) => ({ text: `flavor ${index}`, value: String(index) }));
  const menu = build.select({ actionId: 'a', placeholder: 'Flavor', choices, initial: '120' });
  expect(menu.options).toHaveLength(100);
  expect(menu.initial_option).toBeUndefined();
  expect(build.select({ actionId: 'a', placeholder: 'Flavor', choices, initial: '7' }).initial_option).toEqual(
    menu.options?.[7],
  );
});

it('an id that does not fit is found where it is made, not cut into another id', () => {
  expect(() => build.button({ text: 'x', actionId: 'a', value: 'v'.repeat(2001) })).toThrow('2001 characters');
  expect(() => build.option({ text: 'x', value: 'v'.repeat(76) })).toThrow('Slack takes 75');
});
