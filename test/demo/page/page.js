// The page's verbs: what happens when a person does something, and when the workspace has news.
import * as api from './api.js';
import { follow } from './events.js';
import { collect, problemsIn, stateOf } from './form.js';
import { createState, hashOf, messagesOf, now, placeKey, readHash } from './state.js';

/** @import { Route } from './state.js' */
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
  let listening = false;

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
      if (asked !== state.route.user) return;
      if (view) take(view);
      else leave();
    } catch (error) {
      if (!state.view) state.trouble = error instanceof Error ? error.message : String(error);
    }
    changed();
  }

  /** An old address names somebody who is not of this workspace: begin with whoever is. */
  function leave() {
    state.route = { user: '', place: '', thread: '' };
    if (location.hash) location.hash = '';
    else state.trouble = 'nobody is in it.';
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
    if (listening) return;
    listening = true;
    // Every person's stream tells of every change, so that the one opened first serves them all.
    follow(`/control/events?user=${encodeURIComponent(state.route.user)}`, (word) => {
      state.link = word === 'offline' ? 'offline' : 'online';
      if (word === 'offline') changed();
      else void refresh();
    });
  }

  function markRead() {
    const { user, place } = state.route;
    const last = state.view?.messages[place]?.at(-1)?.ts;
    if (!last || document.hidden || state.read.get(`${user}/${place}`) === last) return;
    state.read.set(`${user}/${place}`, last);
    keep('read', Object.fromEntries(state.read));
  }

  /** @param {Partial<Route> & { user: string }} route */
  function go(route) {
    const hash = hashOf(route);
    if (location.hash === hash) goThere();
    else location.hash = hash;
  }

  /** The address is the truth of who is looking at what. */
  function goThere() {
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
    // A complaint ends where the person has begun to mend it.
    state.problems.set(key, { ...state.problems.get(key), [spot.block.block_id]: '' });
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
  async function submitModal({ id, view, values: kept, errors }) {
    const key = placeKey({ viewId: id });
    const values = collect(view.blocks, formOf({ viewId: id }), kept);
    const problems = problemsIn(view.blocks, values);
    // The app's complaints about the last try are over.
    state.problems.set(key, { ...Object.fromEntries(Object.keys(errors).map((id) => [id, ''])), ...problems });
    state.failures.delete(key);
    if (Object.keys(problems).length > 0 || state.busy.has(key)) return changed();
    state.busy.add(key);
    changed();
    const outcome = await api.submit({ user: state.route.user, viewId: id, values });
    state.busy.delete(key);
    if (!outcome.ok) state.failures.set(key, outcome.error);
    state.problems.set(key, outcome.ok && 'errors' in outcome ? outcome.errors : {});
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
    state, changed, refresh, go, goThere, say, markRead,
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
  const { type: _, selected_option: option, ...others } = value;
  const chosen = option?.value ?? Object.values(others).find((one) => typeof one === 'string' || typeof one === 'number');
  return chosen === undefined ? undefined : String(chosen);
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
