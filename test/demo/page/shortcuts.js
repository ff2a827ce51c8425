// What the app has put into Slack's own menus: the “+” of the composer, and the “⋯” of a message.
import { useShortcut } from './acting.js';
import { menuButton } from './menu-button.js';
import { displayName } from './state.js';

/** @import { Page } from './page.js' */
/** @import { SimMessage, SimShortcut } from '../../simulators/slack/control-api.ts' */

/** From anywhere: it takes nothing of the channel along. @param {Page} page */
export function globalShortcuts(page) {
  return menu(page, { id: 'shortcuts', name: 'Shortcuts', icon: 'plus', look: 'icon-button', type: 'global' });
}

/** Messages that only one person sees have none, as in Slack. @param {Page} page @param {SimMessage} one @param {boolean} inThread */
export function messageShortcuts(page, one, inThread) {
  if (one.ephemeralFor !== null) return null;
  const id = `more_${one.ts.replace('.', '_')}${inThread ? '_thread' : ''}`;
  const look = 'icon-button message-more';
  return menu(page, { id, name: 'Message shortcuts', icon: 'dots', look, type: 'message', on: one });
}

/** @param {Page} page @param {{ id: string, name: string, icon: string, look: string, type: SimShortcut['type'], on?: SimMessage }} what */
function menu(page, { type, on, ...button }) {
  const { view } = page.state;
  const ours = view?.shortcuts.filter((one) => one.type === type) ?? [];
  if (ours.length === 0) return null;
  return menuButton(page, {
    ...button,
    heading: displayName(view?.users.find((one) => one.isBot) ?? null),
    deeds: ours.map(({ name, description }) => ({
      key: name,
      label: name,
      detail: description,
      pick: () => void useShortcut(page, name, on && { channel: on.channel, ts: on.ts }),
    })),
  });
}
