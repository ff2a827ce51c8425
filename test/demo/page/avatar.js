// The square with a person's initials.
import { h } from './dom.js';

const SHADES = 8;

/** @param {{ id: string, realName?: string, name: string, isBot?: boolean } | null} user @param {string} [size] */
export function avatar(user, size = '') {
  const name = user ? user.realName || user.name : '?';
  const shade = user?.isBot
    ? 'bot'
    : [...(user?.id ?? '')].reduce((sum, char) => sum * 31 + (char.codePointAt(0) ?? 0), 7) % SHADES;
  return h('span', { class: `avatar shade-${shade} ${size}`, 'aria-hidden': 'true' }, initials(name));
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const [first = '?', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ([...first][0] ?? '').toUpperCase() + ([...last][0] ?? '').toUpperCase();
}
