// Where a person writes: commands with completion, history, Enter to send.
import { say } from './acting.js';
import { offersFor } from './completion.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { jumpToEnd } from './scroll.js';
import { globalShortcuts } from './shortcuts.js';
import { channelTitle } from './state.js';

/** @import { Page } from './page.js' */
/** @import { Offer } from './completion.js' */
/** @import { SimChannel } from '../../simulators/slack/control-api.ts' */

/** @param {Page} page @param {SimChannel} channel */
export function composer(page, channel) {
  if (channel.readOnly) {
    return h('p', { class: 'composer composer-off faint' }, 'Sending messages to this app has been turned off.');
  }
  const { state } = page;
  const text = state.drafts.get(draftKey(page)) ?? '';
  const offers = state.completion.shut ? [] : offersFor(text, state.view?.commands ?? []);
  const active = Math.min(state.completion.active, offers.length - 1);
  const title = channelTitle(state, channel);
  return h(
    'div',
    { class: 'composer' },
    offers.length > 0 && offerList(page, offers, active),
    h(
      'div',
      { class: 'composer-box' },
      h('textarea', {
        'data-testid': 'composer',
        class: 'composer-text',
        rows: String(Math.min(text.split('\n').length, 8)),
        value: text,
        autocomplete: 'off',
        spellcheck: 'false',
        enterkeyhint: 'send',
        placeholder: `Message ${channel.kind === 'im' ? title : `#${title}`}`,
        'aria-label': `Message ${title}`,
        'aria-controls': offers.length > 0 ? 'offers' : null,
        'aria-activedescendant': active >= 0 ? `offer-${active}` : null,
        'aria-autocomplete': 'list',
        oninput: (/** @type {any} */ event) => write(page, event.target.value),
        onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(page, event, { offers, active, text }),
        mounted: (/** @type {HTMLElement} */ el) => {
          if (matchMedia('(hover: hover)').matches) el.focus();
        },
      }),
      h(
        'div',
        { class: 'composer-foot' },
        globalShortcuts(page),
        h(
          'button',
          {
            type: 'button',
            class: 'link-button',
            onclick: () => {
              write(page, '/');
              focusComposer();
            },
            'aria-label': 'Run a command',
          },
          '/',
        ),
        h(
          'span',
          { class: 'faint keys' },
          h('b', null, 'Return'),
          ' to send · ',
          h('b', null, '/'),
          ' for commands · ',
          h('b', null, '↑'),
          ' for what you sent before',
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'send',
            'data-testid': 'send',
            'aria-label': 'Send',
            disabled: text.trim() === '',
            onclick: () => {
              send(page, text);
              focusComposer();
            },
          },
          icon('send'),
        ),
      ),
    ),
  );
}

/** @param {Page} page @param {Offer[]} offers @param {number} active */
function offerList(page, offers, active) {
  return h(
    'div',
    {
      class: 'offers',
      role: 'listbox',
      id: 'offers',
      'aria-label': 'Commands',
      'data-testid': 'offers',
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
    },
    offers.map((offer, at) =>
      h(
        'div',
        {
          key: offer.label,
          id: `offer-${at}`,
          role: 'option',
          class: `offer${at === active ? ' active' : ''}`,
          'aria-selected': at === active,
          onclick: () => accept(page, offer),
          updated: at === active ? (/** @type {Element} */ el) => el.scrollIntoView({ block: 'nearest' }) : null,
        },
        h('b', null, offer.label),
        h('span', { class: 'offer-hint' }, offer.hint),
        offer.detail && h('span', { class: 'offer-detail' }, offer.detail),
      ),
    ),
    h('div', { class: 'offers-keys', 'aria-hidden': 'true' }, '↑ ↓ to choose · Tab to complete · Esc to dismiss'),
  );
}

/** @param {Page} page @param {KeyboardEvent} event @param {{ offers: Offer[], active: number, text: string }} at */
function onKey(page, event, { offers, active, text }) {
  if (event.isComposing) return;
  const handled =
    (offers.length > 0 && completionKey(page, event, { offers, active, text })) ||
    historyKey(page, event, text) ||
    sendKey(page, event, text);
  if (handled) event.preventDefault();
}

/** @param {Page} page @param {KeyboardEvent} event @param {{ offers: Offer[], active: number, text: string }} at */
function completionKey(page, event, { offers, active, text }) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  // Half a command name is completed by Enter; words after it are sent as they are unless one was chosen.
  const half = !text.includes(' ') && !offers.some((one) => one.label === text);
  const chosen = offers[active] ?? (event.key === 'Tab' || half ? offers[0] : undefined);
  if (step)
    page.state.completion.active =
      active === -1 && step === -1 ? offers.length - 1 : (active + step + offers.length) % offers.length;
  else if (event.key === 'Escape') page.state.completion.shut = true;
  else if (chosen && (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey))) accept(page, chosen);
  else return false;
  page.changed();
  return true;
}

/** @param {Page} page @param {KeyboardEvent} event @param {string} text */
function historyKey(page, event, text) {
  const { state } = page;
  const sent = state.history.get(state.route.user) ?? [];
  const recalling = state.recall.at >= 0;
  const up = event.key === 'ArrowUp' && (text === '' || recalling);
  const down = event.key === 'ArrowDown' && recalling;
  if (!up && !down) return false;
  const at = Math.min(state.recall.at + (up ? 1 : -1), sent.length - 1);
  const kept = recalling ? state.recall.kept : text;
  write(page, at < 0 ? kept : (sent[sent.length - 1 - at] ?? ''));
  Object.assign(state, { recall: { at, kept }, completion: { active: -1, shut: true } });
  return true;
}

/** @param {Page} page @param {KeyboardEvent} event @param {string} text */
function sendKey(page, event, text) {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
  send(page, text);
  return true;
}

/** @param {Page} page @param {string} text */
function send(page, text) {
  if (text.trim() === '') return;
  jumpToEnd(draftKey(page));
  void say(page, text.trim());
}

/** @param {Page} page @param {Offer} offer */
function accept(page, offer) {
  write(page, offer.fill);
}

/** Puts text into the composer. @param {Page} page @param {string} text */
export function write(page, text) {
  const { state } = page;
  state.drafts.set(draftKey(page), text);
  Object.assign(state, { completion: { active: -1, shut: false }, recall: { at: -1, kept: '' } });
  page.changed();
}

export function focusComposer() {
  const el = document.querySelector('[data-testid=composer]');
  if (el instanceof HTMLElement) el.focus();
}

/** @param {Page} page */
function draftKey({ state }) {
  return `${state.route.user}/${state.route.place}`;
}
