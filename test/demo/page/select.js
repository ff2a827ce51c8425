// Menus that pick one or many options: from a list, from the app (typeahead), people, or channels.
import { choose, suggest, valueOf } from './acting.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { closeMenu, combobox } from './menu.js';
import { channelTitle, displayName } from './state.js';
import { textOf, wordsOf } from './text.js';

/** @import { Page, Spot } from './page.js' */
/** @import { Item } from './menu.js' */
/** @import { Labelled } from './elements.js' */

/** Waiting this long after a key press before asking the app, ms: one question per word, not per letter. */
const TYPING_PAUSE = 200;
const DEFAULT_MIN_QUERY = 3;

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled */
export function select(page, spot, labelled) {
  const { element } = spot;
  const many = element.type.startsWith('multi_');
  const chosen = chosenOptions(page, spot);
  const field = combobox(page, {
    ...labelled,
    shown: many ? '' : chosen.map((one) => wordsOf(one.text)).join(', '),
    placeholder: wordsOf(element['placeholder']) || 'Select an item',
    many,
    items: (query) => itemsFor(page, spot, { query, chosen, id: labelled.id, many }),
    search: (query) => search(page, spot, { query, id: labelled.id }),
    note: () => note(page, element),
  });
  const clear =
    !many &&
    spot.block.optional &&
    chosen.length > 0 &&
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button select-clear',
        'aria-label': 'Clear selection',
        onclick: () => pick(page, spot, []),
      },
      icon('close'),
    );
  return h('div', { class: 'select' }, many && chips(page, spot, chosen), field, clear);
}

/** @param {Page} page @param {Spot} spot @param {any[]} chosen */
function chips(page, spot, chosen) {
  return h(
    'div',
    { class: 'chips' },
    chosen.map((one) =>
      h(
        'button',
        {
          key: one.value,
          type: 'button',
          class: 'chip',
          'aria-label': `Remove ${wordsOf(one.text)}`,
          onclick: () =>
            pick(
              page,
              spot,
              chosen.filter((other) => other.value !== one.value),
            ),
        },
        wordsOf(one.text),
        icon('close'),
      ),
    ),
  );
}

/** @param {Page} page @param {Spot} spot @param {{ query: string, chosen: any[], id: string, many: boolean }} at @returns {Item[]} */
function itemsFor(page, spot, { query, chosen, id, many }) {
  const external = spot.element.type.includes('external');
  const found = external ? (page.state.menu?.options ?? []) : offered(page, spot.element);
  const wanted = query.trim().toLowerCase();
  return grouped(found)
    .filter(({ option }) => external || !wanted || wordsOf(option.text).toLowerCase().includes(wanted))
    .map(({ option, group }) => {
      const picked = chosen.some((one) => one.value === option.value);
      return {
        key: option.value,
        label: textOf(page.state, option.text),
        words: wordsOf(option.text),
        detail: textOf(page.state, option.description),
        chosen: picked,
        group,
        pick: () => {
          if (!many) closeMenu(page, id);
          pick(
            page,
            spot,
            !many ? [option] : picked ? chosen.filter((one) => one.value !== option.value) : [...chosen, option],
          );
        },
      };
    });
}

/** @param {any[]} found options or groups of options */
function grouped(found) {
  return found.flatMap((one) =>
    Array.isArray(one.options)
      ? one.options.map((/** @type {any} */ option) => ({ option, group: wordsOf(one.label) }))
      : [{ option: one, group: '' }],
  );
}

/** @param {Page} page @param {any} element @returns {any[]} */
function offered({ state }, element) {
  const option = (/** @type {string} */ value, /** @type {string} */ text) => ({
    value,
    text: { type: 'plain_text', text, emoji: false },
  });
  if (element.type.endsWith('users_select'))
    return (state.view?.users ?? []).filter((one) => !one.isBot).map((one) => option(one.id, displayName(one)));
  if (idsIn(element.type))
    return (state.view?.channels ?? [])
      .filter((one) => element.type.endsWith('conversations_select') || one.kind === 'channel')
      .map((one) => option(one.id, channelTitle(state, one)));
  return element.option_groups ?? element.options ?? [];
}

/** The field of the state that holds ids where an element picks people or channels, not options. @param {string} type */
function idsIn(type) {
  const one = {
    users_select: 'selected_user',
    conversations_select: 'selected_conversation',
    channels_select: 'selected_channel',
  }[type.replace('multi_', '')];
  return one && (type.startsWith('multi_') ? `${one}s` : one);
}

/** @param {Page} page @param {Spot} spot @returns {any[]} */
function chosenOptions(page, spot) {
  const value = /** @type {any} */ (valueOf(page, spot));
  const ids = idsIn(spot.element.type);
  if (ids) return offered(page, spot.element).filter((one) => [value?.[ids]].flat().includes(one.value));
  return value?.selected_options ?? (value?.selected_option ? [value.selected_option] : []);
}

/** @param {Page} page @param {Spot} spot @param {any[]} options */
function pick(page, spot, options) {
  const { type } = spot.element;
  const many = type.startsWith('multi_');
  const ids = idsIn(type);
  if (ids)
    return choose(page, spot, { type, [ids]: many ? options.map((one) => one.value) : (options[0]?.value ?? null) });
  choose(page, spot, many ? { type, selected_options: options } : { type, selected_option: options[0] ?? null });
}

/** Asks the app for options; an answer to an older question is dropped. @param {Page} page @param {Spot} spot @param {{ query: string, id: string }} at */
function search(page, spot, { query, id }) {
  const { menu } = page.state;
  if (!menu || !spot.element.type.includes('external')) return;
  if ([...query].length < (spot.element['min_query_length'] ?? DEFAULT_MIN_QUERY)) {
    Object.assign(menu, { options: [], status: 'short' });
    return;
  }
  menu.status = 'loading';
  const current = () => (page.state.menu?.id === id && page.state.menu.query === query ? page.state.menu : null);
  setTimeout(
    async () => {
      if (!current()) return;
      const answer = await suggest(page, spot, query).then(
        (options) => ({ options, status: 'ready' }),
        () => ({ options: [], status: 'failed' }),
      );
      const still = current();
      if (!still) return;
      Object.assign(still, answer);
      page.changed();
    },
    query ? TYPING_PAUSE : 0,
  );
}

/** @param {Page} page @param {any} element */
function note({ state: { menu } }, element) {
  if (menu?.status === 'loading') return 'Loading…';
  if (menu?.status === 'failed') return 'These results could not be loaded.';
  const least = element.min_query_length ?? DEFAULT_MIN_QUERY;
  return menu?.status === 'short' ? `Type ${least} or more characters to search` : 'No results';
}
