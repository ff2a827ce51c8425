// The limits of Block Kit, one by one: the greatest allowed passes, one more is refused where it stands.
import { describe, expect, test } from 'vitest';
import {
  asMessage,
  blocksTooLong,
  validateBlocks,
  validateSuggestions,
  validateView,
  viewTooLarge,
} from './validate.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const long = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const option = (index: number) => ({ text: plain(`option ${index}`), value: `v${index}` });
const buttonWith = (more: object) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const inputWith = (element: object) => ({ type: 'input', label: plain('Label'), element });
const image = (more: object) => ({ type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a', ...more });
const cell = (text: string) => ({ type: 'raw_text', text });
const rows = (count: number, columns: number) => times(count, () => times(columns, () => cell('x')));

type Limit = { what: string; block: (size: number) => object; max: number; pointer: string };

const LIMITS: Limit[] = [
  {
    what: 'section text',
    block: (n) => ({ type: 'section', text: mrkdwn(long(n)) }),
    max: 3000,
    pointer: '/0/text/text',
  },
  {
    what: 'section field',
    block: (n) => ({ type: 'section', fields: [plain(long(n))] }),
    max: 2000,
    pointer: '/0/fields/0/text',
  },
  {
    what: 'section fields',
    block: (n) => ({ type: 'section', fields: times(n, () => plain('x')) }),
    max: 10,
    pointer: '/0/fields',
  },
  { what: 'header', block: (n) => ({ type: 'header', text: plain(long(n)) }), max: 150, pointer: '/0/text/text' },
  {
    what: 'context elements',
    block: (n) => ({ type: 'context', elements: times(n, () => mrkdwn('x')) }),
    max: 10,
    pointer: '/0/elements',
  },
  {
    what: 'action elements',
    block: (n) => actions(...times(n, (i) => buttonWith({ action_id: `a${i}` }))),
    max: 25,
    pointer: '/0/elements',
  },
  { what: 'image alt text', block: (n) => image({ alt_text: long(n) }), max: 2000, pointer: '/0/alt_text' },
  { what: 'image title', block: (n) => image({ title: plain(long(n)) }), max: 2000, pointer: '/0/title/text' },
  {
    what: 'input label',
    block: (n) => ({ ...inputWith({ type: 'plain_text_input' }), label: plain(long(n)) }),
    max: 2000,
    pointer: '/0/label/text',
  },
  {
    what: 'input hint',
    block: (n) => ({ ...inputWith({ type: 'plain_text_input' }), hint: plain(long(n)) }),
    max: 2000,
    pointer: '/0/hint/text',
  },
  { what: 'block_id', block: (n) => ({ type: 'divider', block_id: long(n) }), max: 255, pointer: '/0/block_id' },
  {
    what: 'action_id',
    block: (n) => actions(buttonWith({ action_id: long(n) })),
    max: 255,
    pointer: '/0/elements/0/action_id',
  },
  {
    what: 'button text',
    block: (n) => actions(buttonWith({ text: plain(long(n)) })),
    max: 75,
    pointer: '/0/elements/0/text/text',
  },
  {
    what: 'button value',
    block: (n) => actions(buttonWith({ value: long(n) })),
    max: 2000,
    pointer: '/0/elements/0/value',
  },
  {
    what: 'button url',
    block: (n) => actions(buttonWith({ url: `https://${long(n - 8)}` })),
    max: 3000,
    pointer: '/0/elements/0/url',
  },
  {
    what: 'accessibility label',
    block: (n) => actions(buttonWith({ accessibility_label: long(n) })),
    max: 75,
    pointer: '/0/elements/0/accessibility_label',
  },
  {
    what: 'confirm title',
    block: (n) => actions(buttonWith({ confirm: { title: plain(long(n)), text: plain('x') } })),
    max: 100,
    pointer: '/0/elements/0/confirm/title/text',
  },
  {
    what: 'confirm text',
    block: (n) => actions(buttonWith({ confirm: { text: mrkdwn(long(n)) } })),
    max: 300,
    pointer: '/0/elements/0/confirm/text/text',
  },
  {
    what: 'confirm button',
    block: (n) => actions(buttonWith({ confirm: { text: plain('x'), confirm: plain(long(n)) } })),
    max: 30,
    pointer: '/0/elements/0/confirm/confirm/text',
  },
  {
    what: 'deny button',
    block: (n) => actions(buttonWith({ confirm: { text: plain('x'), deny: plain(long(n)) } })),
    max: 30,
    pointer: '/0/elements/0/confirm/deny/text',
  },
  {
    what: 'menu options',
    block: (n) => actions({ type: 'static_select', options: times(n, option) }),
    max: 100,
    pointer: '/0/elements/0/options',
  },
  {
    what: 'option groups',
    block: (n) =>
      actions({ type: 'static_select', option_groups: times(n, (i) => ({ label: plain('g'), options: [option(i)] })) }),
    max: 100,
    pointer: '/0/elements/0/option_groups',
  },
  {
    what: 'group label',
    block: (n) => actions({ type: 'static_select', option_groups: [{ label: plain(long(n)), options: [option(0)] }] }),
    max: 75,
    pointer: '/0/elements/0/option_groups/0/label/text',
  },
  {
    what: 'option text',
    block: (n) => actions({ type: 'static_select', options: [{ text: plain(long(n)), value: 'v' }] }),
    max: 75,
    pointer: '/0/elements/0/options/0/text/text',
  },
  {
    what: 'option value',
    block: (n) => actions({ type: 'static_select', options: [{ text: plain('x'), value: long(n) }] }),
    max: 75,
    pointer: '/0/elements/0/options/0/value',
  },
  {
    what: 'option description',
    block: (n) => actions({ type: 'static_select', options: [{ ...option(0), description: plain(long(n)) }] }),
    max: 75,
    pointer: '/0/elements/0/options/0/description/text',
  },
  {
    what: 'menu placeholder',
    block: (n) => actions({ type: 'external_select', placeholder: plain(long(n)) }),
    max: 150,
    pointer: '/0/elements/0/placeholder/text',
  },
  {
    what: 'overflow options',
    block: (n) => actions({ type: 'overflow', options: times(n, option) }),
    max: 5,
    pointer: '/0/elements/0/options',
  },
  {
    what: 'checkboxes',
    block: (n) => actions({ type: 'checkboxes', options: times(n, option) }),
    max: 10,
    pointer: '/0/elements/0/options',
  },
  {
    what: 'radio buttons',
    block: (n) => actions({ type: 'radio_buttons', options: times(n, option) }),
    max: 10,
    pointer: '/0/elements/0/options',
  },
  {
    what: 'text input max_length',
    block: (n) => inputWith({ type: 'plain_text_input', max_length: n }),
    max: 3000,
    pointer: '/0/element/max_length',
  },
  {
    what: 'input placeholder',
    block: (n) => inputWith({ type: 'plain_text_input', placeholder: plain(long(n)) }),
    max: 150,
    pointer: '/0/element/placeholder/text',
  },
  {
    what: 'files',
    block: (n) => inputWith({ type: 'file_input', max_files: n }),
    max: 10,
    pointer: '/0/element/max_files',
  },
  {
    what: 'video title',
    block: (n) => ({
      type: 'video',
      video_url: 'https://v',
      thumbnail_url: 'https://t',
      alt_text: 'a',
      title: plain(long(n)),
    }),
    max: 200,
    pointer: '/0/title/text',
  },
  { what: 'markdown', block: (n) => ({ type: 'markdown', text: long(n) }), max: 12_000, pointer: '/0/text' },
  { what: 'table rows', block: (n) => ({ type: 'table', rows: rows(n, 1) }), max: 100, pointer: '/0/rows' },
  { what: 'table columns', block: (n) => ({ type: 'table', rows: rows(1, n) }), max: 20, pointer: '/0/rows/0' },
  {
    what: 'data_table rows',
    block: (n) => ({ type: 'data_table', caption: 'c', rows: rows(n, 1) }),
    max: 101,
    pointer: '/0/rows',
  },
  { what: 'card title', block: (n) => ({ type: 'card', title: mrkdwn(long(n)) }), max: 150, pointer: '/0/title/text' },
  { what: 'card body', block: (n) => ({ type: 'card', body: mrkdwn(long(n)) }), max: 200, pointer: '/0/body/text' },
  {
    what: 'card actions',
    block: (n) => ({ type: 'card', actions: times(n, (i) => buttonWith({ action_id: `a${i}` })) }),
    max: 3,
    pointer: '/0/actions',
  },
  {
    what: 'cards of a carousel',
    block: (n) => ({ type: 'carousel', elements: times(n, () => ({ type: 'card', title: mrkdwn('x') })) }),
    max: 10,
    pointer: '/0/elements',
  },
  {
    what: 'blocks of a container',
    block: (n) => ({ type: 'container', child_blocks: times(n, () => ({ type: 'divider' })) }),
    max: 10,
    pointer: '/0/child_blocks',
  },
  {
    what: 'context actions',
    block: (n) => ({
      type: 'context_actions',
      elements: times(n, (i) => ({ type: 'icon_button', icon: 'trash', text: plain('x'), action_id: `a${i}` })),
    }),
    max: 5,
    pointer: '/0/elements',
  },
  {
    what: 'chart title',
    block: (n) => ({
      type: 'data_visualization',
      title: long(n),
      chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] },
    }),
    max: 50,
    pointer: '/0/title',
  },
  {
    what: 'pie segments',
    block: (n) => ({
      type: 'data_visualization',
      title: 't',
      chart: { type: 'pie', segments: times(n, () => ({ label: 'a', value: 1 })) },
    }),
    max: 6,
    pointer: '/0/chart/segments',
  },
];

