// The App Home tab.
import { blocks } from './blocks.js';
import { h } from './dom.js';

/** @import { Page } from './page.js' */

/** @param {Page} page */
export function home(page) {
  const view = page.state.view?.home;
  return h(
    'section',
    { key: 'home', class: 'home', 'aria-label': 'App Home', 'data-testid': 'home', tabindex: '0' },
    h(
      'div',
      { class: 'home-inner' },
      view
        ? blocks(page, view.blocks, { place: { home: true } })
        : h('p', { class: 'empty' }, 'The app has not published anything here yet.'),
    ),
  );
}
