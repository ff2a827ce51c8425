// What an interaction turned out to ask for: a line, a click, a form or a shortcut of one of the commands. Pure.
import { UserError } from '../errors.ts';
import type {
  ActionInteraction,
  Interaction,
  ShortcutInteraction,
  SubmissionInteraction,
  ViewRef,
} from '../slack/reply.ts';
import { HERE, LINK, RUN, SHARE } from './buttons.ts';
import type { Action, Args, ArgsOf, ArgsSpec, ArgValue, Click, Command, Form, Shortcut, View } from './command.ts';
import { emptyArgs, parseLine, typedLine } from './grammar/parse.ts';
import { undoSlackEscapes } from './grammar/tokens.ts';

export type AnyArgs = ArgsOf<ArgsSpec>;

export type Work =
  | { kind: 'line'; command: Command; args: Args; place: Place }
  | { kind: 'click'; command: Command; args: Args; action: Action; click: Click }
  | { kind: 'form'; command: Command; args: Args; view: View<AnyArgs>; form: Form }
  | { kind: 'shortcut'; command: Command; args: Args; shortcut: Shortcut<AnyArgs>; text: string | null }
  | { kind: 'nothing' };

export type Something = Exclude<Work, { kind: 'nothing' }>;

/** Where the answer goes. */
export type Place = 'below' | 'instead' | 'channel';

/** A line that cannot be read is refused by `run`, where the refusal is delivered. */
export function tryFindWork(interaction: Interaction, commands: readonly Command[]): Work | null {
  try {
    return findWork(interaction, commands);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

export function findWork(interaction: Interaction, commands: readonly Command[]): Work {
  switch (interaction.kind) {
    case 'command': {
      const line = typedLine(interaction.text);
      return { kind: 'line', place: 'below', ...parseLine(line, { commands, now: interaction.receivedAt }) };
    }
    case 'action':
      return findAction(interaction, commands);
    case 'submission':
      return findView(interaction, commands);
    case 'shortcut':
      return findShortcut(interaction, commands);
    default:
      return { kind: 'nothing' };
  }
}

const PLACES: readonly (readonly [string, Place])[] = [
  [RUN, 'below'],
  [HERE, 'instead'],
  [SHARE, 'channel'],
];

function findAction(interaction: ActionInteraction, commands: readonly Command[]): Work {
  const { actionId, value, receivedAt } = interaction;
  if (belongsTo(actionId, LINK)) return { kind: 'nothing' };
  const place = PLACES.find(([id]) => belongsTo(actionId, id))?.[1];
  if (place) {
    const isMine = interaction.ephemeral || (interaction.view !== null && interaction.view.type !== 'home');
    const asked = isMine || place !== 'instead' ? place : 'below';
    return { kind: 'line', place: asked, ...parseLine(value, { commands, now: receivedAt }) };
  }
  const form = interaction.view ? { values: interaction.values, about: aboutOf(interaction.view) } : null;
  const click = { actionId, value, form };
  for (const command of commands) {
    const found = Object.entries(command.actions ?? {}).find(([id]) => belongsTo(actionId, id))?.[1];
    if (!found) continue;
    return { kind: 'click', command, args: emptyArgs(command.args), action: found, click };
  }
  throw new UserError('unsupported', 'That button is from an older version of me: type the command again.');
}

/** `login:code` and `login:code:2` belong to `login:code`: one block may not hold the same id twice. */
function belongsTo(actionId: string, id: string): boolean {
  return actionId === id || actionId.startsWith(`${id}:`);
}

function findView({ callbackId, values, view }: SubmissionInteraction, commands: readonly Command[]): Work {
  const form = { values, about: aboutOf(view) };
  for (const command of commands) {
    const found = own(command.views, callbackId);
    if (!found) continue;
    const planned = command.plan !== undefined && form.about['plan'] === 'yes';
    const args = { ...(found.args?.(form) ?? emptyArgs(command.args)), ...(planned && { plan: true }) };
    return { kind: 'form', command, args, view: found, form };
  }
  throw new UserError('unsupported', 'That form is from an older version of me: type the command again.');
}

/** Ids come from outside: `constructor` is not one of ours. */
export function own<T>(named: Readonly<Record<string, T>> | undefined, id: string): T | undefined {
  return named !== undefined && Object.hasOwn(named, id) ? named[id] : undefined;
}

function findShortcut({ callbackId, text }: ShortcutInteraction, commands: readonly Command[]): Work {
  for (const command of commands) {
    const shortcut = own(command.shortcuts, callbackId);
    if (!shortcut) continue;
    const said = text === null ? null : undoSlackEscapes(text);
    return { kind: 'shortcut', command, args: emptyArgs(command.args), shortcut, text: said };
  }
  throw new UserError('unsupported', 'I have no such shortcut any more: type the command instead.');
}

export function typed({ command, args }: Something, found: Partial<AnyArgs>): Extract<Work, { kind: 'line' }> {
  const known = Object.entries(found).filter((entry): entry is [string, ArgValue] => entry[1] !== undefined);
  return { kind: 'line', place: 'below', command, args: { ...args, ...Object.fromEntries(known) } };
}

/** Asked with `--plan`: to be shown, not done. */
export function isPlanned(work: Something): boolean {
  return work.command.plan !== undefined && work.args['plan'] === true;
}

export function viewOf(interaction: Interaction): ViewRef | null {
  return 'view' in interaction ? interaction.view : null;
}

/** The strings of our private metadata; anything else in it is not ours. */
export function aboutOf(view: ViewRef | null): Record<string, string> {
  if (!view || view.privateMetadata === '') return {};
  try {
    const parsed: unknown = JSON.parse(view.privateMetadata);
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}