describe('limits of blocks', () => {
  test.each(LIMITS)('$what: $max is accepted, one more is not', ({ block, max, pointer }) => {
    expect(validateBlocks([block(max)])).toEqual([]);
    expect(validateBlocks([block(max + 1)]).map((problem) => problem.pointer)).toContain(pointer);
  });

  test('the error has the shape of blocks.validate', () => {
    expect(validateBlocks([{ type: 'header', text: plain(long(151)) }])).toEqual([
      {
        code: 'failed_constraint',
        message: 'must be less than 151 characters',
        pointer: '/0/text/text',
        constraint: { type: 'max_length', expected: ['150'], got: '151' },
      },
    ]);
    expect(validateBlocks([{ type: 'header', text: mrkdwn('x') }])).toEqual([
      {
        code: 'failed_constraint',
        message: 'unsupported type: mrkdwn',
        pointer: '/0/text/type',
        constraint: { type: 'enum', expected: ['plain_text'], got: 'mrkdwn' },
      },
    ]);
  });

  test('a message takes 50 blocks, a modal and a Home tab 100', () => {
    const dividers = (count: number) => times(count, () => ({ type: 'divider' }));
    expect(validateBlocks(dividers(50), 'message')).toEqual([]);
    expect(validateBlocks(dividers(51), 'message')).toHaveLength(1);
    for (const surface of ['modal', 'home'] as const) {
      expect(validateBlocks(dividers(100), surface)).toEqual([]);
      expect(validateBlocks(dividers(101), surface)).toHaveLength(1);
    }
  });

  test('characters are code points, and an ampersand counts as its entity', () => {
    expect(validateBlocks([{ type: 'header', text: plain('🚀'.repeat(150)) }])).toEqual([]);
    expect(validateBlocks([{ type: 'header', text: plain('&'.repeat(31)) }])).toHaveLength(1);
    expect(validateBlocks([{ type: 'section', text: mrkdwn('&amp;'.repeat(600)) }])).toEqual([]);
  });
});

