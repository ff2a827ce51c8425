// Draws rich_text blocks and the cells of tables.
import { h } from './dom.js';
import { emojiFor } from './emoji.js';
import { channelLink, dateNode, emoji, link, mention } from './text.js';

/** @import { Child } from './dom.js' */
/** @import { State } from './state.js' */

/** @param {State} state @param {any} block @returns {Child} */
export function richText(state, block) {
  return (block.elements ?? []).map((/** @type {any} */ one) => part(state, one));
}

/** @param {State} state @param {any} element @returns {Child} */
function part(state, element) {
  const inside = () => element.elements.map((/** @type {any} */ one) => inline(state, one));
  switch (element.type) {
    case 'rich_text_section':
      return h('div', { class: 'rich-section' }, inside());
    case 'rich_text_quote':
      return h('blockquote', null, inside());
    case 'rich_text_preformatted':
      return h('pre', null, inside());
    case 'rich_text_list':
      return list(state, element);
    default:
      return h('span', { class: 'unknown' }, `Cannot show rich text part “${element.type}”`);
  }
}

/** @param {State} state @param {any} element @returns {Child} */
function list(state, element) {
  const items = element.elements.map((/** @type {any} */ one) => h('li', null, part(state, one)));
  const props = {
    class: `rich-list indent-${Math.min(element.indent ?? 0, 5)}`,
    start: element.offset ? element.offset + 1 : null,
  };
  return h(element.style === 'ordered' ? 'ol' : 'ul', props, items);
}

/** @param {State} state @param {any} element @returns {Child} */
function inline(state, element) {
  return styled(element.style, bare(state, element));
}

/** @param {State} state @param {any} element @returns {Child} */
function bare(state, element) {
  switch (element.type) {
    case 'text':
      return lines(element.text);
    case 'link':
      return link(element.url, element.text || element.url);
    case 'user':
      return mention(state, element.user_id);
    case 'channel':
      return channelLink(state, element.channel_id);
    case 'usergroup':
      return h('span', { class: 'mention' }, `@${element.usergroup_id}`);
    case 'broadcast':
      return h('span', { class: 'mention mention-all' }, `@${element.range}`);
    case 'emoji':
      return emojiNode(element.name);
    case 'date':
      return dateNode(state, {
        epoch: element.timestamp,
        format: element.format,
        link: element.url ?? '',
        fallback: element.fallback ?? '',
      });
    case 'color':
      return h('code', null, element.value);
    default:
      return h('span', { class: 'unknown' }, `Cannot show “${element.type}”`);
  }
}

/** @param {string} name @returns {Child} */
function emojiNode(name) {
  const char = emojiFor(name);
  return char ? emoji(char, name) : `:${name}:`;
}

/** @param {any} style @param {Child} inside @returns {Child} */
function styled(style, inside) {
  const wrappers = [
    ['code', 'code'],
    ['strike', 's'],
    ['italic', 'i'],
    ['bold', 'b'],
  ].filter(([name = '']) => style?.[name]);
  return wrappers.reduce((/** @type {Child} */ inner, [, tag = '']) => h(tag, null, inner), inside);
}

/** @param {string} text @returns {Child} */
function lines(text) {
  return text.split('\n').flatMap((line, at) => (at > 0 ? [h('br'), line] : [line]));
}

/** @param {State} state @param {any} block @returns {Child} */
export function table(state, block) {
  const [head = [], ...body] = block.rows ?? [];
  const aligned = (/** @type {number} */ at) =>
    `align-${block.column_settings?.[at]?.align ?? 'left'}${block.column_settings?.[at]?.is_wrapped ? ' wrapped' : ''}`;
  const row = (/** @type {any[]} */ cells, /** @type {string} */ tag) =>
    h(
      'tr',
      null,
      cells.map((one, at) => h(tag, { class: aligned(at), scope: tag === 'th' ? 'col' : null }, cell(state, one))),
    );
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' },
    h(
      'table',
      null,
      h('thead', null, row(head, 'th')),
      h(
        'tbody',
        null,
        body.map((/** @type {any[]} */ cells) => row(cells, 'td')),
      ),
    ),
  );
}

/** @param {State} state @param {any} one @returns {Child} */
function cell(state, one) {
  if (one.type === 'rich_text') return richText(state, one);
  return one.type === 'raw_number' ? String(one.value ?? one.text) : lines(String(one.text ?? ''));
}
