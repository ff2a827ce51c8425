// A line of text → a command and its typed arguments, and back. Pure: text goes no further than this file.
import { unreachable, UserError } from '../../errors.ts';
import {
  type Args,
  type ArgSpec,
  type ArgsSpec,
  type ArgValue,
  type Command,
  DEFAULT_MAX_LENGTH,
  flagOf,
} from '../command.ts';
import {
  badValueSentence,
  extraWordSentence,
  missingSentence,
  nounsOf,
  needsValueSentence,
  tooLongSentence,
  twiceSentence,
  unknownFlagSentence,
  unknownWordSentence,
} from './parse-words.ts';
import { fromCode } from '../../slack/text.ts';
import { formatTime, parseTime } from './times.ts';
import { DASHES, quoteWord, tokenize, type Token, undoSlackEscapes } from './tokens.ts';

export type Parsed = { command: Command; args: Args };

/** In UTF-16 units. Even with every letter escaped the line that repeats it fits the 2,000 characters of a button's value. */
const MAX_LINE = 900;

/** What a person typed or copied after the slash command, Slack's escapes undone and our own. Throws UserError `bad_usage` when it is over-long. */
export function typedLine(text: string): string {
  const line = fromCode(undoSlackEscapes(text));
  if (line.length > MAX_LINE) throw new UserError('bad_usage', tooLongSentence(line.length, MAX_LINE));
  return line;
}

type Reading = { commands: readonly Command[]; now: number };

/**
 * Reads a line without the slash command, as `typedLine` or `repeatLine` made it. The empty line and `--help` ask for `help`.
 * Throws UserError `unknown_word` or `bad_usage`.
 */
export function parseLine(line: string, { commands, now }: Reading): Parsed {
  const tokens = tokenize(line);
  const help = commands.find((command) => command.name === 'help');
  if (tokens.length === 0 && help) return { command: help, args: emptyArgs(help.args) };
  const found = findCommand(tokens, commands);
  const rest = found ? tokens.slice(found.name.split(' ').length) : tokens;
  if (help && rest.some((token) => flagName(token)?.name === 'help')) {
    return { command: help, args: { ...emptyArgs(help.args), word: found?.name ?? null } };
  }
  const noun = found ? null : nounAlone(tokens, commands);
  if (help && noun !== null) return { command: help, args: { ...emptyArgs(help.args), word: noun } };
  if (!found) throw new UserError('unknown_word', unknownWordSentence(tokens, commands));
  return { command: found, args: readArgs(found, { tokens: rest, now }) };
}

/** The longest name that the line begins with. */
function findCommand(tokens: Token[], commands: readonly Command[]): Command | null {
  let best: Command | null = null;
  for (const command of commands) {
    const words = command.name.split(' ');
    const matches = words.every((word, place) => wordAt(tokens, place) === word);
    if (matches && words.length > (best?.name.split(' ').length ?? 0)) best = command;
  }
  return best;
}

/** `disk` and nothing more, which stands for several: what they are is the answer. */
function nounAlone(tokens: Token[], commands: readonly Command[]): string | null {
  const word = tokens.length === 1 ? wordAt(tokens, 0) : null;
  return word !== null && nounsOf(commands).includes(word) ? word : null;
}

function wordAt(tokens: Token[], place: number): string | null {
  const token = tokens[place];
  return token && !token.quoted && token.assigned === undefined ? token.text.toLowerCase() : null;
}

/** Every argument absent. */
export function emptyArgs(spec: ArgsSpec): Args {
  return Object.fromEntries(Object.entries(spec).map(([name, arg]) => [name, arg.kind === 'boolean' ? false : null]));
}

function readArgs(command: Command, { tokens, now }: { tokens: Token[]; now: number }): Args {
  const { given, words } = sortOut(command, tokens);
  placeWords(command, { given, words });
  const args = emptyArgs(command.args);
  for (const [name, text] of given) args[name] = readValue(command, { name, text, now });
  for (const [name, spec] of Object.entries(command.args)) {
    if (spec.required && args[name] === null) throw new UserError('bad_usage', missingSentence(command, name));
  }
  return args;
}

type Given = Map<string, string>;

/** Separates flags with their values from the words that stand alone. */
function sortOut(command: Command, tokens: Token[]): { given: Given; words: string[] } {
  const given: Given = new Map();
  const words: string[] = [];
  let place = 0;
  while (place < tokens.length) {
    const token = tokens[place] as Token;
    place += 1;
    const flag = flagName(token) ?? knownKey(command, token);
    if (!flag) {
      words.push(token.text);
      continue;
    }
    const { name, negated } = resolveFlag(command, flag.name);
    if (given.has(name)) throw new UserError('bad_usage', twiceSentence(name));
    const spec = command.args[name] as ArgSpec;
    if (flag.value !== null) given.set(name, flag.value);
    else if (spec.kind === 'boolean') given.set(name, negated ? 'false' : 'true');
    else {
      const taken = takeValue(tokens.slice(place), spec);
      if (taken.length === 0) throw new UserError('bad_usage', needsValueSentence(command, name));
      given.set(name, taken.map(({ text }) => text).join(' '));
      place += taken.length;
    }
  }
  return { given, words };
}

