// The page's verbs: what happens when a person does something, and when the workspace has news.
import * as api from './api.js';
import { collect, problemsIn, stateOf } from './form.js';
import { createState, hashOf, messagesOf, now, placeKey, readHash } from './state.js';

/** @import { State } from './state.js' */
/** @import { Seat } from './form.js' */
/** @import { ElementState, FormState, Place, PersonView } from '../../simulators/slack/control-api.ts' */

/** @typedef {ReturnType<typeof createPage>} Page */
/** @typedef {Seat & { place: Place }} Spot an element, and where it sits */

/** @param {() => void} redraw */
export function createPage(redraw) {
  const state = createState();
  state.read = new Map(Object.entries(recall('read', {})));
  state.history = new Map(Object.entries(recall('history', {})));
  let drawing = false;
  /** @type {Promise<void> | null} */
  let fetching = null;
  let stale = false;
  /** @type {EventSource | null} */
  let events = null;
  let listeningTo = '';

  /** Many changes in one go are drawn once. */
  function changed() {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      redraw();
    });
  }

  /** Fetches the person's view; calls while one is under way end in exactly one more. @returns {Promise<void>} */
  function refresh() {
    if (fetching) {
      stale = true;
      return fetching;
    }
    fetching = load().finally(() => {
      fetching = null;
      if (stale) void refresh();
    });
    return fetching;
  }

  async function load() {
    stale = false;
    const asked = state.route.user;
    try {
      const view = await api.fetchView(asked);
      if (asked === state.route.user) take(view);
    } catch (error) {
      if (!state.view) state.trouble = error instanceof Error ? error.message : String(error);
      if (asked && !state.view) location.hash = '';
    }
    changed();
  }

  /** @param {PersonView} view */
  function take(view) {
    state.view = view;
    state.ahead = view.now - Date.now();
    state.trouble = '';
    if (!state.route.user) state.route.user = view.me.id;
    if (!view.channels.some((one) => one.id === state.route.place) && state.route.place !== 'home') {
      go({ user: view.me.id, place: view.channels.find((one) => one.kind !== 'im')?.id ?? 'home' });
    }
    forgetClosedViews(view);
    markRead();
    listen();
  }

  /** @param {PersonView} view */
  function forgetClosedViews(view) {
    const open = new Set(view.modals.map((one) => `view:${one.id}`));
    for (const kept of [state.forms, state.problems, state.failures]) {
      for (const key of kept.keys()) if (key.startsWith('view:') && !open.has(key.split('/')[0] ?? '')) kept.delete(key);
    }
  }

  function listen() {
    const { user } = state.route;
    if (listeningTo === user) return;
    events?.close();
    listeningTo = user;
    events = new EventSource(`/control/events?user=${encodeURIComponent(user)}`);
    events.addEventListener('open', () => linkIs('online'));
    events.addEventListener('error', () => linkIs('offline'));
    events.addEventListener('message', () => void refresh());
  }

  /** @param {State['link']} link */
  function linkIs(link) {
    if (link === 'online' && state.link === 'offline') void refresh();
    state.link = link;
    changed();
  }

  function markRead() {
    const { user, place } = state.route;
    const last = state.view?.messages[place]?.at(-1)?.ts;
    if (!last || document.hidden || state.read.get(`${user}/${place}`) === last) return;
    state.read.set(`${user}/${place}`, last);
    keep('read', Object.fromEntries(state.read));
  }

  /** @param {import('./state.js').Route | (Partial<import('./state.js').Route> & { user: string })} route */
  function go(route) {
    const hash = hashOf(route);
    if (location.hash === hash) follow();
    else location.hash = hash;
  }

  /** The address is the truth of who is looking at what. */
  function follow() {
    const before = state.route;
    const route = readHash(location.hash);
    if (!route.user) route.user = before.user;
    state.route = route;
    Object.assign(state, { drawer: false, menu: null, recall: { at: -1, kept: '' }, completion: { active: -1, shut: false } });
    if (route.user !== before.user) {
      state.view = null;
      state.confirm = null;
      state.forms.delete('home');
    }
    if (route.place === 'home' && (before.place !== 'home' || route.user !== before.user)) void openHome();
    markRead();
    if (!state.view || !route.place) void refresh();
    changed();
  }

  async function openHome() {
    const { user } = state.route;
    if (!user) return;
    await api.openHome({ user });
    await refresh();
  }

  /** @param {string} text */
  async function say(text) {
    const { user, place: channel } = state.route;
    remember(user, text);
    state.drafts.delete(`${user}/${channel}`);
    changed();
    const outcome = await api.say({ user, channel, text });
    const [command = ''] = text.trim().split(/\s/);
    if (!outcome.ok) {
      // Slack gives the typed command back, so that it can be sent again.
      if (!state.drafts.get(`${user}/${channel}`)) state.drafts.set(`${user}/${channel}`, text);
      tell(channel, sayFailure(command, outcome.error));
    }
    await refresh();
  }

  /** @param {string} user @param {string} text */
  function remember(user, text) {
    const sent = (state.history.get(user) ?? []).filter((one) => one !== text);
    state.history.set(user, [...sent, text].slice(-50));
    state.recall = { at: -1, kept: '' };
    keep('history', Object.fromEntries(state.history));
  }

  /** Slackbot says something that only this person sees. @param {string} channel @param {string} text */
  function tell(channel, text) {
    const last = Number(messagesOf(state, channel).at(-1)?.ts ?? 0);
    const ts = Math.max(now(state) / 1000, last + 0.000_001).toFixed(6);
    state.notices.push({ ts, channel, text, user: state.route.user });
    changed();
  }

  /** A form's state as the person left it. @param {Place} place @returns {FormState | undefined} */
  const formOf = (place) => state.forms.get(placeKey(place));

  /** @param {Place} place @returns {FormState | undefined} */
  function keptBy(place) {
    return 'viewId' in place ? state.view?.modals.find((one) => one.id === place.viewId)?.values : undefined;
  }

  /** @param {Spot} spot @returns {ElementState | null} */
  const valueOf = (spot) => stateOf(spot, formOf(spot.place), keptBy(spot.place));

  /** @param {Spot} spot */
  const spotKey = (spot) => `${placeKey(spot.place)}/${spot.block.block_id}/${spot.element.action_id}`;

  /** Keeps what was typed or chosen. @param {Spot} spot @param {ElementState} value */
  function hold(spot, value) {
    const key = placeKey(spot.place);
    const form = state.forms.get(key) ?? {};
    state.forms.set(key, { ...form, [spot.block.block_id]: { ...form[spot.block.block_id], [spot.element.action_id]: value } });
    const { [spot.block.block_id]: _, ...others } = state.problems.get(key) ?? {};
    state.problems.set(key, others);
    changed();
  }

  /** Chosen in a menu or picker: kept, and told to the app where Slack tells it. @param {Spot} spot @param {ElementState} value */
  function choose(spot, value) {
    const tellsApp = spot.block.type !== 'input' || spot.block.dispatch_action === true;
    if (!tellsApp) return hold(spot, value);
    confirmed(spot.element['confirm'], () => {
      hold(spot, value);
      void press(spot, chosenValue(value));
    });
  }

  /** @param {Spot} spot @param {string | undefined} value */
  function act(spot, value) {
    confirmed(spot.element['confirm'], () => void press(spot, value));
  }

  /** @param {Spot} spot @param {string | undefined} value */
  async function press(spot, value) {
    const key = spotKey(spot);
    state.busy.add(key);
    state.failures.delete(key);
    changed();
    const { user } = state.route;
    const values = collect(blocksAt(spot.place), formOf(spot.place), keptBy(spot.place));
    const outcome = await api.click({ user, place: spot.place, blockId: spot.block.block_id, actionId: spot.element.action_id, value, values });
    state.busy.delete(key);
    if (!outcome.ok) state.failures.set(key, outcome.error);
    await refresh();
    changed();
  }

  /** @param {Place} place @returns {any[]} */
  function blocksAt(place) {
    if ('viewId' in place) return state.view?.modals.find((one) => one.id === place.viewId)?.view.blocks ?? [];
    if ('home' in place) return state.view?.home?.blocks ?? [];
    return state.view?.messages[place.channel]?.find((one) => one.ts === place.ts)?.blocks ?? [];
  }

  /** Asks first, where the block says so. @param {any} dialog @param {() => void} go */
  function confirmed(dialog, go) {
    if (!dialog) return go();
    state.menu = null;
    state.confirm = { dialog, go };
    changed();
  }

  /** @param {boolean} yes */
  function answerConfirm(yes) {
    const asked = state.confirm;
    state.confirm = null;
    changed();
    if (yes) asked?.go();
  }

  /** @param {import('../../simulators/slack/control-api.ts').SimView} modal */
  async function submitModal({ id, view, values: kept }) {
    const key = placeKey({ viewId: id });
    const values = collect(view.blocks, formOf({ viewId: id }), kept);
    const problems = problemsIn(view.blocks, values);
    state.problems.set(key, problems);
    state.failures.delete(key);
    if (Object.keys(problems).length > 0 || state.busy.has(key)) return changed();
    state.busy.add(key);
    changed();
    const outcome = await api.submit({ user: state.route.user, viewId: id, values });
    state.busy.delete(key);
    if (!outcome.ok) state.failures.set(key, outcome.error);
    else if ('errors' in outcome) state.problems.set(key, outcome.errors);
    await refresh();
    changed();
  }

  /** @param {string} viewId */
  async function closeModal(viewId) {
    const outcome = await api.close({ user: state.route.user, viewId });
    if (!outcome.ok) state.failures.set(placeKey({ viewId }), outcome.error);
    await refresh();
  }

  /** @param {string} ts */
  function dismiss(ts) {
    state.dismissed.add(ts);
    changed();
  }

  /** @param {Spot} spot @param {string} query */
  const suggest = (spot, query) =>
    api.suggest({ user: state.route.user, place: spot.place, blockId: spot.block.block_id, actionId: spot.element.action_id, query });

  return {
    state, changed, refresh, go, follow, say, markRead,
    valueOf, spotKey, hold, choose, act, suggest, answerConfirm, submitModal, closeModal, dismiss,
  };
}

/** Slack's own sentences. @param {string} command @param {string} error */
function sayFailure(command, error) {
  if (error === 'workspace_unreachable') return 'The simulated workspace does not answer. Is the demo still running?';
  if (!command.startsWith('/')) return `Your message was not sent: \`${error}\`.`;
  const shown = command.replaceAll('`', '');
  if (error === 'unknown_command' || error === 'no_such_command') return `\`${shown}\` is not a valid command. In Slack, all messages that start with the “/” character are interpreted as slash commands.`;
  return `${shown} failed with the error "${error}"`;
}

/** What Slack puts beside the state as the action's value. @param {ElementState} value @returns {string | undefined} */
function chosenValue(value) {
  const chosen = value.selected_option?.value ?? value.selected_user ?? value.selected_date ?? value.selected_time ?? value.selected_date_time ?? value.value;
  return chosen === null || chosen === undefined ? undefined : String(chosen);
}

/** @param {string} name @param {any} otherwise */
function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`demo:${name}`) ?? '') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {unknown} value */
function keep(name, value) {
  localStorage.setItem(`demo:${name}`, JSON.stringify(value));
}