const REFUSED: [string, object, string][] = [
  ['an unknown block', { type: 'nope' }, '/0/type'],
  ['a block without type', { text: plain('x') }, '/0'],
  ['a field Slack does not know', { type: 'divider', colour: 'red' }, '/0'],
  ['an empty text', { type: 'section', text: mrkdwn('') }, '/0/text/text'],
  ['a section without text', { type: 'section' }, '/0'],
  ['a header without text', { type: 'header' }, '/0'],
  ['an image without alt text', { type: 'image', image_url: 'https://example.com/a.png' }, '/0'],
  ['an image without picture', { type: 'image', alt_text: 'x' }, '/0'],
  [
    'a text input beside a section',
    { type: 'section', text: plain('x'), accessory: { type: 'plain_text_input' } },
    '/0/accessory/type',
  ],
  ['a button as a form field', inputWith(buttonWith({})), '/0/element/type'],
  ['an unknown style', actions(buttonWith({ style: 'huge' })), '/0/elements/0/style'],
  ['a link that is none', actions(buttonWith({ url: 'javascript:alert(1)' })), '/0/elements/0/url'],
  [
    'options and groups at once',
    actions({
      type: 'static_select',
      options: [option(0)],
      option_groups: [{ label: plain('g'), options: [option(0)] }],
    }),
    '/0/elements/0',
  ],
  ['a menu without options', actions({ type: 'static_select', options: [] }), '/0/elements/0/options'],
  [
    'an initial option that differs',
    actions({ type: 'static_select', options: [option(0)], initial_option: { ...option(0), text: plain('other') } }),
    '/0/elements/0/initial_option',
  ],
  [
    'a url in a plain menu',
    actions({ type: 'static_select', options: [{ ...option(0), url: 'https://example.com' }] }),
    '/0/elements/0/options/0',
  ],
  ['a date that is none', actions({ type: 'datepicker', initial_date: '21.11.2026' }), '/0/elements/0/initial_date'],
  ['a time that is none', actions({ type: 'timepicker', initial_time: '25:00' }), '/0/elements/0/initial_time'],
  [
    'milliseconds as date and time',
    actions({ type: 'datetimepicker', initial_date_time: 1_763_719_200_000 }),
    '/0/elements/0/initial_date_time',
  ],
  ['a number field without is_decimal_allowed', inputWith({ type: 'number_input' }), '/0/element'],
  ['min above max', inputWith({ type: 'plain_text_input', min_length: 5, max_length: 4 }), '/0/element/min_length'],
  ['uneven rows', { type: 'data_table', caption: 'c', rows: [[cell('a')], [cell('b'), cell('c')]] }, '/0/rows'],
  ['a table of too many characters', { type: 'table', rows: times(10, () => [cell(long(1000))]) }, '/0/rows'],
  ['an empty card', { type: 'card' }, '/0'],
  ['an alert in a message', { type: 'alert', text: plain('x') }, '/0/type'],
  ['a file block, which only Slack can make', { type: 'file', source: 'remote', external_id: 'x' }, '/0/type'],
];

