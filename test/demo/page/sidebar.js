// The left side: the workspace, who one is, channels and direct messages.
import { avatar } from './avatar.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { channelTitle, displayName, hashOf, unreadCount } from './state.js';

/** @import { Page } from './page.js' */
/** @import { SimChannel, SimUser, PersonView } from '../../simulators/slack/control-api.ts' */

/** @param {Page} page @param {PersonView} view */
export function sidebar(page, view) {
  const bots = new Set(view.users.filter((one) => one.isBot).map((one) => one.id));
  const withBot = (/** @type {SimChannel} */ one) =>
    one.kind === 'im' && bots.has(one.withUser ?? one.members.find((id) => id !== view.me.id) ?? '');
  const rooms = view.channels.filter((one) => one.kind !== 'im');
  const direct = view.channels.filter((one) => one.kind === 'im' && !withBot(one));
  // Also for a link to where one is already, which does not change the address.
  const shut = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Element && event.target.closest('a'))) return;
    page.state.drawer = false;
    page.changed();
  };
  return h(
    'nav',
    { class: `sidebar${page.state.drawer ? ' open' : ''}`, 'aria-label': 'Workspace', onclick: shut },
    h(
      'header',
      { class: 'workspace' },
      h('span', { class: 'workspace-mark', 'aria-hidden': 'true' }, (view.team.name[0] ?? '?').toUpperCase()),
      h('div', null, h('h1', null, view.team.name), h('small', null, 'Simulated Slack workspace')),
    ),
    people(page, view),
    h(
      'div',
      { class: 'sidebar-scroll' },
      group(
        'Channels',
        rooms.map((one) => entry(page, one)),
      ),
      direct.length > 0 &&
        group(
          'Direct messages',
          direct.map((one) => entry(page, one)),
        ),
      group('Apps', [...view.channels.filter(withBot).map((one) => entry(page, one)), homeEntry(page)]),
    ),
  );
}

/** @param {string} title @param {any[]} entries */
function group(title, entries) {
  return h('section', { key: title, class: 'group' }, h('h2', null, title), h('ul', { 'aria-label': title }, entries));
}

/** @param {Page} page @param {PersonView} view */
function people({ state }, view) {
  const place =
    state.route.place === 'home'
      ? 'home'
      : view.channels.find((one) => one.id === state.route.place && one.kind === 'channel')?.id;
  return h(
    'div',
    { class: 'people' },
    h('h2', { id: 'you-are' }, 'You are'),
    h(
      'ul',
      { 'aria-labelledby': 'you-are' },
      view.users
        .filter((one) => !one.isBot)
        .map((one) => person(one, { mine: one.id === view.me.id, place: place ?? '' })),
    ),
  );
}

/** @param {SimUser} one @param {{ mine: boolean, place: string }} at */
function person(one, { mine, place }) {
  return h(
    'li',
    { key: one.id },
    h(
      'a',
      {
        class: 'person',
        href: hashOf({ user: one.id, place }),
        'data-testid': 'person',
        'data-user': one.id,
        'aria-current': mine ? 'true' : null,
        title: `Be ${displayName(one)} (open in a new window to be both)`,
      },
      avatar(one),
      h('span', null, displayName(one).split(/\s/)[0]),
    ),
  );
}

/** @param {Page} page @param {SimChannel} one */
function entry({ state }, one) {
  const here = state.route.place === one.id;
  const unread = here ? 0 : unreadCount(state, one.id);
  const name = channelTitle(state, one);
  const other = state.view?.users.find(
    (user) => user.id === (one.withUser ?? one.members.find((id) => id !== state.route.user)),
  );
  return h(
    'li',
    { key: one.id },
    h(
      'a',
      {
        class: `entry${unread > 0 ? ' unread' : ''}`,
        href: hashOf({ user: state.route.user, place: one.id }),
        'data-testid': 'channel',
        'data-channel': one.id,
        'data-unread': String(unread > 0),
        'aria-current': here ? 'page' : null,
      },
      one.kind === 'im' ? avatar(other ?? null, 'tiny') : icon(one.kind === 'private' ? 'lock' : 'hash'),
      h('span', { class: 'entry-name' }, name),
      unread > 0 &&
        (one.kind === 'im'
          ? h('span', { class: 'count', 'aria-label': `${unread} unread` }, String(unread))
          : h('span', { class: 'dot', role: 'img', 'aria-label': 'unread' })),
    ),
  );
}

/** @param {Page} page */
function homeEntry({ state }) {
  const here = state.route.place === 'home';
  return h(
    'li',
    { key: 'home' },
    h(
      'a',
      {
        class: 'entry',
        href: hashOf({ user: state.route.user, place: 'home' }),
        'data-testid': 'home-entry',
        'aria-current': here ? 'page' : null,
      },
      icon('home'),
      h('span', { class: 'entry-name' }, 'App Home'),
    ),
  );
}
