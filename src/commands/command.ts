// The shape of everything a person can ask for: one value per command, holding its words, arguments, buttons and forms.
import type { Choice, FormValues, Reply } from '../slack/reply.ts';
import type { CommandContext } from './context.ts';
import type { Planned } from './planned.ts';

/**
 * One argument. An argument with `position` may be typed without its name; the order is the order of declaration.
 * Every argument can also be given as a flag: `maxRam` is typed `--max-ram 4096`, `--max-ram=4096` or `max-ram:4096`.
 */
export type ArgSpec = ArgKind & {
  summary: string;
  /** Stands for the value in the usage line, e.g. `server`. Default: the argument's own name. */
  placeholder?: string;
  positional?: boolean;
  /** The parser refuses the command without it. Leave it out where the command asks back with a menu or a modal. */
  required?: boolean;
  /** Takes all the words up to the next flag, for sentences typed without quotes. */
  rest?: boolean;
  /** False: known to our buttons only, in no line or help that people see (secrets, one-time codes, `--yes`). */
  repeats?: boolean;
};

export const DEFAULT_MAX_LENGTH = 255;

type ArgKind =
  /** `maxLength` in UTF-16 units. */
  | { kind: 'text'; maxLength?: number }
  | { kind: 'number'; least: number; most: number }
  | { kind: 'boolean' }
  | { kind: 'enum'; values: readonly string[] }
  /** A moment in ms since the epoch, typed as an ISO date or time, or as a distance into the past: `90m`, `2h`, `3d`. */
  | { kind: 'time' };

export type ArgsSpec = Readonly<Record<string, ArgSpec>>;

export type ArgValue = string | number | boolean | null;

type ValueOf<A extends ArgSpec> = A extends { kind: 'boolean' }
  ? boolean
  : A extends { kind: 'number' | 'time' }
    ? number | null
    : A extends { kind: 'enum'; values: readonly (infer V)[] }
      ? V | null
      : string | null;

/** What `run` gets: never undefined; null when the argument was not given, false for an absent boolean. */
export type ArgsOf<S extends ArgsSpec> = { -readonly [K in keyof S]: ValueOf<S[K]> };

export type Args = Record<string, ArgValue>;

/** A button or menu that was used. `value` is what it carried; ids and command lines only, never facts. */
export type Click = { actionId: string; value: string; form: Form | null };

/** A modal's values and what we had put into its private metadata. */
export type Form = { values: FormValues; about: Readonly<Record<string, string>> };

/** What a button of this command does, where running a line is not it. `opens`: the title of the loading modal. */
export type Action = {
  changes: boolean;
  opens?: string;
  run(click: Click, ctx: CommandContext): Promise<Reply>;
};

/**
 * An entry of Slack's own menus (manifest.yml, `features.shortcuts`), which comes without arguments. `resolve` finds them, or
 * asks back. `opens`: the title of the window for the answer, where it was chosen outside any conversation.
 */
export type Shortcut<A> = {
  opens: string | null;
  /** `text`: of the message it was chosen on, Slack's escapes undone; else null. */
  resolve(text: string | null, ctx: CommandContext): Promise<{ args: Partial<A> } | Reply>;
};

export type View<A> = {
  changes: boolean;
  /** `wait` keeps the modal open for the outcome; `close` shuts it at once. */
  after: 'close' | 'wait';
  /** Field errors by block_id. Pure and instant: it runs inside the ack. */
  check(form: Form): Record<string, string>;
  /** For the line that repeats the command; without it the line has no arguments. */
  args?(form: Form): A;
  run(form: Form, ctx: CommandContext): Promise<Reply>;
};

export type Command<S extends ArgsSpec = ArgsSpec> = {
  /** One or several words, lower case: `list`, `keypair create`. */
  name: string;
  /** One line of the help, starting with a verb, no full stop. */
  summary: string;
  /** Further sentences for `help <name>`. */
  details?: string;
  /** Real lines without the slash command itself, e.g. `resize web-1 s3.large.2`. */
  examples: readonly string[];
  args: S;
  signIn: 'required' | 'none';
  /** True: it changes the cloud or our records, so it is recorded before the ack. */
  changes: boolean;
  /** True when with these arguments it changes nothing yet, because it asks back or only looks. Pure. */
  asksFirst?(args: ArgsOf<S>): boolean;
  /** Whether the answer may be shared in the channel. Default: when nothing is changed. */
  shares?: boolean;
  /** Title (≤ 24) of the loading modal when the command will answer with a modal; else null. Pure. */
  opens?(args: ArgsOf<S>): string | null;
  run(args: ArgsOf<S>, ctx: CommandContext): Promise<Reply>;
  /**
   * The cloud calls that `run` would make with these arguments, made by the same functions; it may read, and change nothing.
   * With it the command takes `--plan`, in lines and in forms whose private metadata says `"plan": "yes"`.
   */
  plan?(args: ArgsOf<S>, ctx: CommandContext): Promise<Planned>;
  /** By action_id, which begins with this feature's word: `login:code`. */
  actions?: Readonly<Record<string, Action>>;
  /** By callback_id. */
  views?: Readonly<Record<string, View<ArgsOf<S>>>>;
  /** By callback_id. */
  shortcuts?: Readonly<Record<string, Shortcut<ArgsOf<S>>>>;
  /** Typeahead of external selects, by action_id. At most 100 choices. */
  suggestions?: Readonly<Record<string, (query: string, ctx: CommandContext) => Promise<Choice[]>>>;
};

/** Commands that stand together in `help`. */
export type Topic = { title: string; commands: readonly Command[] };

const PLAN: ArgSpec = { kind: 'boolean', summary: 'show the HTTP calls that would be made, and stop' };

/** Lets the compiler derive the type of `run`'s arguments from `args`, and gives `--plan` to whatever can be planned. */
export function defineCommand<const S extends ArgsSpec>(command: Command<S>): Command<S> {
  return command.plan === undefined ? command : { ...command, args: { ...command.args, plan: PLAN } };
}

/** `maxRam` → `max-ram`: how an argument is typed. */
export function flagOf(argName: string): string {
  return argName.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
