// The "Try this" card: the main story, step by step, with buttons that put the words into the composer.
import { focusComposer, write } from './composer.js';
import { h } from './dom.js';
import { displayName, hashOf } from './state.js';
import { go } from './workspace.js';

/** @import { Page } from './page.js' */
/** @import { SimUser } from '../../simulators/slack/control-api.ts' */

/** @typedef {{ who: SimUser | undefined, words: string, type?: string }} Step */

/** @param {Page} page */
export function story(page) {
  const { state } = page;
  const humans = state.view?.users.filter((one) => !one.isBot) ?? [];
  const named = (/** @type {string} */ name, /** @type {number} */ at) =>
    humans.find((one) => displayName(one).toLowerCase().startsWith(name)) ?? humans[at];
  const [alice, bob] = [named('alice', 0), named('bob', 1)];
  const command = state.view?.commands[0]?.command ?? '/ecs';
  const guide = state.cloud?.guide;
  const login = guide?.login ?? `${command} login`;
  const how = login.includes('credential')
    ? 'Sign in with the ID and secret that the demo has printed'
    : 'Sign in: follow the link, then type the code back';
  const steps = [
    { who: alice, words: how, type: login },
    { who: alice, words: 'Look around', type: `${command} list` },
    { who: alice, words: 'Ask for a bigger server', type: guide?.resize ?? `${command} resize web-1 c1.2xlarge` },
    { who: bob, words: 'Sign in too, then press Approve on the card', type: login },
    { who: alice, ...(guide?.last ?? { words: 'When the card asks, press Confirm (or Revert)' }) },
    { who: alice, words: 'Make a server out of a form', type: `${command} create` },
    { who: alice, words: 'Open the “+” below the composer, or the “⋯” of a message that names a server' },
  ];
  return h(
    'details',
    {
      class: 'story',
      'data-testid': 'story',
      open: state.storyOpen,
      ontoggle: (/** @type {any} */ event) => {
        state.storyOpen = event.target.open;
      },
    },
    h('summary', null, h('h3', null, 'Try this')),
    h(
      'ol',
      null,
      steps.map((one) => step(page, one)),
    ),
  );
}

/** @param {Page} page @param {Step} one */
function step(page, { who, words, type }) {
  const { state } = page;
  const name = displayName(who ?? null).split(/\s/)[0];
  const mine = who?.id === state.route.user;
  const room = state.view?.channels.find((one) => one.kind === 'channel')?.id ?? '';
  const place = state.view?.channels.some((one) => one.id === state.route.place && one.kind === 'channel')
    ? state.route.place
    : room;
  const use = () => {
    // On a phone the panel lies over the composer.
    if (matchMedia('(width <= 1000px)').matches) state.cloudOpen = false;
    go(page, { user: who?.id ?? state.route.user, place });
    if (type) whenThere(page, { user: who?.id ?? state.route.user, text: type });
  };
  return h(
    'li',
    null,
    h(
      'span',
      null,
      mine || !who
        ? h('b', null, `${name}: `)
        : h('a', { class: 'link', href: hashOf({ user: who.id, place }) }, `Be ${name}: `),
      words,
    ),
    type && h('button', { type: 'button', class: 'try', title: 'Put it into the composer', onclick: use }, type),
  );
}

/** Changing the person changes the composer: the words go into the new one. @param {Page} page @param {{ user: string, text: string }} what @param {number} [left] */
function whenThere(page, { user, text }, left = 50) {
  if (page.state.route.user === user && page.state.view?.me.id === user && page.state.route.place !== 'home') {
    write(page, text);
    setTimeout(focusComposer);
  } else if (left > 0) setTimeout(() => whenThere(page, { user, text }, left - 1), 50);
}