describe('what a message refuses', () => {
  test.each(REFUSED)('%s', (_what, block, pointer) => {
    expect(validateBlocks([block]).map((problem) => problem.pointer)).toEqual([pointer]);
  });

  test('two blocks with one block_id', () => {
    const twice = times(2, () => ({ type: 'divider', block_id: 'same' }));
    expect(validateBlocks(twice).map(asMessage)).toEqual([
      '[ERROR] block_id "same" already exists [json-pointer:/1/block_id]',
    ]);
  });

  test('two elements with one action_id in a block, but not in two blocks', () => {
    expect(validateBlocks([actions(buttonWith({}), buttonWith({}))])).toHaveLength(1);
    expect(validateBlocks([actions(buttonWith({})), actions(buttonWith({}))])).toEqual([]);
  });

  test('two tables, three charts, too much markdown in total', () => {
    const table = { type: 'table', rows: rows(1, 1) };
    expect(validateBlocks([table, table])).toHaveLength(1);
    const chart = {
      type: 'data_visualization',
      title: 't',
      chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] },
    };
    expect(validateBlocks([chart, chart, chart])).toHaveLength(1);
    expect(validateBlocks(times(2, () => ({ type: 'markdown', text: long(6001) })))).toHaveLength(1);
  });

  test('blocks of 13,200 characters pass, more do not', () => {
    const sized = (size: number) => [
      { type: 'markdown', text: long(size - JSON.stringify([{ type: 'markdown', text: '' }]).length) },
    ];
    expect(blocksTooLong(sized(13_200))).toBe(false);
    expect(blocksTooLong(sized(13_201))).toBe(true);
  });
});

