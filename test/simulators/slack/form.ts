// What a form holds: first values, a person's choices, and what a real client refuses to send.
import type { PlainTextOption } from '@slack/types';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from './blocks/check.ts';
import { optionsOf } from './blocks/objects.ts';
import type { ElementState, FormState } from './control-api.ts';
import { ImpossibleAction } from './impossible.ts';
import { elementsOf } from './validate.ts';

/** The field that holds each element's choice, by element type; the initial value is in `initial_…`. */
const FIELDS: Record<string, { state: keyof ElementState; initial: string; several?: true }> = {
  plain_text_input: { state: 'value', initial: 'initial_value' },
  number_input: { state: 'value', initial: 'initial_value' },
  email_text_input: { state: 'value', initial: 'initial_value' },
  url_text_input: { state: 'value', initial: 'initial_value' },
  static_select: { state: 'selected_option', initial: 'initial_option' },
  external_select: { state: 'selected_option', initial: 'initial_option' },
  radio_buttons: { state: 'selected_option', initial: 'initial_option' },
  checkboxes: { state: 'selected_options', initial: 'initial_options', several: true },
  multi_static_select: { state: 'selected_options', initial: 'initial_options', several: true },
  multi_external_select: { state: 'selected_options', initial: 'initial_options', several: true },
  users_select: { state: 'selected_user', initial: 'initial_user' },
  multi_users_select: { state: 'selected_users', initial: 'initial_users', several: true },
  conversations_select: { state: 'selected_conversation', initial: 'initial_conversation' },
  multi_conversations_select: { state: 'selected_conversations', initial: 'initial_conversations', several: true },
  channels_select: { state: 'selected_channel', initial: 'initial_channel' },
  multi_channels_select: { state: 'selected_channels', initial: 'initial_channels', several: true },
  datepicker: { state: 'selected_date', initial: 'initial_date' },
  timepicker: { state: 'selected_time', initial: 'initial_time' },
  datetimepicker: { state: 'selected_date_time', initial: 'initial_date_time' },
};

export type Found = { block: Json; element: Json };

/** Every element a person can use, in order. */
export function usable(blocks: readonly unknown[]): Found[] {
  return flattened(blocks)
    .flatMap((block) => elementsOf(block).map((element) => ({ block, element })))
    .filter(({ element }) => typeof element['action_id'] === 'string');
}

/** Blocks, and the blocks inside containers and carousels. */
function flattened(blocks: readonly unknown[]): Json[] {
  return blocks.filter(isObject).flatMap((block) => {
    const inner = block['type'] === 'carousel' ? block['elements'] : block['child_blocks'];
    return [block, ...(Array.isArray(inner) ? inner.filter(isObject) : [])];
  });
}

/** @throws ImpossibleAction when it is not there, or not unique without a block_id. */
export function findElement(blocks: readonly unknown[], where: { blockId?: string; actionId: string }): Found {
  const found = usable(blocks).filter(
    ({ block, element }) =>
      element['action_id'] === where.actionId && (where.blockId === undefined || block['block_id'] === where.blockId),
  );
  const [first, second] = found;
  const present = usable(blocks).map(({ element }) => String(element['action_id']));
  if (first === undefined) {
    throw new ImpossibleAction(`there is no element ${where.actionId} here, only: ${present.join(', ') || 'none'}`);
  }
  if (second !== undefined)
    throw new ImpossibleAction(`several elements are called ${where.actionId}: give a block_id`);
  return first;
}

/** The state a form starts with. Buttons and overflow menus hold none. */
export function initialState(blocks: readonly unknown[]): FormState {
  const state: FormState = {};
  for (const { block, element } of usable(blocks)) {
    const field = FIELDS[String(element['type'])];
    if (field === undefined) continue;
    const initial = element[field.initial] ?? (field.several === true ? [] : null);
    put(state, { block, element }, { type: String(element['type']), [field.state]: initial });
  }
  return state;
}

/** After an update of a view: what was entered stays wherever block_id, action_id and type are the same. */
export function keptState(before: FormState, blocks: readonly unknown[]): FormState {
  const state = initialState(blocks);
  for (const { block, element } of usable(blocks)) {
    const entered = before[String(block['block_id'])]?.[String(element['action_id'])];
    if (entered !== undefined && entered.type === element['type']) put(state, { block, element }, entered);
  }
  return state;
}

function put(state: FormState, { block, element }: Found, value: ElementState): void {
  const blockId = String(block['block_id']);
  state[blockId] = { ...state[blockId], [String(element['action_id'])]: value };
}

