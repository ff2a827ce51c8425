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
  if (state.cloud)
    follow('/cloud/events', (word) => {
      if (word !== 'offline') void look();
    });
}

/** @param {Page} page */
export function cloudPanel(page) {
  const { state } = page;
  if (!state.cloudOpen) return null;
  return h(
    'aside',
    { key: 'cloud', class: 'panel cloud', 'aria-label': 'The cloud', 'data-testid': 'cloud' },
    h(
      'header',
      { class: 'panel-head' },
      icon('cloud'),
      h('h2', null, state.cloud ? 'The cloud' : 'Guide'),
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': 'Close panel',
          onclick: () => {
            state.cloudOpen = false;
            page.changed();
          },
        },
        icon('close'),
      ),
    ),
    h(
      'div',
      { class: 'panel-body' },
      story(page),
      state.cloud &&
        h(
          'section',
          { class: 'cloud-part' },
          h('h3', null, 'Servers', h('span', { class: 'faint' }, ` ${state.cloud.servers.length}`)),
          h(
            'ul',
            { class: 'servers' },
            state.cloud.servers.map((one) => server(one)),
          ),
        ),
      state.cloud &&
        h(
          'section',
          { class: 'cloud-part' },
          h('h3', null, 'HTTP calls', h('span', { class: 'faint' }, ' as they happen')),
          callList(page, state.cloud.calls),
        ),
    ),
  );
}

/** @param {CloudServer} one */
function server(one) {
  return h(
    'li',
    { key: one.id, class: 'server', 'data-testid': 'cloud-server', 'data-server': one.name, 'data-status': one.status },
    h(
      'div',
      null,
      h('b', { class: 'server-name' }, one.name),
      h('small', { class: 'faint' }, [nameOf(one.flavor), nameOf(one.project)].filter(Boolean).join(' · ')),
    ),
    h(
      'div',
      { class: 'server-state' },
      h('span', { class: `status status-${one.status.toLowerCase()}` }, one.status),
      one.taskState && h('small', { class: 'faint' }, one.taskState),
    ),
  );
}

/** @param {Page} page @param {CloudCall[]} calls */
function callList({ state }, calls) {
  const runs = foldRepeats(calls).slice(-CALLS_SHOWN).toReversed();
  if (runs.length === 0) return h('p', { class: 'empty' }, 'None yet.');
  return h(
    'ol',
    { class: 'calls', 'data-testid': 'cloud-calls' },
    runs.map((run) => call(run, reader(state))),
  );
}

/** @typedef {{ first: CloudCall, last: CloudCall, count: number }} Run the same call again and again, as when waiting */

/** Calls that repeat the one before them share its line. @param {CloudCall[]} calls oldest first @returns {Run[]} */
function foldRepeats(calls) {
  const same = (/** @type {CloudCall} */ one) =>
    [one.method, one.path.split('?')[0], one.status, nameOf(one.by)].join(' ');
  /** @type {Run[]} */
  const runs = [];
  for (const one of calls) {
    const run = runs.at(-1);
    if (run && one.method === 'GET' && same(run.last) === same(one))
      Object.assign(run, { last: one, count: run.count + 1 });
    else runs.push({ first: one, last: one, count: 1 });
  }
  return runs;
}

/** @param {Run} run @param {import('./time.js').Reader} who */
function call({ first, last, count }, who) {
  const kind = last.status >= 500 ? 'bad' : last.status >= 400 ? 'refused' : 'fine';
  const by = nameOf(last.by);
  return h(
    'li',
    {
      key: `${first.at} ${first.method} ${first.path}`,
      class: 'call',
      'data-testid': 'cloud-call',
      'data-count': count,
    },
    h(
      'div',
      { class: 'call-line' },
      h('span', { class: `method method-${last.method.toLowerCase()}` }, last.method),
      h('code', { class: 'path', title: last.path }, shortIds(last.path)),
      h('span', { class: `code-${kind}` }, String(last.status)),
    ),
    h(
      'div',
      { class: 'call-note faint' },
      [
        clock(last.at, who, { second: '2-digit' }),
        by && `by ${by}`,
        last.ms !== undefined && `${Math.round(last.ms)} ms`,
        count > 1 && `${count} times`,
      ]
        .filter(Boolean)
        .join(' · '),
    ),
  );
}

/** Ids cut to their beginning, so that what is done to them stays in view. @param {string} path */
function shortIds(path) {
  return path.replaceAll(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '$1…');
}

/** A name, or something that has one. @param {any} what @returns {string} */
function nameOf(what) {
  if (what === null || what === undefined) return '';
  return typeof what === 'object' ? String(what.name ?? what.id ?? '') : String(what);
}