describe('what a message accepts', () => {
  test('every kind of element where it belongs', () => {
    const menus = ['users', 'conversations', 'channels', 'external'].flatMap((kind) => [
      { type: `${kind}_select`, action_id: kind },
      { type: `multi_${kind}_select`, action_id: `multi_${kind}` },
    ]);
    const blocks = [
      actions(...menus, { type: 'datepicker', action_id: 'd' }, { type: 'timepicker', action_id: 't' }),
      actions({ type: 'datetimepicker' }, { type: 'overflow', options: [option(0)] }),
      { type: 'section', text: mrkdwn('x'), accessory: image({}) },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'x', style: { bold: true } },
              { type: 'user', user_id: 'U1' },
            ],
          },
        ],
      },
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            positive_button: { text: plain('+'), value: '+' },
            negative_button: { text: plain('-'), value: '-' },
          },
        ],
      },
      { type: 'plan', title: 'p', tasks: [{ type: 'task_card', task_id: '1', title: 't', status: 'pending' }] },
      { type: 'table', rows: [[{ type: 'raw_number', value: 1, text: '1' }]], column_settings: [{ align: 'right' }] },
    ];
    expect(validateBlocks(blocks)).toEqual([]);
    const inputs = ['email_text_input', 'url_text_input', 'rich_text_input', 'file_input'].map((type) =>
      inputWith({ type }),
    );
    expect(validateBlocks([...inputs, inputWith({ type: 'number_input', is_decimal_allowed: false })])).toEqual([]);
  });
});

describe('views', () => {
  const modal = (more: object) => ({ type: 'modal', title: plain('T'), blocks: [{ type: 'divider' }], ...more });

  test.each([
    ['title', (n: number) => modal({ title: plain(long(n)) }), 24],
    ['submit', (n: number) => modal({ submit: plain(long(n)) }), 24],
    ['close', (n: number) => modal({ close: plain(long(n)) }), 24],
    ['private_metadata', (n: number) => modal({ private_metadata: long(n) }), 3000],
    ['callback_id', (n: number) => modal({ callback_id: long(n) }), 255],
    ['external_id', (n: number) => modal({ external_id: long(n) }), 255],
  ])('%s has its limit', (_what, view, max) => {
    expect(validateView(view(max))).toEqual([]);
    expect(validateView(view(max + 1))).toHaveLength(1);
  });

  test('a form needs a submit button', () => {
    const form = { blocks: [inputWith({ type: 'plain_text_input' })] };
    expect(validateView(modal(form)).map((problem) => problem.field)).toEqual(['submit']);
    expect(validateView(modal({ ...form, submit: plain('Send') }))).toEqual([]);
  });

  test('markdown and tables do not belong in a modal, an alert does', () => {
    expect(validateView(modal({ blocks: [{ type: 'markdown', text: 'x' }] }))).toHaveLength(1);
    expect(validateView(modal({ blocks: [{ type: 'table', rows: rows(1, 1) }] }))).toHaveLength(1);
    expect(validateView(modal({ blocks: [{ type: 'alert', text: plain('x'), level: 'warning' }] }))).toEqual([]);
  });

  test('only one field can have the focus', () => {
    const focused = inputWith({ type: 'plain_text_input', focus_on_load: true });
    expect(validateView(modal({ submit: plain('Send'), blocks: [focused, focused] }))).toHaveLength(1);
  });

  test('a Home tab has no title, and no view has another type', () => {
    expect(validateView({ type: 'home', blocks: [] })).toEqual([]);
    expect(validateView({ type: 'home', title: plain('T'), blocks: [] })).toHaveLength(1);
    expect(validateView({ type: 'dialog', blocks: [] })).toHaveLength(1);
  });

  test('250 kB is too large', () => {
    expect(viewTooLarge(modal({ private_metadata: long(200_000) }))).toBe(false);
    expect(viewTooLarge(modal({ private_metadata: long(250_000) }))).toBe(true);
  });
});

test('a search may answer at most 100 options', () => {
  expect(validateSuggestions({ options: times(100, option) })).toEqual([]);
  expect(validateSuggestions({ options: [] })).toEqual([]);
  expect(validateSuggestions({ options: times(101, option) })).toHaveLength(1);
});
