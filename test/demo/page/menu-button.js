// A button that opens a short menu of things to do.
import { h } from './dom.js';
import { icon } from './icons.js';
import { closeMenu, place, show } from './menu.js';
import { isSafe } from './text.js';

/** @import { Page } from './page.js' */
/** @import { Child } from './dom.js' */

/** @typedef {{ key: string, label: Child, detail?: Child, url?: string, pick: () => void }} Deed */
/**
 * @typedef {object} MenuButton
 * @property {string} id unique on the page
 * @property {string} name accessible name
 * @property {string} icon
 * @property {string} look class of the button
 * @property {string} [heading] above the things to do
 * @property {Deed[]} deeds
 */

/** @param {Page} page @param {MenuButton} what */
export function menuButton(page, { id, name, icon: sign, look, heading, deeds }) {
  const open = page.state.menu?.id === id;
  const toggle = () => {
    page.state.menu = open ? null : { id, query: '', typed: false, active: 0, options: [], status: 'ready' };
    page.changed();
  };
  return h(
    'div',
    { class: 'overflow', onkeydown: (/** @type {KeyboardEvent} */ event) => open && onKey(id, event) },
    h(
      'button',
      {
        type: 'button',
        id,
        class: look,
        title: name,
        'aria-label': name,
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        onclick: toggle,
      },
      icon(sign),
    ),
    open &&
      h(
        'div',
        {
          class: 'menu menu-overflow',
          popover: 'manual',
          role: 'menu',
          'aria-label': name,
          mounted: (/** @type {HTMLElement} */ el) => {
            show(el);
            items(el)[0]?.focus();
          },
          updated: place,
        },
        heading && h('div', { class: 'menu-group', role: 'presentation' }, heading),
        deeds.map((one) => item(page, id, one)),
      ),
  );
}

/** @param {Page} page @param {string} id @param {Deed} deed */
function item(page, id, { key, label, detail, url, pick }) {
  const props = {
    key,
    class: 'menu-item',
    role: 'menuitem',
    'data-value': key,
    onblur: (/** @type {FocusEvent} */ event) => {
      if (!(event.relatedTarget instanceof Element && event.relatedTarget.closest('.menu-overflow')))
        closeMenu(page, id);
    },
    onclick: () => {
      focusButton(id);
      closeMenu(page, id);
      pick();
    },
  };
  const words = [h('span', { class: 'menu-label' }, label), detail && h('span', { class: 'menu-detail' }, detail)];
  if (url && isSafe(url)) return h('a', { ...props, href: url, target: '_blank', rel: 'noopener noreferrer' }, words);
  return h('button', { ...props, type: 'button' }, words);
}

/** @param {string} id @param {KeyboardEvent} event */
function onKey(id, event) {
  const all = items(document.querySelector('.menu-overflow'));
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) all[(at + step + all.length) % all.length]?.focus();
  else if (event.key === 'Escape') focusButton(id);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {string} id */
function focusButton(id) {
  document.getElementById(id)?.focus();
}

/** @param {Element | null} menu @returns {HTMLElement[]} */
function items(menu) {
  return [...(menu?.querySelectorAll('[role=menuitem]') ?? [])].filter((one) => one instanceof HTMLElement);
}
