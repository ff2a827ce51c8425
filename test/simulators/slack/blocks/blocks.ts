// Every block type with its limits, and which surface takes it.
import {
  all,
  anything,
  byType,
  codePoints,
  failed,
  flag,
  integer,
  isObject,
  lazy,
  link,
  list,
  number,
  oneOf,
  rule,
  shape,
  text,
  type Check,
} from './check.ts';
import { accessory, action, contextAction, elements, inputElement } from './elements.ts';
import { anyText, hasOneImage, identifier, imageElement, imageFields, mrkdwn, plainText } from './objects.ts';
import { richText, richTextBlock } from './rich-text.ts';

export type Surface = 'message' | 'modal' | 'home';
type Fields = Record<string, Check>;

function block(required: Fields, optional: Fields = {}): Check {
  return shape({ type: anything, ...required }, { block_id: identifier, ...optional });
}

const sectionHasText = rule((section, pointer, report) => {
  if (section['text'] !== undefined || section['fields'] !== undefined) return;
  report({ code: 'missing_field', message: 'missing required field: text or fields', pointer, field: 'text' });
});

const sameWidth = rule((table, pointer, report) => {
  const rows: unknown[] = Array.isArray(table['rows']) ? table['rows'] : [];
  const widths = new Set(rows.map((row) => (Array.isArray(row) ? row.length : 0)));
  if (widths.size > 1) report(failed(`${pointer}/rows`, 'rows must have the same number of cells'));
});

const headerIsNotRich = rule((table, pointer, report) => {
  const header: unknown = Array.isArray(table['rows']) ? table['rows'][0] : undefined;
  if (!Array.isArray(header) || !header.some((cell) => isObject(cell) && cell['type'] === 'rich_text')) return;
  report(failed(`${pointer}/rows/0`, 'header cells cannot be rich_text'));
});

function atMostCharacters(max: number): Check {
  return rule((table, pointer, report) => {
    const size = codePoints(JSON.stringify(table['rows'] ?? []));
    if (size > max) report(failed(`${pointer}/rows`, `must be less than ${max + 1} characters`));
  });
}

const cell = byType({
  raw_text: shape({ type: anything, text: text({ max: 10_000, min: 0 }) }),
  raw_number: shape({ type: anything, value: number, text: text({ max: 255 }) }),
  rich_text: richText,
});

const card = all(
  block(
    {},
    {
      hero_image: imageElement,
      icon: imageElement,
      title: mrkdwn(150),
      subtitle: mrkdwn(150),
      body: mrkdwn(200),
      subtext: mrkdwn(200),
      actions: list(byType({ button: elements.button }), { min: 1, max: 3 }),
    },
  ),
  rule((value, pointer, report) => {
    if (['hero_image', 'title', 'actions', 'body'].some((field) => value[field] !== undefined)) return;
    report(failed(pointer, 'must provide at least one of hero_image, title, actions or body'));
  }),
);

const taskCard = block(
  {
    task_id: text({ max: 255 }),
    title: text({ max: 255 }),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  {
    details: richTextBlock,
    output: richTextBlock,
    sources: list(shape({ type: oneOf('url'), url: link(3000), text: text({ max: 255 }) }), { min: 0, max: 100 }),
  },
);

const label = text({ max: 20 });
const point = shape({ label, value: number });
const axis = shape(
  { categories: list(label, { min: 1, max: 20 }) },
  { x_label: text({ max: 50 }), y_label: text({ max: 50 }) },
);
const series = list(shape({ name: label, data: list(point, { min: 1, max: 20 }) }), { min: 1, max: 6 });
const plotted = shape({ type: anything, series, axis_config: axis });
const chart = byType({
  pie: shape({ type: anything, segments: list(point, { min: 1, max: 6 }) }),
  bar: plotted,
  line: plotted,
  area: plotted,
});

const nested = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
] as const;

const blocks: Fields = {
  section: all(
    block({}, { text: anyText(3000), fields: list(anyText(2000), { min: 1, max: 10 }), accessory, expand: flag }),
    sectionHasText,
  ),
  header: block({ text: plainText(150) }, { level: integer(1, 6) }),
  divider: block({}),
  context: block({
    elements: list(byType({ image: imageElement, plain_text: plainText(3000), mrkdwn: mrkdwn(3000) }), {
      min: 1,
      max: 10,
    }),
  }),
  actions: block({ elements: list(action, { min: 1, max: 25 }) }),
  image: all(block({ alt_text: text({ max: 2000 }) }, { ...imageFields, title: plainText(2000) }), hasOneImage),
  input: block(
    { label: plainText(2000), element: inputElement },
    { hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  video: block(
    { video_url: link(3000), thumbnail_url: link(3000), alt_text: text({ max: 200 }), title: plainText(200) },
    {
      title_url: link(3000),
      author_name: text({ max: 50 }),
      provider_name: text({ max: 50 }),
      provider_icon_url: link(3000),
      description: plainText(200),
    },
  ),
  rich_text: richText,
  markdown: block({ text: text({ max: 12_000 }) }),
  table: all(
    block(
      { rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }) },
      {
        column_settings: list(shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), {
          min: 1,
          max: 20,
        }),
      },
    ),
    atMostCharacters(10_000),
  ),
  data_table: all(
    block(
      { rows: list(list(cell, { min: 1, max: 20 }), { min: 2, max: 101 }), caption: text({ max: 255 }) },
      { page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
    ),
    sameWidth,
    headerIsNotRich,
    atMostCharacters(20_000),
  ),
  alert: block({ text: anyText(200) }, { level: oneOf('default', 'info', 'warning', 'error', 'success') }),
  card,
  carousel: block({ elements: list(byType({ card }), { min: 1, max: 10 }) }),
  container: block(
    {
      child_blocks: list(
        lazy(() => only(nested)),
        { min: 1, max: 10 },
      ),
    },
    {
      title: plainText(150),
      rich_text_title: richTextBlock,
      subtitle: anyText(150),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  ),
  context_actions: block({ elements: list(contextAction, { min: 1, max: 5 }) }),
  task_card: taskCard,
  plan: block({ title: text({ max: 255 }) }, { tasks: list(byType({ task_card: taskCard }), { min: 0, max: 100 }) }),
  data_visualization: block({ title: text({ max: 50 }), chart }),
};

function only(types: readonly string[]): Check {
  return byType(Object.fromEntries(types.map((type) => [type, blocks[type] ?? anything])));
}

const EVERYWHERE = ['section', 'header', 'divider', 'context', 'actions', 'image', 'input', 'video', 'rich_text'];
// `file` is read-only: Slack puts it into messages, apps cannot.
const MESSAGE_ONLY = [
  'markdown',
  'table',
  'data_table',
  'card',
  'carousel',
  'container',
  'context_actions',
  'task_card',
  'plan',
  'data_visualization',
];

export const blockFor: Record<Surface, Check> = {
  message: only([...EVERYWHERE, ...MESSAGE_ONLY]),
  modal: only([...EVERYWHERE, 'alert']),
  home: only(EVERYWHERE),
};
