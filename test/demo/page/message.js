// One message: who, when, what, and what hangs under it.
import { dismiss } from './acting.js';
import { avatar } from './avatar.js';
import { blocks } from './blocks.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { messageShortcuts } from './shortcuts.js';
import { displayName, hashOf, messagesOf, userOf } from './state.js';
import { mrkdwn, reader } from './text.js';
import { clock, dayHeading } from './time.js';

/** @import { Page } from './page.js' */
/** @import { SimMessage } from '../../simulators/slack/control-api.ts' */

const SLACKBOT = { id: 'USLACKBOT', name: 'Slackbot', realName: 'Slackbot', isBot: true };
/** Messages of one person within five minutes stand under one name, as in Slack. Seconds. */
const TOGETHER = 300;

/** @typedef {{ before?: SimMessage | undefined, inThread?: boolean }} Around the message above it, and where it is shown */

/** @param {Page} page @param {SimMessage} one @param {Around} around */
export function message(page, one, { before, inThread = false }) {
  const { state } = page;
  const from = userOf(state, one.from) ?? (one.from === SLACKBOT.id ? SLACKBOT : null);
  const compact = belongsTo(one, before) && (inThread || !one.broadcast);
  const at = Number(one.ts) * 1000;
  const time = clock(at, reader(state));
  const name = displayName(from) || one.from;
  return h(
    'article',
    {
      key: one.ts,
      class: `message${compact ? ' compact' : ''}${one.ephemeralFor ? ' ephemeral' : ''}`,
      'data-testid': 'message',
      'data-ts': one.ts,
      tabindex: '-1',
      'aria-label': `${name}, ${time}`,
    },
    one.ephemeralFor && onlyYou(page, one),
    one.broadcast && !inThread && repliedTo(page, one),
    h(
      'div',
      { class: 'message-row' },
      compact ? h('time', { class: 'gutter', title: fullTime(page, at) }, time) : avatar(from),
      h(
        'div',
        { class: 'message-body' },
        !compact &&
          h(
            'div',
            { class: 'message-head' },
            h('b', { class: 'author' }, name),
            from?.isBot && from !== SLACKBOT && h('span', { class: 'badge' }, 'APP'),
            h('time', { class: 'time', datetime: new Date(at).toISOString(), title: fullTime(page, at) }, time),
          ),
        content(page, one, inThread),
        !inThread && replies(page, one),
      ),
    ),
    messageShortcuts(page, one, inThread),
  );
}

/** @param {Page} page @param {SimMessage} one @param {boolean} inThread */
function content(page, one, inThread) {
  const edited = one.editedAt !== null && h('span', { class: 'edited' }, '(edited)');
  if (one.blocks.length === 0) return h('div', { class: 'text' }, mrkdwn(page.state, one.text), edited && ' ', edited);
  return [
    blocks(page, one.blocks, { place: { channel: one.channel, ts: one.ts }, inThread }),
    edited && h('div', null, edited),
  ];
}

/** @param {SimMessage} one @param {SimMessage | undefined} before */
function belongsTo(one, before) {
  return (
    before !== undefined &&
    before.from === one.from &&
    !before.ephemeralFor &&
    !one.ephemeralFor &&
    Number(one.ts) - Number(before.ts) < TOGETHER &&
    sameDay(one, before)
  );
}

/** @param {SimMessage} one @param {SimMessage} other */
export function sameDay(one, other) {
  return new Date(Number(one.ts) * 1000).toDateString() === new Date(Number(other.ts) * 1000).toDateString();
}

/** @param {Page} page @param {number} at ms */
function fullTime({ state }, at) {
  return `${dayHeading(at, reader(state))} at ${clock(at, reader(state), { second: '2-digit' })}`;
}

/** @param {Page} page @param {SimMessage} one */
function onlyYou(page, one) {
  return h(
    'div',
    { class: 'above' },
    icon('eye'),
    h('span', null, 'Only visible to you'),
    h('span', { 'aria-hidden': 'true' }, '·'),
    h('button', { type: 'button', class: 'link-button', onclick: () => dismiss(page, one.ts) }, 'Dismiss'),
  );
}

/** @param {Page} page @param {SimMessage} one */
function repliedTo({ state }, one) {
  const root = messagesOf(state, one.channel).find((other) => other.ts === one.threadTs);
  return h(
    'div',
    { class: 'above' },
    'replied to a thread: ',
    h('a', { class: 'link', href: threadHash(state, one) }, root?.text.split('\n')[0]?.slice(0, 80) || 'message'),
  );
}

/** @param {Page} page @param {SimMessage} one */
function replies({ state }, one) {
  const all = messagesOf(state, one.channel).filter((other) => other.threadTs === one.ts && other.ts !== one.ts);
  const last = all.at(-1);
  if (!last) return null;
  const people = [...new Set(all.map((other) => other.from))].slice(0, 4);
  const at = Number(last.ts) * 1000;
  return h(
    'a',
    { class: 'replies', 'data-testid': 'replies', href: threadHash(state, one) },
    people.map((id) => avatar(userOf(state, id), 'tiny')),
    h('b', null, `${all.length} ${all.length === 1 ? 'reply' : 'replies'}`),
    h(
      'span',
      { class: 'faint' },
      `Last reply ${dayHeading(at, reader(state)).toLowerCase()} at ${clock(at, reader(state))}`,
    ),
  );
}

/** @param {Page['state']} state @param {SimMessage} one */
function threadHash(state, one) {
  return hashOf({ user: state.route.user, place: one.channel, thread: one.threadTs ?? one.ts });
}
