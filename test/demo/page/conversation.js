// The middle: a channel's messages day by day, kept at the end while the reader is there, and the composer.
import { composer } from './composer.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { message, sameDay } from './message.js';
import { follow, leave, scrolled, stay } from './scroll.js';
import { channelTitle, messagesOf } from './state.js';
import { reader } from './text.js';
import { dayHeading } from './time.js';

/** @import { Page } from './page.js' */
/** @import { SimChannel, SimMessage } from '../../simulators/slack/control-api.ts' */

/** @param {Page} page @param {SimChannel} channel */
export function conversation(page, channel) {
  const shown = messagesOf(page.state, channel.id).filter(
    (one) => one.threadTs === null || one.threadTs === one.ts || one.broadcast,
  );
  const key = `${page.state.route.user}/${channel.id}`;
  return h(
    'section',
    { key, class: 'conversation', 'aria-label': channelTitle(page.state, channel) },
    h(
      'div',
      {
        class: 'messages',
        role: 'log',
        'aria-live': 'polite',
        'aria-label': 'Messages',
        'data-testid': 'messages',
        tabindex: '0',
        mounted: (/** @type {HTMLElement} */ el) => follow(el, key),
        updated: (/** @type {HTMLElement} */ el) => stay(el, key),
        leaving: leave,
        onscroll: (/** @type {Event} */ event) => scrolled(/** @type {HTMLElement} */ (event.target), key),
      },
      h(
        'div',
        { class: 'messages-inner' },
        beginning(page, channel),
        shown.map((one, at) => [dayLine(page, one, shown[at - 1]), message(page, one, { before: shown[at - 1] })]),
      ),
    ),
    composer(page, channel),
  );
}

/** @param {Page} page @param {SimChannel} channel */
function beginning({ state }, channel) {
  const name = channelTitle(state, channel);
  const direct = channel.kind === 'im';
  return h(
    'div',
    { class: 'beginning' },
    h('h2', null, direct ? name : [icon(channel.kind === 'private' ? 'lock' : 'hash'), name]),
    h(
      'p',
      null,
      direct ? `This conversation is just between you and ${name}.` : 'This is the very beginning of this channel.',
    ),
  );
}

/** @param {Page} page @param {SimMessage} one @param {SimMessage | undefined} before */
function dayLine({ state }, one, before) {
  if (before && sameDay(one, before)) return null;
  const heading = dayHeading(Number(one.ts) * 1000, reader(state));
  return h('div', { key: `day ${heading}`, class: 'day', role: 'separator' }, h('span', null, heading));
}
