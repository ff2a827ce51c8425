// The right side: the simulated cloud's servers, the calls the bot makes to it as they happen, and what to try.
import { fetchCloud } from './api.js';
import { h } from './dom.js';
import { follow } from './events.js';
import { icon } from './icons.js';
import { story } from './story.js';
import { reader } from './text.js';
import { clock } from './time.js';

/** @import { Page } from './page.js' */
/** @import { CloudServer, CloudCall } from './state.js' */

const CALLS_SHOWN = 100;

/** Looks for a cloud, and follows it when there is one. @param {Page} page */
export async function watchCloud(page) {
  const { state } = page;
  let looking = false;
  let again = false;
  const look = async () => {
    again = looking;
    if (looking) return;
    looking = true;
    state.cloud = await fetchCloud().catch(() => state.cloud);
    looking = false;
    page.changed();
    if (again) void look();
  };
  await look();
  if (state.cloud) follow('/cloud/events', (word) => { if (word !== 'offline') void look(); });
}

/** @param {Page} page */
export function cloudPanel(page) {
  const { state } = page;
  if (!state.cloudOpen) return null;
  return h('aside', { key: 'cloud', class: 'panel cloud', 'aria-label': 'The cloud', 'data-testid': 'cloud' },
    h('header', { class: 'panel-head' }, icon('cloud'), h('h2', null, state.cloud ? 'The cloud' : 'Guide'),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close panel', onclick: () => { state.cloudOpen = false; page.changed(); } }, icon('close'))),
    h('div', { class: 'panel-body' },
      story(page),
      state.cloud && h('section', { class: 'cloud-part' }, h('h3', null, 'Servers', h('span', { class: 'faint' }, ` ${state.cloud.servers.length}`)), h('ul', { class: 'servers' }, state.cloud.servers.map((one) => server(one)))),
      state.cloud && h('section', { class: 'cloud-part' }, h('h3', null, 'HTTP calls', h('span', { class: 'faint' }, ' as they happen')), callList(page, state.cloud.calls))));
}

/** @param {CloudServer} one */
function server(one) {
  return h('li', { key: one.id, class: 'server', 'data-testid': 'cloud-server', 'data-server': one.name, 'data-status': one.status },
    h('div', null, h('b', { class: 'server-name' }, one.name), h('small', { class: 'faint' }, [nameOf(one.flavor), nameOf(one.project)].filter(Boolean).join(' · '))),
    h('div', { class: 'server-state' }, h('span', { class: `status status-${one.status.toLowerCase()}` }, one.status), one.taskState && h('small', { class: 'faint' }, one.taskState)));
}

/** @param {Page} page @param {CloudCall[]} calls */
function callList({ state }, calls) {
  const newest = calls.map((one, at) => ({ one, at })).toSorted((a, b) => b.one.at - a.one.at || b.at - a.at).slice(0, CALLS_SHOWN);
  if (newest.length === 0) return h('p', { class: 'empty' }, 'None yet.');
  return h('ol', { class: 'calls', 'data-testid': 'cloud-calls' }, newest.map(({ one }) => call(one, reader(state))));
}

/** @param {CloudCall} one @param {import('./time.js').Reader} who */
function call(one, who) {
  const kind = one.status >= 500 ? 'bad' : one.status >= 400 ? 'refused' : 'fine';
  return h('li', { key: `${one.at} ${one.method} ${one.path}`, class: 'call', 'data-testid': 'cloud-call' },
    h('div', { class: 'call-line' }, h('span', { class: `method method-${one.method.toLowerCase()}` }, one.method), h('code', { class: 'path', title: one.path }, one.path), h('span', { class: `code-${kind}` }, String(one.status))),
    h('div', { class: 'call-note faint' }, [clock(one.at, who, { second: '2-digit' }), nameOf(one.by) && `by ${nameOf(one.by)}`, one.ms !== undefined && `${Math.round(one.ms)} ms`].filter(Boolean).join(' · ')));
}

/** A name, or something that has one. @param {any} what @returns {string} */
function nameOf(what) {
  if (what === null || what === undefined) return '';
  return typeof what === 'object' ? String(what.name ?? what.id ?? '') : String(what);
}
