// What a person does: speak, click, choose, fill in, submit, close. Each ends in what Slack would show of it.
import * as api from './api.js';
import { collect, problemsIn, stateOf } from './form.js';
import { messagesOf, now, placeKey } from './state.js';
import { keep } from './storage.js';
import { refresh } from './workspace.js';

/** @import { Page, Spot } from './page.js' */
/** @import { ElementState, FormState, Place, SimView } from '../../simulators/slack/control-api.ts' */

const HISTORY_KEPT = 50;

/** A message, or a slash command. @param {Page} page @param {string} text */
export async function say(page, text) {
  const { state } = page;
  const { user, place: channel } = state.route;
  const draft = `${user}/${channel}`;
  remember(page, user, text);
  state.drafts.delete(draft);
  page.changed();
  const outcome = await api.say({ user, channel, text });
  if (!outcome.ok) {
    // Slack gives what was typed back, so that it can be sent again.
    if (!state.drafts.get(draft)) state.drafts.set(draft, text);
    tell(page, { user, channel, text: sayFailure(text, outcome.error) });
  }
  await refresh(page);
}

/** @param {Page} page @param {string} user @param {string} text */
function remember({ state }, user, text) {
  const sent = (state.history.get(user) ?? []).filter((one) => one !== text);
  state.history.set(user, [...sent, text].slice(-HISTORY_KEPT));
  state.recall = { at: -1, kept: '' };
  keep('history', state.history);
}

/** Slackbot says something that only this person sees. @param {Page} page @param {{ user: string, channel: string, text: string }} words */
function tell(page, words) {
  const last = Number(messagesOf(page.state, words.channel).at(-1)?.ts ?? 0);
  const ts = Math.max(now(page.state) / 1000, last + 0.000_001).toFixed(6);
  page.state.notices.push({ ts, ...words });
  page.changed();
}

/** Slack's own sentences. @param {string} text @param {string} error */
function sayFailure(text, error) {
  const command = (text.split(/\s/)[0] ?? '').replaceAll('`', '');
  if (error === 'workspace_unreachable') return 'The simulated workspace does not answer. Is the demo still running?';
  if (!command.startsWith('/')) return `Your message was not sent: \`${error}\`.`;
  if (error === 'unknown_command') {
    return `\`${command}\` is not a valid command. In Slack, all messages that start with the “/” character are interpreted as slash commands.`;
  }
  return `${command} failed with the error "${error}"`;
}

/** An entry of Slack's own menus. @param {Page} page @param {string} name @param {{ channel: string, ts: string }} [on] the message whose menu it was */
export async function useShortcut(page, name, on) {
  const { user, place: channel } = page.state.route;
  const outcome = await api.shortcut({ user, name, on });
  if (!outcome.ok) tell(page, { user, channel, text: `“${name}” failed with the error "${outcome.error}"` });
  await refresh(page);
}

/** Puts an ephemeral message away. @param {Page} page @param {string} ts */
export function dismiss(page, ts) {
  page.state.dismissed.add(ts);
  page.changed();
}

/** The key of an element's marks and failures. @param {Spot} spot */
export function spotKey({ place, block, element }) {
  return `${placeKey(place)}/${block.block_id}/${element.action_id}`;
}

/** @param {Page} page @param {Spot} spot @returns {ElementState | null} */
export function valueOf({ state }, spot) {
  return stateOf(spot, state.forms.get(placeKey(spot.place)), keptAt(state, spot.place));
}

/** Form values the server holds for a modal. @param {Page['state']} state @param {Place} place @returns {FormState | undefined} */
function keptAt(state, place) {
  return 'viewId' in place ? state.view?.modals.find((one) => one.id === place.viewId)?.values : undefined;
}

/** @param {Page['state']} state @param {Place} place @returns {any[]} */
function blocksAt({ view }, place) {
  if ('viewId' in place) return view?.modals.find((one) => one.id === place.viewId)?.view.blocks ?? [];
  if ('home' in place) return view?.home?.blocks ?? [];
  return view?.messages[place.channel]?.find((one) => one.ts === place.ts)?.blocks ?? [];
}

