// Keeps the page in step with the workspace: who looks at what, the newest view of it, and what was read.
import * as api from './api.js';
import { follow } from './events.js';
import { hashOf, readHash } from './state.js';
import { keep } from './storage.js';

/** @import { Page } from './page.js' */
/** @import { Route } from './state.js' */
/** @import { PersonView } from '../../simulators/slack/control-api.ts' */

/** Fetches the person's view; calls while one is under way end in exactly one more. @param {Page} page @returns {Promise<void>} */
export function refresh(page) {
  const { sync } = page;
  if (sync.fetching) {
    sync.stale = true;
    return sync.fetching;
  }
  sync.fetching = load(page).finally(() => {
    sync.fetching = null;
    if (sync.stale) void refresh(page);
  });
  return sync.fetching;
}

/** @param {Page} page */
async function load(page) {
  const { state, sync } = page;
  sync.stale = false;
  const asked = state.route.user;
  try {
    const view = await api.fetchView(asked);
    if (asked !== state.route.user) return;
    if (view) take(page, view);
    else leave(page);
  } catch (error) {
    if (!state.view) state.trouble = error instanceof Error ? error.message : String(error);
  }
  page.changed();
}

/** @param {Page} page @param {PersonView} view */
function take(page, view) {
  const { state } = page;
  state.view = view;
  state.ahead = view.now - Date.now();
  state.trouble = '';
  state.route.user ||= view.me.id;
  if (!view.channels.some((one) => one.id === state.route.place) && state.route.place !== 'home') {
    go(page, { user: view.me.id, place: view.channels.find((one) => one.kind !== 'im')?.id ?? 'home' });
  }
  forgetClosedViews(page, view);
  markRead(page);
  listen(page);
}

/** An old address names somebody who is not of this workspace: begin with whoever is. @param {Page} page */
function leave({ state }) {
  state.route = { user: '', place: '', thread: '' };
  if (location.hash) location.hash = '';
  else state.trouble = 'nobody is in it.';
}

/** @param {Page} page @param {PersonView} view */
function forgetClosedViews({ state }, view) {
  const open = new Set(view.modals.map((one) => `view:${one.id}`));
  for (const kept of [state.forms, state.problems, state.failures]) {
    for (const key of kept.keys()) {
      if (key.startsWith('view:') && !open.has(key.split('/')[0] ?? '')) kept.delete(key);
    }
  }
}

/** Every person's stream tells of every change, so that the one opened first serves them all. @param {Page} page */
function listen(page) {
  const { state, sync } = page;
  if (sync.listening) return;
  sync.listening = true;
  follow(`/control/events?user=${encodeURIComponent(state.route.user)}`, (word) => {
    state.link = word === 'offline' ? 'offline' : 'online';
    if (word === 'offline') page.changed();
    else void refresh(page);
  });
}

/** Everything in the channel that is being looked at. @param {Page} page */
export function markRead({ state }) {
  const { user, place } = state.route;
  const last = state.view?.messages[place]?.at(-1)?.ts;
  if (!last || document.hidden || state.read.get(`${user}/${place}`) === last) return;
  state.read.set(`${user}/${place}`, last);
  keep('read', state.read);
}

/** @param {Page} page @param {Partial<Route> & { user: string }} route */
export function go(page, route) {
  const hash = hashOf(route);
  if (location.hash === hash) goThere(page);
  else location.hash = hash;
}

/** The address is the truth of who is looking at what. @param {Page} page */
export function goThere(page) {
  const { state } = page;
  const before = state.route;
  const route = readHash(location.hash);
  route.user ||= before.user;
  const another = route.user !== before.user;
  state.route = route;
  state.drawer = false;
  state.menu = null;
  state.recall = { at: -1, kept: '' };
  state.completion = { active: -1, shut: false };
  if (another) {
    state.view = null;
    state.confirm = null;
    state.forms.delete('home');
  }
  if (route.place === 'home' && route.user && (another || before.place !== 'home')) void openHome(page);
  markRead(page);
  if (!state.view || !route.place) void refresh(page);
  page.changed();
}

/** @param {Page} page */
async function openHome(page) {
  await api.openHome({ user: page.state.route.user });
  await refresh(page);
}
