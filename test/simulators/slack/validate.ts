// Judges blocks, messages and views as Slack would, in the error shape of its `blocks.validate` method.
import { blockFor, type Surface } from './blocks/blocks.ts';
import {
  all,
  anything,
  byType,
  codePoints,
  failed,
  flag,
  isObject,
  list,
  oneOf,
  rule,
  shape,
  text,
  weight,
  type Check,
  type Json,
  type Problem,
  type Report,
} from './blocks/check.ts';
import { identifier, plainText, suggestions } from './blocks/objects.ts';

export type { Problem } from './blocks/check.ts';
export type { Surface } from './blocks/blocks.ts';

const MAX_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

/** Undocumented: characters of a message's blocks as JSON, measured by the community (bolt-js #2509). */
const MAX_MESSAGE_BLOCKS_SIZE = 13_200;
const MAX_VIEW_BYTES = 250_000;
const MAX_MARKDOWN = 12_000;

/** `at` is the JSON pointer of the array in the arguments, e.g. `/blocks`. */
export function validateBlocks(blocks: unknown, surface: Surface = 'message', at = ''): Problem[] {
  return run(blocksOn(surface), blocks, at);
}

/** A whole message payload: `{text?, blocks?}`. */
export function validateMessage(message: unknown, at = ''): Problem[] {
  return run(shape({}, { text: text({ max: 40_000, min: 0 }), blocks: blocksOn('message') }), message, at);
}

/** A modal or a Home tab, of the type it says it is. */
export function validateView(view: unknown, at = ''): Problem[] {
  return run(anyView, view, at);
}

/** An answer of the options load URL. */
export function validateSuggestions(answer: unknown): Problem[] {
  return run(suggestions, answer, '');
}

/** `msg_blocks_too_long` */
export function blocksTooLong(blocks: unknown): boolean {
  return codePoints(JSON.stringify(blocks)) > MAX_MESSAGE_BLOCKS_SIZE;
}

/** `view_too_large` */
export function viewTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES;
}

/** As in `response_metadata.messages`: `[ERROR] must be … [json-pointer:/blocks/0/text]`. */
export function asMessage(problem: Problem): string {
  return `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`;
}

function run(check: Check, value: unknown, at: string): Problem[] {
  const problems: Problem[] = [];
  check(value, at, (problem) => problems.push(problem));
  return problems;
}

function blocksOn(surface: Surface): Check {
  return all(list(blockFor[surface], { min: 0, max: MAX_BLOCKS[surface] }), (value, pointer, report) => {
    if (!Array.isArray(value)) return;
    const blocks = value.filter(isObject);
    blockIdsAreUnique(blocks, pointer, report);
    for (const [index, block] of blocks.entries()) actionIdsAreUnique(block, `${pointer}/${index}`, report);
    oneElementHasFocus(blocks, pointer, report);
    if (surface === 'message') sharedBudgets(blocks, pointer, report);
  });
}

function blockIdsAreUnique(blocks: Json[], pointer: string, report: Report): void {
  const seen = new Set<unknown>();
  for (const [index, { block_id: id }] of blocks.entries()) {
    if (id !== undefined && seen.has(id)) {
      report(failed(`${pointer}/${index}/block_id`, `block_id ${JSON.stringify(id)} already exists`));
    }
    seen.add(id);
  }
}

function actionIdsAreUnique(block: Json, pointer: string, report: Report): void {
  const seen = new Set<unknown>();
  for (const { action_id: id } of elementsOf(block)) {
    if (id !== undefined && seen.has(id)) {
      report(failed(`${pointer}/elements`, `action_id ${JSON.stringify(id)} already exists in this block`));
    }
    seen.add(id);
  }
}

/** The elements a person can use in a block, a card's buttons included. */
export function elementsOf(block: Json): Json[] {
  return [block['elements'], block['element'], block['accessory'], block['actions']].flat().filter(isObject);
}

function oneElementHasFocus(blocks: Json[], pointer: string, report: Report): void {
  const focused = blocks.flatMap(elementsOf).filter((element) => element['focus_on_load'] === true);
  if (focused.length > 1) report(failed(pointer, 'only one element can have focus_on_load'));
}

function sharedBudgets(blocks: Json[], pointer: string, report: Report): void {
  const count = (type: string): number => blocks.filter((block) => block['type'] === type).length;
  if (count('table') > 1) report(failed(pointer, 'only one table allowed', { type: 'max_items', expected: ['1'] }));
  if (count('data_visualization') > 2) report(failed(pointer, 'only two data_visualization blocks allowed'));
  const markdown = blocks.filter((block) => block['type'] === 'markdown');
  const written = markdown.reduce((sum, block) => sum + weight(String(block['text'])), 0);
  if (markdown.length > 1 && written > MAX_MARKDOWN) report(failed(pointer, 'markdown text is too long in total'));
}

const common = { private_metadata: text({ max: 3000, min: 0 }), callback_id: text({ max: 255, min: 0 }) };

const needsSubmit = rule((view, pointer, report) => {
  const blocks: unknown[] = Array.isArray(view['blocks']) ? view['blocks'] : [];
  const hasInput = blocks.some((block) => isObject(block) && block['type'] === 'input');
  if (!hasInput || view['submit'] !== undefined) return;
  report({ code: 'missing_field', message: 'missing required field: submit', pointer, field: 'submit' });
});

const modal = all(
  shape(
    { type: oneOf('modal'), title: plainText(24), blocks: blocksOn('modal') },
    {
      ...common,
      external_id: identifier,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: flag,
      notify_on_close: flag,
    },
  ),
  needsSubmit,
);

const home = shape({ type: anything, blocks: blocksOn('home') }, { ...common, external_id: identifier });

const anyView = byType({ modal, home });
