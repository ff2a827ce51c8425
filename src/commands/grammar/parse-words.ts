// What the parser says about a line it cannot read, and how a command is typed. Pure.
import { unreachable } from '../../errors.ts';
import { type ArgSpec, type Command, DEFAULT_MAX_LENGTH, flagOf } from '../command.ts';
import { nearest } from './nearest.ts';
import type { Token } from './tokens.ts';

type Typed = Pick<Command, 'name' | 'args'>;

/** `resize <server> [flavor] [--reason text]`. */
export function usageOf(command: Typed): string {
  const parts = shownArgs(command).map(([name, spec]) => {
    const value = spec.placeholder ?? (spec.kind === 'enum' ? spec.values.join('|') : flagOf(name));
    if (spec.positional) return spec.required ? `<${value}>` : `[${value}]`;
    const flag = spec.kind === 'boolean' ? `--${flagOf(name)}` : `--${flagOf(name)} ${value}`;
    return spec.required ? flag : `[${flag}]`;
  });
  return [command.name, ...parts].join(' ');
}

/** The arguments people are told of. */
export function shownArgs(command: Typed): [name: string, spec: ArgSpec][] {
  return Object.entries(command.args).filter(([, spec]) => spec.repeats !== false);
}

export function tooLongSentence(length: number, most: number): string {
  return `That line has ${length} characters and I read at most ${most}: please say it shorter.`;
}

/** The first words of commands of two: `disk`, `keypair` … */
export function nounsOf(commands: readonly Typed[]): string[] {
  return [...new Set(commands.flatMap(({ name }) => name.match(/^\S+(?= )/) ?? []))];
}

export function unknownWordSentence(tokens: Token[], commands: readonly Typed[]): string {
  const names = [...nounsOf(commands), ...commands.map(({ name }) => name)];
  const longest = Math.max(1, ...names.map((name) => name.split(' ').length));
  const typed = tokens.slice(0, longest).map(({ text }) => text.toLowerCase());
  for (let words = typed.length; words > 0; words -= 1) {
    const phrase = typed.slice(0, words).join(' ');
    const verbs = verbsOf(phrase, commands);
    if (verbs.length > 0) return `I do not know “${shown(typed.join(' '))}”: after “${phrase}” comes ${either(verbs)}.`;
    const [guess] = nearest(phrase, names);
    if (guess) return `I do not know “${shown(phrase)}”. Did you mean “${guess}”?`;
  }
  return `I do not know “${shown(typed[0] ?? '')}”. “help” lists everything I can do.`;
}

function verbsOf(noun: string, commands: readonly Typed[]): string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${noun} `) ? [name.slice(noun.length + 1)] : []));
}

/** `list, attach or detach` */
function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export function unknownFlagSentence(command: Typed, flag: string): string {
  const flags = shownArgs(command).map(([name]) => flagOf(name));
  const [guess] = nearest(flag, flags);
  if (guess) return `“${command.name}” has no --${shown(flag)}. Did you mean --${guess}?`;
  const known = flags.length > 0 ? `It knows ${flags.map((name) => `--${name}`).join(', ')}.` : 'It takes none.';
  return `“${command.name}” has no --${shown(flag)}. ${known}`;
}

export function extraWordSentence(command: Typed, word: string): string {
  return `I do not know what to do with “${shown(word)}”. Type it as: ${usageOf(command)}`;
}

export function missingSentence(command: Typed, name: string): string {
  return `“${command.name}” needs ${command.args[name]?.placeholder ?? flagOf(name)}. Type it as: ${usageOf(command)}`;
}

export function twiceSentence(name: string): string {
  return `--${flagOf(name)} is there twice: leave one of them out.`;
}

export function needsValueSentence(command: Pick<Command, 'name' | 'args' | 'examples'>, name: string): string {
  const example = command.examples.find((line) => line.includes(`--${flagOf(name)} `));
  const hint = example ? `for example: ${example}` : 'and one that begins with a dash has to stand in quotes.';
  return `--${flagOf(name)} needs a value, ${hint}`;
}

export function badValueSentence(name: string, { spec, text }: { spec: ArgSpec; text: string }): string {
  const place = spec.positional ? (spec.placeholder ?? flagOf(name)) : `--${flagOf(name)}`;
  return `“${shown(text)}” does not work for ${place}: it takes ${expected(spec)}.`;
}

function expected(spec: ArgSpec): string {
  switch (spec.kind) {
    case 'text':
      return `1 to ${spec.maxLength ?? DEFAULT_MAX_LENGTH} characters`;
    case 'number':
      return `a whole number from ${spec.least} to ${spec.most}`;
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${spec.values.join(', ')}`;
    case 'time':
      return 'a time such as 2h, 3d, 2026-11-21 or 2026-11-21T18:00Z';
    default:
      return unreachable(spec);
  }
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
