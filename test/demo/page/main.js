// Puts the page together and keeps it in step with the address, the workspace and the window.
import { cloudPanel, watchCloud } from './cloud.js';
import { conversation } from './conversation.js';
import { dialogs } from './dialogs.js';
import { draw, h } from './dom.js';
import { home } from './home.js';
import { icon } from './icons.js';
import { createPage } from './page.js';
import { sidebar } from './sidebar.js';
import { channelTitle, currentChannel, displayName, unreadCount } from './state.js';
import { thread } from './thread.js';
import { go, goThere, markRead, refresh } from './workspace.js';

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const page = createPage(redraw);
const { state } = page;

function redraw() {
  const { view } = state;
  draw(app, view ? workspace(view) : waiting());
  document.title = view ? titleOf() : 'Demo workspace';
}

function waiting() {
  return h(
    'p',
    { class: 'boot', role: 'status' },
    state.trouble ? `The workspace cannot be opened: ${state.trouble} Trying again…` : 'Opening the workspace…',
  );
}

/** @param {NonNullable<typeof state.view>} view */
function workspace(view) {
  const channel = currentChannel(state);
  const panels = [thread(page), cloudPanel(page)].filter(Boolean);
  return h(
    'div',
    { class: `shell${state.cloudOpen ? ' with-cloud' : ''}${state.route.thread && channel ? ' with-thread' : ''}` },
    sidebar(page, view),
    state.drawer && h('div', { class: 'shade', onclick: () => set({ drawer: false }) }),
    h(
      'main',
      { class: 'main' },
      heading(),
      state.link === 'offline' &&
        h(
          'div',
          { class: 'banner', role: 'status' },
          icon('warn'),
          'The connection to the workspace is lost. Trying again…',
        ),
      channel ? conversation(page, channel) : state.route.place === 'home' ? home(page) : null,
    ),
    panels,
    dialogs(page),
  );
}

function heading() {
  const channel = currentChannel(state);
  const title = channel ? channelTitle(state, channel) : 'App Home';
  const members = channel && channel.kind !== 'im' ? channel.members.length : 0;
  return h(
    'header',
    { class: 'heading' },
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button only-phone',
        'aria-label': 'Open menu',
        'aria-expanded': state.drawer,
        'data-testid': 'open-menu',
        onclick: () => set({ drawer: true }),
      },
      icon('menu'),
    ),
    h('h2', null, channel && channel.kind !== 'im' && icon(channel.kind === 'private' ? 'lock' : 'hash'), title),
    members > 0 &&
      h(
        'span',
        { class: 'members', title: `${members} members`, 'aria-label': `${members} members` },
        icon('people'),
        String(members),
      ),
    h('span', { class: 'as' }, h('span', { class: 'faint' }, 'as '), displayName(state.view?.me ?? null)),
    h(
      'button',
      {
        type: 'button',
        class: 'button button-small',
        'aria-pressed': state.cloudOpen,
        'data-testid': 'toggle-cloud',
        onclick: () => set({ cloudOpen: !state.cloudOpen }),
      },
      icon('cloud'),
      h('span', { class: 'wide' }, state.cloud ? 'The cloud' : 'Guide'),
    ),
  );
}

/** @param {Partial<typeof state>} change */
function set(change) {
  Object.assign(state, change);
  page.changed();
}

function titleOf() {
  const channel = currentChannel(state);
  const unread = (state.view?.channels ?? []).reduce(
    (sum, one) => sum + (one.id === state.route.place ? 0 : unreadCount(state, one.id)),
    0,
  );
  return `${unread > 0 ? `(${unread}) ` : ''}${channel ? channelTitle(state, channel) : 'App Home'} · ${displayName(state.view?.me ?? null)} · ${state.view?.team.name ?? ''}`;
}

addEventListener('hashchange', () => goThere(page));
addEventListener('resize', () => page.changed());
// A menu in the top layer does not scroll with its field: it is placed again.
addEventListener(
  'scroll',
  (event) => {
    if (state.menu && !(event.target instanceof Element && event.target.closest('.menu'))) page.changed();
  },
  { capture: true, passive: true },
);
document.addEventListener('visibilitychange', () => {
  markRead(page);
  void refresh(page);
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  if (state.drawer) set({ drawer: false });
  else if (state.route.thread) go(page, { user: state.route.user, place: state.route.place });
});
setInterval(() => {
  if (!state.view) void refresh(page);
}, 2000);

goThere(page);
void watchCloud(page);
