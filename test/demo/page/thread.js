// The side panel with one thread.
import { h } from './dom.js';
import { icon } from './icons.js';
import { message } from './message.js';
import { channelTitle, currentChannel, hashOf, messagesOf } from './state.js';

/** @import { Page } from './page.js' */

/** @param {Page} page */
export function thread(page) {
  const { state } = page;
  const { user, place, thread: ts } = state.route;
  const channel = currentChannel(state);
  if (!ts || !channel) return null;
  const all = messagesOf(state, place);
  const root = all.find((one) => one.ts === ts);
  const replies = all.filter((one) => one.threadTs === ts && one.ts !== ts);
  return h(
    'aside',
    { key: `thread ${ts}`, class: 'panel thread', 'aria-label': 'Thread', 'data-testid': 'thread', mounted: toEnd },
    h(
      'header',
      { class: 'panel-head' },
      h('h2', null, 'Thread'),
      h(
        'span',
        { class: 'faint' },
        channel.kind === 'im' ? channelTitle(state, channel) : `#${channelTitle(state, channel)}`,
      ),
      h('a', { class: 'icon-button', href: hashOf({ user, place }), 'aria-label': 'Close thread' }, icon('close')),
    ),
    h(
      'div',
      { class: 'panel-body' },
      root ? message(page, root, { inThread: true }) : h('p', { class: 'faint' }, 'This message is no longer here.'),
      h(
        'div',
        { class: 'day thread-line', role: 'separator' },
        h('span', null, `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`),
      ),
      replies.map((one, at) => message(page, one, { before: replies[at - 1], inThread: true })),
    ),
    h('p', { class: 'thread-foot faint' }, 'Slash commands do not work in threads.'),
  );
}

/** @param {Element} el */
function toEnd(el) {
  const body = el.querySelector('.panel-body');
  if (body) body.scrollTop = body.scrollHeight;
}
