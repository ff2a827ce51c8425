// The "⋯" menu: a button with up to five things to do.
import { act, spotKey } from './acting.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { closeMenu, place, show } from './menu.js';
import { isSafe, textOf } from './text.js';

/** @import { Page, Spot } from './page.js' */
/** @import { Labelled } from './elements.js' */

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled */
export function overflow(page, spot, { id }) {
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
        class: `button button-icon${page.state.busy.has(spotKey(spot)) ? ' busy' : ''}`,
        'aria-label': 'More actions',
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        onclick: toggle,
      },
      icon('dots'),
    ),
    open &&
      h(
        'div',
        {
          class: 'menu menu-overflow',
          popover: 'manual',
          role: 'menu',
          mounted: (/** @type {HTMLElement} */ el) => {
            show(el);
            items(el)[0]?.focus();
          },
          updated: place,
        },
        spot.element['options'].map((/** @type {any} */ option) => item(page, spot, { option, id })),
      ),
  );
}

/** @param {Page} page @param {Spot} spot @param {{ option: any, id: string }} what */
function item(page, spot, { option, id }) {
  const props = {
    key: option.value,
    class: 'menu-item',
    role: 'menuitem',
    'data-value': option.value,
    onblur: (/** @type {FocusEvent} */ event) => {
      if (!(event.relatedTarget instanceof Element && event.relatedTarget.closest('.menu-overflow')))
        closeMenu(page, id);
    },
    onclick: () => {
      focusButton(id);
      closeMenu(page, id);
      act(page, spot, option.value);
    },
  };
  const label = h('span', { class: 'menu-label' }, textOf(page.state, option.text));
  if (option.url && isSafe(option.url))
    return h('a', { ...props, href: option.url, target: '_blank', rel: 'noopener noreferrer' }, label);
  return h('button', { ...props, type: 'button' }, label);
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
