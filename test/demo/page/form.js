// What interactive elements hold: their first state, what the person made of it, and what is missing before a submit. Pure.

/** @import { FormState, ElementState } from '../../simulators/slack/control-api.ts' */
/** @typedef {{ type: string, action_id: string } & Record<string, any>} Element */
/** @typedef {{ block: any, element: Element }} Seat an element and the block it sits in */

/** Every element of the blocks that has a state or can be clicked. @param {any[]} blocks @returns {Seat[]} */
export function seatsOf(blocks) {
  return blocks.flatMap((block) => {
    const elements = block.type === 'actions' ? block.elements : [block.type === 'input' ? block.element : block.accessory];
    return elements.filter((/** @type {any} */ one) => one?.action_id !== undefined).map((/** @type {Element} */ element) => ({ block, element }));
  });
}

/** As Slack has it before anybody touched the element; null for those without a state. @param {Element} element @returns {ElementState | null} */
export function firstState(element) {
  const { type } = element;
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element['initial_option'] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: element['initial_options'] ?? [] };
    case 'users_select':
      return { type, selected_user: element['initial_user'] ?? null };
    case 'datepicker':
      return { type, selected_date: element['initial_date'] ?? null };
    case 'timepicker':
      return { type, selected_time: element['initial_time'] ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element['initial_date_time'] ?? null };
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value: element['initial_value'] ?? null };
    default:
      return null;
  }
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
    const problem = isEmpty(state) ? (block.optional ? null : 'Please complete this required field.') : problemOf(element, String(state?.value ?? ''));
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}

/** @param {ElementState | undefined} state */
export function isEmpty(state) {
  if (!state) return true;
  const { type: _, selected_options: many, ...one } = state;
  return many ? many.length === 0 : Object.values(one).every((value) => value === null || value === undefined || value === '');
}

/** @param {Element} element @param {string} value @returns {string | null} */
function problemOf(element, value) {
  switch (element.type) {
    case 'plain_text_input': return lengthProblem(element, value);
    case 'number_input': return numberProblem(element, value);
    case 'email_text_input': return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : 'Please enter a valid email address.';
    case 'url_text_input': return URL.canParse(value) ? null : 'Please enter a valid URL.';
    default: return null;
  }
}

/** @param {Element} element @param {string} value */
function lengthProblem(element, value) {
  const length = [...value].length;
  if (length < (element['min_length'] ?? 0)) return `Please use at least ${element['min_length']} characters.`;
  return length > (element['max_length'] ?? 3000) ? `Please use at most ${element['max_length'] ?? 3000} characters.` : null;
}

/** @param {Element} element @param {string} value */
function numberProblem(element, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Please enter a number.';
  if (!element['is_decimal_allowed'] && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (number < Number(element['min_value'] ?? -Infinity)) return `Please enter ${element['min_value']} or more.`;
  return number > Number(element['max_value'] ?? Infinity) ? `Please enter ${element['max_value']} or less.` : null;
}
