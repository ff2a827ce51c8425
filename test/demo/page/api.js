// The workspace simulator's control API, as this page uses it (test/simulators/slack/control-api.ts).

/** @import { PersonView, Outcome, SubmitOutcome, Place, FormState } from '../../simulators/slack/control-api.ts' */

/** Null when nobody is called that. @param {string} user '' for the first person @returns {Promise<PersonView | null>} */
export async function fetchView(user) {
  const response = await fetch(`/control/state${user ? `?user=${encodeURIComponent(user)}` : ''}`);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The workspace answered ${response.status}.`);
  return await response.json();
}

/** @param {{ user: string, channel: string, text: string }} body @returns {Promise<Outcome>} */
export function say(body) {
  return post('say', body);
}

/** @param {{ user: string, place: Place, blockId: string, actionId: string, value?: string | undefined, values: FormState }} body @returns {Promise<Outcome>} */
export function click(body) {
  return post('click', body);
}

/** @param {{ user: string, viewId: string, values: FormState }} body @returns {Promise<SubmitOutcome>} */
export function submit(body) {
  return post('submit', body);
}

/** @param {{ user: string, viewId: string }} body @returns {Promise<Outcome>} */
export function close(body) {
  return post('close', body);
}

/** @param {{ user: string, name: string, on?: { channel: string, ts: string } | undefined }} body @returns {Promise<Outcome>} */
export function shortcut(body) {
  return post('shortcut', body);
}

/** @param {{ user: string }} body @returns {Promise<Outcome>} */
export function openHome(body) {
  return post('home', body);
}

/**
 * Options of an external select; groups come as they are. Throws when the app did not answer in time.
 * @param {{ user: string, place: Place, blockId: string, actionId: string, query: string }} body @returns {Promise<any[]>}
 */
export async function suggest(body) {
  const answer = await post('suggest', body);
  const options = answer.options ?? answer.option_groups;
  if (!Array.isArray(options)) throw new Error(answer.error ?? 'no options');
  return options;
}

/** Null where no cloud is shown. @returns {Promise<import('./state.js').CloudState | null>} */
export async function fetchCloud() {
  const response = await fetch('/cloud/state');
  return response.ok ? await response.json() : null;
}

/** A server that cannot be reached is an outcome too: the person must see it where they clicked. @param {string} what @param {object} body @returns {Promise<any>} */
async function post(what, body) {
  try {
    const response = await fetch(`/control/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return response.ok || 'error' in answer
      ? { ok: response.ok, ...answer }
      : { ok: false, error: `http_${response.status}` };
  } catch {
    return { ok: false, error: 'workspace_unreachable' };
  }
}
