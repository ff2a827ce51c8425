// The one open menu: a listbox under a text field with typeahead, placed above everything else.
import { h } from './dom.js';
import { icon } from './icons.js';

/** @import { Page } from './page.js' */
/** @import { Child } from './dom.js' */

/** @typedef {{ key: string, label: Child, words: string, detail?: Child, chosen: boolean, group?: string, pick: () => void }} Item */
/**
 * @typedef {object} Field
 * @property {string} id unique on the page
 * @property {string} name accessible name
 * @property {string} shown what is chosen now, in words
 * @property {string} placeholder
 * @property {boolean} many the menu stays open after a choice
 * @property {Record<string, any>} aria further attributes of the field
 * @property {(query: string) => Item[]} items
 * @property {(query: string) => void} search called on opening and on typing
 * @property {() => string} note what to say when there are no items
 */

/** @param {Page} page @param {Field} field */
export function combobox(page, field) {
  const { menu } = page.state;
  const open = menu?.id === field.id;
  const query = open ? (menu.query ?? '') : '';
  const items = open ? field.items(query) : [];
  const active = open ? Math.min(menu.active, items.length - 1) : -1;
  return h(
    'div',
    { class: 'combobox' },
    h('input', {
      type: 'text',
      class: 'field combobox-field',
      id: field.id,
      role: 'combobox',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-expanded': open,
      'aria-autocomplete': 'list',
      'aria-controls': open ? `${field.id}-list` : null,
      'aria-haspopup': 'listbox',
      'aria-activedescendant': active >= 0 ? `${field.id}-${active}` : null,
      'aria-label': field.name,
      placeholder: field.placeholder,
      ...field.aria,
      value: open && menu.typed ? query : field.shown,
      onclick: (/** @type {any} */ event) => {
        if (!open) {
          event.target.select();
          openMenu(page, field, '');
        }
      },
      oninput: (/** @type {any} */ event) => openMenu(page, field, event.target.value, true),
      onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(page, field, { event, items, active, open }),
      onblur: () => closeMenu(page, field.id),
    }),
    icon('down'),
    open &&
      h(
        'div',
        {
          class: 'menu',
          popover: 'manual',
          role: 'listbox',
          id: `${field.id}-list`,
          'aria-label': field.name,
          mounted: show,
          updated: place,
          onmousedown: keepFocus,
        },
        items.length === 0 ? h('div', { class: 'menu-note' }, field.note()) : options(field, items, active),
      ),
  );
}

/** @param {Field} field @param {Item[]} items @param {number} active @returns {Child} */
function options(field, items, active) {
  return items.flatMap((item, at) => [
    item.group &&
      item.group !== items[at - 1]?.group &&
      h('div', { class: 'menu-group', role: 'presentation' }, item.group),
    h(
      'div',
      {
        key: item.key,
        class: `menu-item${at === active ? ' active' : ''}`,
        role: 'option',
        id: `${field.id}-${at}`,
        'aria-selected': item.chosen,
        'data-value': item.key,
        onclick: item.pick,
        updated: at === active ? (/** @type {Element} */ el) => el.scrollIntoView({ block: 'nearest' }) : null,
      },
      h('span', { class: 'menu-label' }, item.label),
      item.detail && h('span', { class: 'menu-detail' }, item.detail),
    ),
  ]);
}

/** @param {Page} page @param {Field} field @param {{ event: KeyboardEvent, items: Item[], active: number, open: boolean }} at */
function onKey(page, field, { event, items, active, open }) {
  const { menu } = page.state;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !open) openMenu(page, field, '');
  else if (step && menu) menu.active = (active + step + items.length) % Math.max(items.length, 1);
  else if (event.key === 'Enter' && open) items[Math.max(active, 0)]?.pick();
  else if (event.key === 'Enter') openMenu(page, field, '');
  else if (event.key === 'Escape' && open) closeMenu(page, field.id);
  else return;
  event.preventDefault();
  event.stopPropagation();
  page.changed();
}

/** @param {Page} page @param {Field} field @param {string} query @param {boolean} [typed] */
function openMenu(page, field, query, typed = false) {
  const same =
    page.state.menu?.id === field.id ? page.state.menu : { options: [], status: /** @type {const} */ ('ready') };
  page.state.menu = { ...same, id: field.id, query, typed, active: typed ? 0 : -1 };
  field.search(query);
  page.changed();
}

/** @param {Page} page @param {string} id */
export function closeMenu(page, id) {
  if (page.state.menu?.id !== id) return;
  page.state.menu = null;
  page.changed();
}

/** Clicking in the menu leaves the focus, and so the menu, where it is. @param {Event} event */
export function keepFocus(event) {
  event.preventDefault();
}

/** Into the top layer, so that no dialog or scrolling box cuts it off. @param {HTMLElement} el */
export function show(el) {
  el.showPopover();
  place(el);
}

/** @param {HTMLElement} el */
function leastWidth(el) {
  if (!el.classList.contains('menu-overflow')) return 240;
  return el.querySelector('.menu-detail') ? 300 : 180;
}

/** Under its field, or above it where there is more room. @param {HTMLElement} el */
export function place(el) {
  const field = el.parentElement?.getBoundingClientRect();
  if (!field) return;
  const below = innerHeight - field.bottom - 12;
  const above = field.top - 12;
  const up = below < Math.min(el.scrollHeight, 240) && above > below;
  const width = Math.max(field.width, leastWidth(el));
  Object.assign(el.style, {
    width: `${Math.min(width, innerWidth - 16)}px`,
    left: `${Math.max(8, Math.min(field.left, innerWidth - width - 8))}px`,
    maxHeight: `${Math.max(96, Math.min(300, up ? above : below))}px`,
    top: up ? 'auto' : `${field.bottom + 4}px`,
    bottom: up ? `${innerHeight - field.top + 4}px` : 'auto',
  });
}