type Flag = { name: string; value: string | null };

const FLAG = new RegExp(`^[${DASHES}]{1,3}(\\p{L}[\\p{L}\\p{N}_${DASHES}]*)(?:=(.*))?$`, 'su');

/** `--name`, `-name`, `—name`, each with or without `=value`. */
function flagName(token: Token): Flag | null {
  const match = token.quoted ? null : FLAG.exec(token.text);
  if (!match) return null;
  return { name: normalFlag(match[1] ?? ''), value: token.assigned ?? match[2] ?? null };
}

/** `name:value`, only where `name` is one of the command's arguments: `http://…` is just a word. */
function knownKey(command: Command, token: Token): Flag | null {
  const match = token.quoted ? null : /^(\p{L}[\p{L}\p{N}_-]*):(.*)$/su.exec(token.text);
  const name = normalFlag(match?.[1] ?? '');
  if (!match || argNamed(command, name) === null) return null;
  return { name, value: token.assigned ?? (match[2] || null) };
}

function normalFlag(typed: string): string {
  return typed.toLowerCase().replaceAll(new RegExp(`[_${DASHES}]+`, 'gu'), '-');
}

function argNamed(command: Command, flag: string): string | null {
  return Object.keys(command.args).find((name) => flagOf(name) === flag) ?? null;
}

function resolveFlag(command: Command, flag: string): { name: string; negated: boolean } {
  const name = argNamed(command, flag);
  if (name !== null) return { name, negated: false };
  const denied = flag.startsWith('no-') ? argNamed(command, flag.slice(3)) : null;
  if (denied !== null && command.args[denied]?.kind === 'boolean') return { name: denied, negated: true };
  throw new UserError('bad_usage', unknownFlagSentence(command, flag));
}

function takeValue(tokens: Token[], spec: ArgSpec): Token[] {
  const end = tokens.findIndex((token) => flagName(token) !== null);
  const free = end === -1 ? tokens : tokens.slice(0, end);
  return spec.rest ? free : free.slice(0, 1);
}

/** Gives the words that stand alone to the positional arguments not yet given by name, in order of declaration. */
function placeWords(command: Command, { given, words }: { given: Given; words: string[] }): void {
  const left = [...words];
  for (const [name, spec] of Object.entries(command.args)) {
    if (!spec.positional || given.has(name) || left.length === 0) continue;
    given.set(name, spec.rest ? left.splice(0).join(' ') : (left.shift() ?? ''));
  }
  const extra = left[0];
  if (extra !== undefined) throw new UserError('bad_usage', extraWordSentence(command, extra));
}

function readValue(command: Command, { name, text, now }: { name: string; text: string; now: number }): ArgValue {
  const spec = command.args[name] as ArgSpec;
  const value = coerce(spec, { text, now });
  if (value === undefined) throw new UserError('bad_usage', badValueSentence(name, { spec, text }));
  return value;
}

/** Undefined when the text is not of that kind. */
function coerce(spec: ArgSpec, { text, now }: { text: string; now: number }): ArgValue | undefined {
  switch (spec.kind) {
    case 'text':
      return text.trim() !== '' && text.length <= (spec.maxLength ?? DEFAULT_MAX_LENGTH) ? text : undefined;
    case 'number': {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= spec.least && value <= spec.most ? value : undefined;
    }
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase());
    case 'enum':
      return spec.values.find((value) => value.toLowerCase() === text.toLowerCase());
    case 'time':
      return parseTime(text, now) ?? undefined;
    default:
      return unreachable(spec);
  }
}

/** Not an object: `--hard=constructor` would find something in it. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['no', false],
  ['off', false],
]);

/**
 * The line that runs this command with these arguments: `parseLine` reads it back to the same ones, but for those that
 * are never repeated to people. Plain text, without the slash command.
 */
export function repeatLine(command: Pick<Command, 'name' | 'args'>, args: Args): string {
  const shown = Object.entries(args).filter(([name]) => command.args[name]?.repeats !== false);
  return exactLine(command, Object.fromEntries(shown));
}

/** The same with every argument, for our own buttons. */
export function exactLine(command: Pick<Command, 'name' | 'args'>, args: Args): string {
  const words: string[] = [];
  const flags: string[] = [];
  let gap = false;
  for (const [name, spec] of Object.entries(command.args)) {
    const value = args[name] ?? null;
    if (spec.positional && value === null) gap = true;
    if (value === null || value === false) continue;
    const text = spec.kind === 'time' && typeof value === 'number' ? formatTime(value) : String(value);
    if (spec.positional && !gap) words.push(quoteWord(text));
    else if (value === true) flags.push(`--${flagOf(name)}`);
    else flags.push(`--${flagOf(name)}`, quoteWord(text, 'after_flag'));
  }
  return [command.name, ...words, ...flags].join(' ');
}