/**
 * The element's state after a person chose `value`: a text, an option's value, an id, a date; null clears it.
 * `offered` are the options an external menu has shown.
 *
 * @throws ImpossibleAction when the element has no such option.
 */
export function chosen(element: Json, value: string | string[] | null, offered: PlainTextOption[] = []): ElementState {
  const type = String(element['type']);
  const field = FIELDS[type];
  if (field === undefined) throw new ImpossibleAction(`a ${type} holds no value`);
  const options = (): PlainTextOption[] => [...knownOptions(element), ...offered];
  switch (field.state) {
    case 'selected_option':
      return { type, selected_option: value === null ? null : optionFor(options(), single(value)) };
    case 'selected_options':
      return { type, selected_options: many(value).map((each) => optionFor(options(), each)) };
    case 'selected_date_time':
      return { type, selected_date_time: value === null ? null : Number(single(value)) };
    default:
      return { type, [field.state]: field.several === true ? many(value) : value };
  }
}

function single(value: string | string[]): string {
  if (typeof value !== 'string') throw new ImpossibleAction('this element takes one value');
  return value;
}

function many(value: string | string[] | null): string[] {
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

function knownOptions(element: Json): PlainTextOption[] {
  const initial = [element['initial_option'], element['initial_options']].flat();
  return [...optionsOf(element), ...initial].filter(isObject) as unknown as PlainTextOption[];
}

function optionFor(options: PlainTextOption[], value: string): PlainTextOption {
  const option = options.find((each) => each.value === value);
  if (option !== undefined) return option;
  const values = options.map((each) => each.value).join(', ');
  throw new ImpossibleAction(`there is no option ${JSON.stringify(value)}, only: ${values || 'none'}`);
}

/**
 * `entered` laid over `held`, as the client would hold it.
 *
 * @throws ImpossibleAction when a value is for no element of the form or not among its options.
 */
export function overlay(
  form: { blocks: readonly unknown[]; held: FormState; offered: (element: Found) => PlainTextOption[] },
  entered: FormState,
): FormState {
  const state = structuredClone(form.held);
  for (const [blockId, actions] of Object.entries(entered)) {
    for (const [actionId, value] of Object.entries(actions)) {
      const found = findElement(form.blocks, { blockId, actionId });
      if (FIELDS[String(found.element['type'])] === undefined) continue;
      mustOffer(found.element, value, form.offered(found));
      put(state, found, { ...value, type: String(found.element['type']) });
    }
  }
  return state;
}

function mustOffer(element: Json, state: ElementState, offered: PlainTextOption[]): void {
  const options = [...knownOptions(element), ...offered];
  const picked = [state.selected_option ?? [], state.selected_options ?? []].flat();
  for (const option of picked) {
    if (options.some((each) => isDeepStrictEqual(each, option))) continue;
    throw new ImpossibleAction(`${String(element['action_id'])} does not offer ${JSON.stringify(option)}`);
  }
}

/** What the client says under each field instead of sending the form: block_id → sentence. */
export function refusedByClient(blocks: readonly unknown[], state: FormState): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, element } of usable(blocks)) {
    if (block['type'] !== 'input') continue;
    const blockId = String(block['block_id']);
    const error = complaint(element, state[blockId]?.[String(element['action_id'])], block['optional'] === true);
    if (error !== null) errors[blockId] = error;
  }
  return errors;
}

function complaint(element: Json, state: ElementState | undefined, optional: boolean): string | null {
  const field = FIELDS[String(element['type'])];
  if (field === undefined) return null;
  const value = state?.[field.state] ?? null;
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
    return optional ? null : 'Please complete this required field.';
  }
  return typeof value === 'string' ? textComplaint(element, value) : null;
}

function textComplaint(element: Json, value: string): string | null {
  switch (element['type']) {
    case 'plain_text_input':
      return lengthComplaint(element, value);
    case 'number_input':
      return numberComplaint(element, value);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? null : 'Please enter a valid URL.';
    default:
      return null;
  }
}

function lengthComplaint(element: Json, value: string): string | null {
  const length = Array.from(value).length;
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? 3000);
  if (length < min) return `Please enter at least ${min} characters.`;
  return length > max ? `Please enter at most ${max} characters.` : null;
}

function numberComplaint(element: Json, value: string): string | null {
  const pattern = element['is_decimal_allowed'] === true ? /^-?\d+(?:\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Please enter a valid number.';
  const min = Number(element['min_value'] ?? -Infinity);
  const max = Number(element['max_value'] ?? Infinity);
  if (Number(value) < min) return `Please enter a number of at least ${min}.`;
  if (Number(value) > max) return `Please enter a number of at most ${max}.`;
  return null;
}
