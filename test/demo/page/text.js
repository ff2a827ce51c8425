// Draws text objects: the marks of mrkdwn, plain text, mentions, links and dates.
import { h } from './dom.js';
import { withEmoji } from './emoji.js';
import { parseMrkdwn } from './mrkdwn.js';
import { channelTitle, displayName, hashOf, now, userOf } from './state.js';
import { clock, dayHeading, formatDateMark } from './time.js';

/** @import { Child } from './dom.js' */
/** @import { Mark } from './mrkdwn.js' */
/** @import { State } from './state.js' */

const HOUR12 = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hour12;

/** How this reader's browser tells the time. @param {State} state */
export function reader(state) {
  return { now: now(state), hour12: HOUR12 };
}

/** A Block Kit text object. @param {State} state @param {any} object @returns {Child} */
export function textOf(state, object) {
  if (!object) return null;
  if (object.type === 'mrkdwn') return mrkdwn(state, object.text);
  return plain(object.emoji === false ? object.text : withEmoji(object.text));
}

/** Only the words, for labels and titles. @param {any} object */
export function wordsOf(object) {
  return object ? withEmoji(String(object.text)) : '';
}

/** @param {string} text @returns {Child} */
function plain(text) {
  return text.split('\n').flatMap((line, at) => (at > 0 ? [h('br'), line] : [line]));
}

/** @param {State} state @param {string} text @returns {Child} */
export function mrkdwn(state, text) {
  return parseMrkdwn(text).map((mark) => markNode(state, mark));
}

/** @param {State} state @param {Mark} mark @returns {Child} */
function markNode(state, mark) {
  const inside = () => ('children' in mark ? mark.children.map((one) => markNode(state, one)) : []);
  switch (mark.type) {
    case 'text':
      return mark.text;
    case 'break':
      return h('br');
    case 'bold':
      return h('b', null, inside());
    case 'italic':
      return h('i', null, inside());
    case 'strike':
      return h('s', null, inside());
    case 'code':
      return h('code', null, inside());
    case 'pre':
      return h('pre', null, inside());
    case 'quote':
      return h('blockquote', null, inside());
    case 'emoji':
      return emoji(mark.char, mark.name);
    case 'link':
      return link(mark.url, mark.label);
    case 'user':
      return mention(state, mark.id, mark.label);
    case 'channel':
      return channelLink(state, mark.id, mark.label);
    case 'usergroup':
      return h('span', { class: 'mention' }, mark.label || `@${mark.id}`);
    case 'broadcast':
      return h('span', { class: 'mention mention-all' }, `@${mark.range}`);
    case 'date':
      return dateNode(state, mark);
  }
}

/** @param {string} char @param {string} name */
export function emoji(char, name) {
  return h('span', { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` }, char);
}

/** A link that can do no harm; any other scheme stays text. @param {string} url @param {Child} label @returns {Child} */
export function link(url, label) {
  if (!isSafe(url)) return label;
  return h('a', { class: 'link', href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** @param {string} url */
export function isSafe(url) {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
}

/** @param {State} state @param {string} id @param {string} [label] */
export function mention(state, id, label = '') {
  const mine = id === state.route.user;
  return h(
    'span',
    { class: `mention${mine ? ' mention-me' : ''}` },
    `@${displayName(userOf(state, id)) || label || id}`,
  );
}

/** @param {State} state @param {string} id @param {string} [label] */
export function channelLink(state, id, label = '') {
  const channel = state.view?.channels.find((one) => one.id === id);
  if (!channel) return h('span', { class: 'mention' }, label ? `#${label}` : '#private-channel');
  return h(
    'a',
    { class: 'mention', href: hashOf({ user: state.route.user, place: id }) },
    `#${channelTitle(state, channel)}`,
  );
}

/** @param {State} state @param {{ epoch: number, format: string, link: string, fallback: string }} date @returns {Child} */
export function dateNode(state, { epoch, format, link: url, fallback }) {
  const shown = formatDateMark({ epoch, format }, reader(state));
  if (shown === null) return fallback;
  const at = epoch * 1000;
  const time = h(
    'time',
    {
      datetime: new Date(at).toISOString(),
      title: `${dayHeading(at, reader(state))} at ${clock(at, reader(state), { second: '2-digit' })}`,
    },
    shown,
  );
  return url ? link(url, time) : time;
}