/** Keeps what was typed or chosen. @param {Page} page @param {Spot} spot @param {ElementState} value */
export function hold(page, { place, block, element }, value) {
  const { forms, problems } = page.state;
  const key = placeKey(place);
  const form = forms.get(key) ?? {};
  forms.set(key, { ...form, [block.block_id]: { ...form[block.block_id], [element.action_id]: value } });
  // A complaint ends where the person has begun to mend it.
  problems.set(key, { ...problems.get(key), [block.block_id]: '' });
  page.changed();
}

/** Chosen in a menu or picker: kept, and told to the app where Slack tells it. @param {Page} page @param {Spot} spot @param {ElementState} value */
export function choose(page, spot, value) {
  if (spot.block.type === 'input' && !spot.block.dispatch_action) return hold(page, spot, value);
  confirmed(page, spot.element['confirm'], () => {
    hold(page, spot, value);
    void press(page, spot, chosenValue(value));
  });
}

/** Clicked, or entered into a field that tells the app. @param {Page} page @param {Spot} spot @param {string | undefined} value */
export function act(page, spot, value) {
  confirmed(page, spot.element['confirm'], () => void press(page, spot, value));
}

/** @param {Page} page @param {Spot} spot @param {string | undefined} value */
async function press(page, spot, value) {
  const { state } = page;
  const { place, block, element } = spot;
  const key = spotKey(spot);
  state.busy.add(key);
  state.failures.delete(key);
  page.changed();
  const values = collect(blocksAt(state, place), state.forms.get(placeKey(place)), keptAt(state, place));
  const clicked = { blockId: block.block_id, actionId: element.action_id, value, values };
  const outcome = await api.click({ user: state.route.user, place, ...clicked });
  state.busy.delete(key);
  if (!outcome.ok) state.failures.set(key, outcome.error);
  await refresh(page);
  page.changed();
}

/** What Slack puts beside the state as the action's value. @param {ElementState} value @returns {string | undefined} */
function chosenValue({ type: _, selected_option: option, ...others }) {
  const chosen =
    option?.value ?? Object.values(others).find((one) => typeof one === 'string' || typeof one === 'number');
  return chosen === undefined ? undefined : String(chosen);
}

/** Options from the app. @param {Page} page @param {Spot} spot @param {string} query */
export function suggest({ state }, { place, block, element }, query) {
  return api.suggest({ user: state.route.user, place, blockId: block.block_id, actionId: element.action_id, query });
}

/** Asks first, where the block says so. @param {Page} page @param {any} dialog @param {() => void} go */
function confirmed(page, dialog, go) {
  if (!dialog) return go();
  page.state.menu = null;
  page.state.confirm = { dialog, go };
  page.changed();
}

/** @param {Page} page @param {boolean} yes */
export function answerConfirm(page, yes) {
  const asked = page.state.confirm;
  page.state.confirm = null;
  page.changed();
  if (yes) asked?.go();
}

/** @param {Page} page @param {SimView} modal */
export async function submitModal(page, { id, view, values: kept, errors }) {
  const { state } = page;
  const key = placeKey({ viewId: id });
  if (state.busy.has(key)) return;
  const values = collect(view.blocks, state.forms.get(key), kept);
  const problems = problemsIn(view.blocks, values);
  // The app's complaints about the last try are over.
  state.problems.set(key, { ...Object.fromEntries(Object.keys(errors).map((block) => [block, ''])), ...problems });
  state.failures.delete(key);
  page.changed();
  if (Object.keys(problems).length > 0) return;
  state.busy.add(key);
  const outcome = await api.submit({ user: state.route.user, viewId: id, values });
  state.busy.delete(key);
  if (!outcome.ok) state.failures.set(key, outcome.error);
  state.problems.set(key, outcome.ok && 'errors' in outcome ? outcome.errors : {});
  await refresh(page);
  page.changed();
}

/** @param {Page} page @param {string} viewId */
export async function closeModal(page, viewId) {
  const outcome = await api.close({ user: page.state.route.user, viewId });
  if (!outcome.ok) page.state.failures.set(placeKey({ viewId }), outcome.error);
  await refresh(page);
}
