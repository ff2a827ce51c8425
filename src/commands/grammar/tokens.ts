// Text as people type it on desks and phones → words. Pure; knows nothing of commands.
import { UserError } from '../../errors.ts';

/**
 * `quoted` words are never read as flags or as `key:value`. For `--name="two words"` the text is `--name=` and
 * `assigned` the quoted value.
 */
export type Token = { text: string; quoted: boolean; assigned?: string };

const DOUBLE = '"“”„‟«»';
const SINGLE = "'‘’‚";

/** Hyphens, and the dashes phones put in place of two of them. The plain one last: in a character class it stands for itself there. */
export const DASHES = '\u2010\u2011\u2012\u2013\u2014\u2015\u2212-';

/**
 * Undoes what Slack does to the text of a slash command: `<@U1|bob>` → `@bob`, `<#C1|ops>` → `#ops`,
 * `<http://web-1.example|web-1.example>` → `web-1.example`, `&lt;` → `<`.
 */
export function undoSlackEscapes(text: string): string {
  return text
    .replaceAll(/<([^<>]+)>/g, (_whole, inner: string) => plainName(inner))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function plainName(inner: string): string {
  const bar = inner.indexOf('|');
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? '' : inner.slice(bar + 1);
  if (!/^[@#!]/.test(target)) return label || target.replace(/^mailto:/, '');
  // A group mention's label begins with its own @.
  if (target.startsWith('!')) return `@${(label || target.slice(1)).replace(/^@|^subteam\^/, '')}`;
  return target.charAt(0) + (label || target.slice(1));
}

/** Splits into words; a word that begins with a quote runs to the matching quote. Throws UserError `bad_usage` if there is none. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const { token, length } = isQuote(rest.charAt(0)) ? quotedWord(rest) : bareWord(rest);
    tokens.push(token);
    rest = rest.slice(length).trimStart();
  }
  return tokens;
}

type Read = { token: Token; length: number };

/** A bare word ends at white space, except that `--name="two words"` and `name:"two words"` carry a quoted value. */
function bareWord(text: string): Read {
  const assigned = /^[\p{L}\p{N}\p{Pd}\u2212_]+[=:]/u.exec(text)?.[0];
  if (assigned && isQuote(text.charAt(assigned.length))) {
    const value = quotedWord(text.slice(assigned.length));
    const token = { text: assigned, quoted: false, assigned: value.token.text };
    return { token, length: assigned.length + value.length };
  }
  const word = /^\S+/.exec(text)?.[0] ?? '';
  return { token: { text: word, quoted: false }, length: word.length };
}

/** A quote closes only before white space or the end, so that `'it's fine'` and `"5" disk"` mean what they look like. */
function quotedWord(text: string): Read {
  const family = DOUBLE.includes(text.charAt(0)) ? DOUBLE : SINGLE;
  let value = '';
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const next = text.charAt(at + 1);
    if (letter === '\\' && (next === '\\' || isQuote(next))) {
      value += next;
      at += 1;
    } else if (family.includes(letter) && /^(\s|$)/.test(next)) {
      return { token: { text: value, quoted: true }, length: at + 1 };
    } else {
      value += letter;
    }
  }
  throw new UserError('bad_usage', unclosedQuote(text));
}

/** The word as it must be typed to be read back as `text`. After a flag's name a colon needs no quotes. */
export function quoteWord(text: string, place: 'alone' | 'after_flag' = 'alone'): string {
  const bare =
    place === 'alone' ? /^[\p{L}\p{N}._/@+][\p{L}\p{N}._/@+-]*$/u : /^[\p{L}\p{N}._/@+][\p{L}\p{N}._/@+:-]*$/u;
  if (bare.test(text)) return text;
  const escaped = text.replaceAll(/[\\"“”„‟«»'‘’‚]/g, (letter) => (SINGLE.includes(letter) ? letter : `\\${letter}`));
  return `"${escaped}"`;
}

function isQuote(letter: string): boolean {
  return letter !== '' && (DOUBLE + SINGLE).includes(letter);
}

function unclosedQuote(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `The quotation that begins with ${shown} is never closed: add the closing quote, or leave the quotes out.`;
}
