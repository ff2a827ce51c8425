// A name or id that a person typed → the one thing of a list it stands for. Pure; never the first match.
import { UserError } from '../../errors.ts';
import { nearest } from '../grammar/nearest.ts';
import { shortName } from '../server/words.ts';

type Named = { id: string; name: string };

/**
 * `one`: what it is called in a sentence, e.g. `flavor`. `list`: the command that lists them. `own`: the person's, not the
 * project's. `about`: the argument that named it, where a form shall say it at that field.
 */
export type NamedWords = { one: string; list: string; own?: true; about?: string };

/** Exactly one, by id, name, or name in another case. Throws UserError `not_found` with the nearest names, `ambiguous` with the ids. */
export function findNamed<T extends Named>(all: readonly T[], wanted: string, words: NamedWords): T {
  const byId = all.find(({ id }) => id === wanted);
  if (byId) return byId;
  const exact = all.filter(({ name }) => name === wanted);
  const named = exact.length > 0 ? exact : all.filter(({ name }) => sameWord(name, wanted));
  const [only] = named;
  if (only && named.length === 1) return only;
  const about = words.about === undefined ? {} : { about: words.about };
  if (named.length > 1) throw new UserError('ambiguous', severalSentence(named, wanted, words), about);
  throw new UserError('not_found', noneSentence(all, wanted, words), about);
}

/** With the text in its name, or exactly that id. */
export function isLike({ id, name }: Named, typed: string): boolean {
  return id === typed || name.toLowerCase().includes(typed.toLowerCase());
}

/** Those like it, for a search box: exactly that first, then what begins with it; else in the order given. */
export function matching<T extends Named>(all: readonly T[], typed: string): T[] {
  const wanted = typed.trim().toLowerCase();
  const distance = ({ id, name }: T) => {
    const word = name.toLowerCase();
    return id === typed.trim() || word === wanted ? 0 : word.startsWith(wanted) ? 1 : 2;
  };
  return all.filter((one) => isLike(one, typed.trim())).toSorted((a, b) => distance(a) - distance(b));
}

function sameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const MOST_IDS = 10;

function severalSentence(named: readonly Named[], wanted: string, { one }: NamedWords): string {
  const ids = named.slice(0, MOST_IDS).map(({ id }) => id);
  const more = named.length > ids.length ? ', …' : '';
  return `${named.length} ${one}s are called ${shortName(wanted)}: say which one by its id (${ids.join(', ')}${more}).`;
}

function noneSentence(all: readonly Named[], wanted: string, { one, list, own }: NamedWords): string {
  const names = [...new Set(all.map(({ name }) => name))].filter((name) => name !== '');
  const close = nearest(wanted, names, 3).map(shortName);
  const hint = close.length > 0 ? `Near it: ${close.join(', ')}.` : `“${list}” lists them all.`;
  const name = `${one} ${shortName(wanted)}`;
  return own ? `You have no ${name}. ${hint}` : `There is no ${name} in this project. ${hint}`;
}
