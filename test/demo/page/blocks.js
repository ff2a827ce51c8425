// Draws Block Kit blocks.
import { h } from './dom.js';
import { element, fieldId } from './elements.js';
import { icon } from './icons.js';
import { richText, table } from './rich-text.js';
import { mrkdwn, textOf, wordsOf } from './text.js';

/** @import { Page } from './page.js' */
/** @import { Child } from './dom.js' */
/** @import { Place } from '../../simulators/slack/control-api.ts' */

/** @typedef {{ place: Place, inThread?: boolean, problems?: Record<string, string> }} Setting where the blocks are, and what is wrong with their fields */

/** @param {Page} page @param {any[]} all @param {Setting} setting @returns {Child} */
export function blocks(page, all, setting) {
  return all.map((one, at) =>
    h(
      'div',
      { key: one.block_id ?? `at ${at}`, class: `block block-${one.type}`, 'data-block': one.block_id ?? null },
      block(page, one, setting),
    ),
  );
}

/** @param {Page} page @param {any} one @param {Setting} setting @returns {Child} */
function block(page, one, setting) {
  const { state } = page;
  switch (one.type) {
    case 'section':
      return section(page, one, setting);
    case 'header':
      return h('h3', { class: 'header' }, textOf(state, one.text));
    case 'divider':
      return h('hr');
    case 'context':
      return one.elements.map((/** @type {any} */ part) => contextPart(page, part));
    case 'actions':
      return one.elements.map((/** @type {any} */ part) =>
        h(
          'div',
          { key: part.action_id, class: `action action-${part.type}` },
          element(page, { block: one, element: part, place: setting.place, inThread: setting.inThread }),
        ),
      );
    case 'image':
      return image(page, one);
    case 'input':
      return input(page, one, setting);
    case 'rich_text':
      return richText(state, one);
    case 'table':
      return table(state, one);
    case 'markdown':
      return h('div', { class: 'text' }, mrkdwn(state, one.text));
    default:
      return h(
        'div',
        { class: 'unknown', role: 'alert' },
        icon('warn'),
        `This page cannot show a block of type “${one.type}”.`,
      );
  }
}

/** @param {Page} page @param {any} one @param {Setting} setting @returns {Child} */
function section(page, one, { place, inThread }) {
  const { state } = page;
  return [
    h(
      'div',
      { class: 'section-body' },
      one.text && h('div', { class: 'text' }, textOf(state, one.text)),
      one.fields &&
        h(
          'div',
          { class: 'fields' },
          one.fields.map((/** @type {any} */ field) => h('div', { class: 'section-field text' }, textOf(state, field))),
        ),
    ),
    one.accessory &&
      h(
        'div',
        { class: `accessory action-${one.accessory.type}` },
        element(
          page,
          { block: one, element: one.accessory, place, inThread },
          { name: wordsOf(one.accessory.placeholder) },
        ),
      ),
  ];
}

/** @param {Page} page @param {any} part @returns {Child} */
function contextPart({ state }, part) {
  if (part.type === 'image') return h('img', { class: 'context-image', src: part.image_url, alt: part.alt_text });
  return h('span', { class: 'text' }, textOf(state, part));
}

/** @param {Page} page @param {any} one @returns {Child} */
function image({ state }, one) {
  return h(
    'figure',
    null,
    one.title && h('figcaption', null, textOf(state, one.title)),
    h('img', { src: one.image_url ?? one.slack_file?.url ?? '', alt: one.alt_text, loading: 'lazy' }),
  );
}

/** @param {Page} page @param {any} one @param {Setting} setting @returns {Child} */
function input(page, one, { place, inThread, problems = {} }) {
  const spot = { block: one, element: one.element, place, inThread };
  const problem = problems[one.block_id];
  const id = fieldId(spot);
  const described = [problem && `${id}-problem`, one.hint && `${id}-hint`].filter(Boolean).join(' ') || null;
  return h(
    'div',
    { class: `input${problem ? ' invalid' : ''}` },
    h(
      'label',
      { class: 'label', for: id },
      textOf(page.state, one.label),
      one.optional && h('span', { class: 'optional' }, ' (optional)'),
    ),
    element(page, spot, {
      name: wordsOf(one.label),
      aria: {
        'aria-describedby': described,
        'aria-invalid': problem ? 'true' : null,
        'aria-required': one.optional ? null : 'true',
      },
    }),
    problem && h('div', { class: 'problem', id: `${id}-problem`, role: 'alert' }, icon('warn'), problem),
    one.hint && h('div', { class: 'hint', id: `${id}-hint` }, textOf(page.state, one.hint)),
  );
}
