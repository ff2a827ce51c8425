// Draws the interactive elements of Block Kit.
import { act, choose, hold, spotKey, valueOf } from './acting.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { overflow } from './overflow.js';
import { select } from './select.js';
import { isSafe, textOf, wordsOf } from './text.js';

/** @import { Page, Spot } from './page.js' */
/** @import { Child, VElement } from './dom.js' */

/** @typedef {{ id: string, name: string, aria: Record<string, any> }} Labelled how a field is known to people and to its label */

/** @param {Page} page @param {Spot} spot @param {Partial<Labelled>} [label] @returns {Child} */
export function element(page, spot, label = {}) {
  const labelled = {
    id: fieldId(spot),
    name: label.name || wordsOf(spot.element['placeholder']) || spot.element.action_id,
    aria: label.aria ?? {},
  };
  const failure = page.state.failures.get(spotKey(spot));
  return [draw(page, spot, labelled), failure && failureNote(failure)];
}

/** The element's id in the document. @param {Spot} spot */
export function fieldId(spot) {
  return `${spotKey(spot)}${spot.inThread ? '_thread' : ''}`.replaceAll(/[^\w-]/g, '_');
}

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled @returns {Child} */
function draw(page, spot, labelled) {
  switch (spot.element.type) {
    case 'button':
    case 'workflow_button':
      return button(page, spot);
    case 'static_select':
    case 'external_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'users_select':
    case 'multi_users_select':
    case 'conversations_select':
    case 'multi_conversations_select':
    case 'channels_select':
    case 'multi_channels_select':
      return select(page, spot, labelled);
    case 'overflow':
      return overflow(page, spot, labelled);
    case 'checkboxes':
    case 'radio_buttons':
      return choices(page, spot, labelled);
    case 'datepicker':
      return picker(page, spot, { ...labelled, type: 'date', holds: 'selected_date' });
    case 'timepicker':
      return picker(page, spot, { ...labelled, type: 'time', holds: 'selected_time' });
    case 'datetimepicker':
      return momentPicker(page, spot, labelled);
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return textInput(page, spot, labelled);
    case 'image':
      return h('img', { class: 'accessory-image', src: spot.element['image_url'], alt: spot.element['alt_text'] });
    default:
      return h(
        'span',
        { class: 'unknown', role: 'alert' },
        icon('warn'),
        `This page cannot show an element of type “${spot.element.type}”.`,
      );
  }
}

/** What Slack shows beside an element whose click the app did not take. @param {string} error */
function failureNote(error) {
  const words =
    error === 'operation_timeout' ? 'This app took too long to respond.' : 'This app responded with an error.';
  return h(
    'span',
    { class: 'failure', role: 'alert' },
    icon('warn'),
    error.includes(' ') ? error : `${words} Try again? (${error})`,
  );
}

/** @param {Page} page @param {Spot} spot @returns {VElement} */
function button(page, spot) {
  const { element: one } = spot;
  const busy = page.state.busy.has(spotKey(spot));
  const press = (/** @type {Event} */ event) => {
    if (busy) return event.preventDefault();
    act(page, spot, one['value']);
  };
  const props = {
    class: `button ${one['style'] ?? ''}${busy ? ' busy' : ''}`,
    'aria-label': one['accessibility_label'],
    'aria-busy': busy || null,
    'data-action': one.action_id,
    onclick: press,
  };
  if (one['url'] && isSafe(one['url']))
    return h(
      'a',
      { ...props, role: 'button', href: one['url'], target: '_blank', rel: 'noopener noreferrer' },
      textOf(page.state, one['text']),
    );
  return h('button', { ...props, type: 'button' }, textOf(page.state, one['text']));
}

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled */
function choices(page, spot, { id, name, aria }) {
  const { type } = spot.element;
  const value = valueOf(page, spot);
  const chosen = (type === 'checkboxes' ? value?.selected_options : [value?.selected_option]) ?? [];
  const options = spot.element['options'] ?? [];
  const toggle = (/** @type {any} */ option, /** @type {boolean} */ on) =>
    type === 'checkboxes'
      ? choose(page, spot, {
          type,
          selected_options: options.filter((/** @type {any} */ one) =>
            one.value === option.value ? on : chosen.some((other) => other?.value === one.value),
          ),
        })
      : choose(page, spot, { type, selected_option: option });
  return h(
    'div',
    { class: 'choices', role: type === 'checkboxes' ? 'group' : 'radiogroup', 'aria-label': name, id, ...aria },
    options.map((/** @type {any} */ option, /** @type {number} */ at) =>
      h(
        'label',
        { key: option.value, class: 'choice' },
        h('input', {
          type: type === 'checkboxes' ? 'checkbox' : 'radio',
          name: id,
          'data-first': at === 0,
          checked: chosen.some((one) => one?.value === option.value),
          onchange: (/** @type {any} */ event) => toggle(option, event.target.checked),
        }),
        h(
          'span',
          null,
          textOf(page.state, option.text),
          option.description && h('small', null, textOf(page.state, option.description)),
        ),
      ),
    ),
  );
}

/** @param {Page} page @param {Spot} spot @param {Labelled & { type: string, holds: 'selected_date' | 'selected_time' }} how */
function picker(page, spot, { id, name, aria, type, holds }) {
  const value = valueOf(page, spot)?.[holds] ?? '';
  return h('input', {
    type,
    class: 'field field-date',
    id,
    'aria-label': name,
    ...aria,
    value,
    onchange: (/** @type {any} */ event) =>
      choose(page, spot, { type: spot.element.type, [holds]: event.target.value || null }),
  });
}

/** The browser's local time on the screen, seconds since the epoch on the wire. @param {Page} page @param {Spot} spot @param {Labelled} labelled */
function momentPicker(page, spot, { id, name, aria }) {
  const seconds = valueOf(page, spot)?.selected_date_time;
  const local = seconds
    ? new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
    : '';
  const read = (/** @type {any} */ event) =>
    event.target.value ? Math.floor(new Date(event.target.value).getTime() / 1000) : null;
  return h('input', {
    type: 'datetime-local',
    class: 'field field-date',
    id,
    'aria-label': name,
    ...aria,
    value: local,
    onchange: (/** @type {any} */ event) =>
      choose(page, spot, { type: spot.element.type, selected_date_time: read(event) }),
  });
}

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled */
function textInput(page, spot, { id, name, aria }) {
  const { element: one, block } = spot;
  const kind = { email_text_input: 'email', url_text_input: 'url' }[one.type] ?? 'text';
  const when = block.dispatch_action ? (one['dispatch_action_config']?.trigger_actions_on ?? ['on_enter_pressed']) : [];
  const typed = (/** @type {any} */ event) => {
    hold(page, spot, { type: one.type, value: event.target.value || null });
    if (when.includes('on_character_entered')) act(page, spot, event.target.value);
  };
  const entered = (/** @type {any} */ event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !when.includes('on_enter_pressed')) return;
    event.preventDefault();
    act(page, spot, event.target.value);
  };
  const props = {
    class: 'field',
    id,
    'aria-label': name,
    ...aria,
    placeholder: wordsOf(one['placeholder']) || null,
    maxlength: one['max_length'] ?? null,
    autocomplete: 'off',
    'data-focus': one['focus_on_load'] === true,
    value: valueOf(page, spot)?.value ?? '',
    oninput: typed,
    onkeydown: entered,
  };
  if (one['multiline']) return h('textarea', { ...props, rows: '4' });
  return h('input', { ...props, type: kind, inputmode: one.type === 'number_input' ? 'decimal' : null });
}
