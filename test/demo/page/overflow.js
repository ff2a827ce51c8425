// The "⋯" menu of a block: up to five things to do.
import { act, spotKey } from './acting.js';
import { menuButton } from './menu-button.js';
import { textOf } from './text.js';

/** @import { Page, Spot } from './page.js' */
/** @import { Labelled } from './elements.js' */

/** @param {Page} page @param {Spot} spot @param {Labelled} labelled */
export function overflow(page, spot, { id }) {
  return menuButton(page, {
    id,
    name: 'More actions',
    icon: 'dots',
    look: `button button-icon${page.state.busy.has(spotKey(spot)) ? ' busy' : ''}`,
    deeds: spot.element['options'].map((/** @type {any} */ option) => ({
      key: option.value,
      label: textOf(page.state, option.text),
      url: option.url,
      pick: () => act(page, spot, option.value),
    })),
  });
}
