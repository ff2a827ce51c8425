// What interactive elements hold: their first state, what the person made of it, and what is missing before a submit. Pure.

/** @import { FormState, ElementState } from '../../simulators/slack/control-api.ts' */
/** @typedef {{ type: string, action_id: string } & Record<string, any>} Element */
/** @typedef {{ block: any, element: Element }} Seat an element and the block it sits in */

/** Every element of the blocks that has a state or can be clicked. @param {any[]} blocks @returns {Seat[]} */
export function seatsOf(blocks) {
  return blocks.flatMap((block) => {
    const elements =
      block.type === 'actions' ? block.elements : [block.type === 'input' ? block.element : block.accessory];
    return elements
      .filter((/** @type {any} */ one) => one?.action_id !== undefined)
      .map((/** @type {Element} */ element) => ({ block, element }));
  });
}

/** Where the state of each kind of element is kept, and where its first value comes from. @type {Record<string, [string, string]>} */
const FIELDS = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};

/** As Slack has it before anybody touched the element; null for those without a state. @param {Element} element @returns {ElementState | null} */
export function firstState(element) {
  const [state, initial] = FIELDS[element.type] ?? [];
  if (!state || !initial) return null;
  return {
    type: element.type,
    [state]: element[initial] ?? (initial.endsWith('options') || /^multi_/.test(element.type) ? [] : null),
  };
}

/**
 * The element's state now: what the person did here, else what the server kept, else what the block says.
 * @param {Seat} seat @param {FormState | undefined} mine @param {FormState | undefined} [kept] @returns {ElementState | null}
 */
export function stateOf({ block, element }, mine, kept) {
  const held = mine?.[block.block_id]?.[element.action_id] ?? kept?.[block.block_id]?.[element.action_id];
  return held?.type === element.type ? held : firstState(element);
}

/** Slack's `state.values`. @param {any[]} blocks @param {FormState | undefined} mine @param {FormState | undefined} [kept] @returns {FormState} */
export function collect(blocks, mine, kept) {
  /** @type {FormState} */
  const values = {};
  for (const seat of seatsOf(blocks)) {
    const state = stateOf(seat, mine, kept);
    if (state) values[seat.block.block_id] = { ...values[seat.block.block_id], [seat.element.action_id]: state };
  }
  return values;
}

/** What Slack itself refuses before it asks the app: block_id → sentence. @param {any[]} blocks @param {FormState} values @returns {Record<string, string>} */
export function problemsIn(blocks, values) {
  /** @type {Record<string, string>} */
  const problems = {};
  for (const { block, element } of seatsOf(blocks)) {
    if (block.type !== 'input') continue;
    const state = values[block.block_id]?.[element.action_id];
    const problem = isEmpty(state)
      ? block.optional
        ? null
        : 'Please complete this required field.'
      : problemOf(element, String(state?.value ?? ''));
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}

/** @param {ElementState | undefined} state */
export function isEmpty(state) {
  if (!state) return true;
  const { type: _, ...held } = state;
  return Object.values(held).every(
    (value) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** @param {Element} element @param {string} value @returns {string | null} */
function problemOf(element, value) {
  switch (element.type) {
    case 'plain_text_input':
      return lengthProblem(element, value);
    case 'number_input':
      return numberProblem(element, value);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? null : 'Please enter a valid URL.';
    default:
      return null;
  }
}

/** @param {Element} element @param {string} value */
function lengthProblem(element, value) {
  const length = [...value].length;
  if (length < (element['min_length'] ?? 0)) return `Please use at least ${element['min_length']} characters.`;
  return length > (element['max_length'] ?? 3000)
    ? `Please use at most ${element['max_length'] ?? 3000} characters.`
    : null;
}

/** @param {Element} element @param {string} value */
function numberProblem(element, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Please enter a number.';
  if (!element['is_decimal_allowed'] && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (number < Number(element['min_value'] ?? -Infinity)) return `Please enter ${element['min_value']} or more.`;
  return number > Number(element['max_value'] ?? Infinity) ? `Please enter ${element['max_value']} or less.` : null;
}
