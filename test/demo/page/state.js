// Everything the page remembers. `view` and `cloud` come from the server; the rest is this window's own.

/** @import { PersonView, SimMessage, FormState, Place } from '../../simulators/slack/control-api.ts' */

/** @typedef {{ user: string, place: string, thread: string }} Route place: a channel id, or 'home'; thread: ts or '' */
/** @typedef {{ ts: string, channel: string, text: string, user: string }} Notice what Slackbot tells this person here */
/** @typedef {{ id: string, query: string, typed: boolean, active: number, options: any[], status: 'ready' | 'loading' | 'failed' | 'short' }} Menu */
/** @typedef {{ dialog: any, go: () => void }} Confirmation */
/** @typedef {{ id: string, name: string, status: string, vmState?: string, taskState?: string | null, flavor?: any, project?: any }} CloudServer */
/** @typedef {{ at: number, method: string, path: string, status: number, by?: any, ms?: number }} CloudCall */
/** @typedef {{ servers: CloudServer[], calls: CloudCall[], guide?: { login: string, resize: string, last?: { words: string, type: string } } }} CloudState what to try, where it is not what the simulated cloud has */

/**
 * @typedef {object} State
 * @property {Route} route
 * @property {PersonView | null} view
 * @property {number} ahead how far the server's clock is ahead of ours, ms
 * @property {'connecting' | 'online' | 'offline'} link
 * @property {string} trouble why there is no view, '' when there is one
 * @property {Map<string, string>} drafts composer text by person and channel
 * @property {Map<string, string[]>} history what each person sent, oldest first
 * @property {{ at: number, kept: string }} recall position in the history (-1: not recalling) and the text it replaced
 * @property {{ active: number, shut: boolean }} completion highlighted offer (-1: none); shut: closed with Escape
 * @property {Map<string, FormState>} forms what was chosen and typed in messages, modals and Home
 * @property {Map<string, Record<string, string>>} problems field errors found before sending, by view id
 * @property {Menu | null} menu the one open menu
 * @property {Confirmation | null} confirm
 * @property {Set<string>} busy elements and views waiting for the app's receipt
 * @property {Map<string, string>} failures by element or view: Slack's error word
 * @property {Notice[]} notices
 * @property {Set<string>} dismissed ephemeral messages put away, by ts
 * @property {Map<string, string>} read last read ts by person and channel
 * @property {boolean} drawer sidebar open, on a phone
 * @property {CloudState | null} cloud null: no cloud to show
 * @property {boolean} cloudOpen
 * @property {boolean} storyOpen
 */

/** @returns {State} */
export function createState() {
  return {
    route: { user: '', place: '', thread: '' },
    view: null,
    ahead: 0,
    link: 'connecting',
    trouble: '',
    drafts: new Map(),
    history: new Map(),
    recall: { at: -1, kept: '' },
    completion: { active: -1, shut: false },
    forms: new Map(),
    problems: new Map(),
    menu: null,
    confirm: null,
    busy: new Set(),
    failures: new Map(),
    notices: [],
    dismissed: new Set(),
    read: new Map(),
    drawer: false,
    cloud: null,
    cloudOpen: matchMedia('(min-width: 1100px)').matches,
    storyOpen: true,
  };
}

/** @param {string} hash `#/U1/C1/1700000000.000100` @returns {Route} */
export function readHash(hash) {
  const [user = '', place = '', thread = ''] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return { user, place, thread };
}

/** @param {Partial<Route> & { user: string }} route */
export function hashOf({ user, place = '', thread = '' }) {
  return `#/${[user, place, thread].filter(Boolean).map(encodeURIComponent).join('/')}`;
}

/** The key under which forms, failures and waiting marks of a place are kept. @param {Place} place */
export function placeKey(place) {
  if ('viewId' in place) return `view:${place.viewId}`;
  return 'home' in place ? 'home' : `message:${place.channel}:${place.ts}`;
}

/** The channel the person has chosen, or null on the Home tab. @param {State} state */
export function currentChannel(state) {
  return state.view?.channels.find((one) => one.id === state.route.place) ?? null;
}

/** @param {State} state @param {string} id */
export function userOf(state, id) {
  return state.view?.users.find((one) => one.id === id) ?? null;
}

/** Name on the sidebar and in headings. @param {State} state @param {import('../../simulators/slack/control-api.ts').SimChannel} channel */
export function channelTitle(state, channel) {
  if (channel.kind !== 'im') return channel.name;
  const other = channel.withUser ?? channel.members.find((id) => id !== state.route.user) ?? '';
  return displayName(userOf(state, other)) || channel.name;
}

/** @param {{ name: string, realName: string } | null} user */
export function displayName(user) {
  return user ? user.realName || user.name : '';
}

/** Milliseconds since the epoch by the workspace's clock. @param {State} state */
export function now(state) {
  return Date.now() + state.ahead;
}

/** Messages of a channel in order, with Slackbot's own words to this person. @param {State} state @param {string} channel @returns {SimMessage[]} */
export function messagesOf(state, channel) {
  const notices = state.notices
    .filter((one) => one.channel === channel && one.user === state.route.user)
    .map((one) => ({
      ts: one.ts,
      channel,
      from: 'USLACKBOT',
      text: one.text,
      blocks: [],
      threadTs: null,
      ephemeralFor: one.user,
      editedAt: null,
      broadcast: false,
    }));
  return [...(state.view?.messages[channel] ?? []), ...notices]
    .filter((one) => !state.dismissed.has(one.ts))
    .toSorted((a, b) => Number(a.ts) - Number(b.ts));
}

/** How many messages of others are newer than what was read here. @param {State} state @param {string} channel */
export function unreadCount(state, channel) {
  const read = Number(state.read.get(`${state.route.user}/${channel}`) ?? 0);
  const fresh = (state.view?.messages[channel] ?? []).filter(
    (one) => Number(one.ts) > read && one.from !== state.route.user,
  );
  return fresh.filter((one) => one.threadTs === null || one.threadTs === one.ts || one.broadcast).length;
}
