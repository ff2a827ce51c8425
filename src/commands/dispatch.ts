// Words, clicks and forms → the command that answers them. Routes; never acks, posts, or phrases an outage.
import { UserError } from '../errors.ts';
import type {
  ActionInteraction,
  Handlers,
  Interaction,
  Plan,
  Reply,
  SubmissionInteraction,
  SuggestionInteraction,
  ViewRef,
} from '../slack/reply.ts';
import { personal, shared } from './answer.ts';
import { HERE, LINK, RUN, SHARE } from './buttons.ts';
import type { Action, Args, ArgsOf, ArgsSpec, Click, Command, Form, View } from './command.ts';
import type { CommandContext, CommandDeps } from './context.ts';
import { createContext } from './create-context.ts';
import { emptyArgs, exactLine, parseLine, repeatLine, typedLine } from './parse.ts';
import { planReply } from './planned.ts';

/** `slash` is the slash command of this deployment, e.g. `/ecs`. */
export type DispatcherParts = { commands: readonly Command[]; deps: CommandDeps; slash: string };

export type Dispatcher = Pick<Handlers, 'plan' | 'run' | 'suggest'>;

type AnyArgs = ArgsOf<ArgsSpec>;

/** What an interaction turned out to ask for. */
type Work =
  | { kind: 'line'; command: Command; args: Args; place: Place }
  | { kind: 'click'; command: Command; args: Args; action: Action; click: Click }
  | { kind: 'form'; command: Command; args: Args; view: View<AnyArgs>; form: Form }
  | { kind: 'nothing' };

/** Where the answer goes. */
type Place = 'below' | 'instead' | 'channel';

/**
 * `run` throws UserError `unknown_word`, `bad_usage`, `unsupported` (a button or form we no longer have) and whatever
 * the command throws.
 */
export function createDispatcher({ commands, deps, slash }: DispatcherParts): Dispatcher {
  return {
    plan: (interaction) => planFor(interaction, commands),
    async run(interaction) {
      if (interaction.kind === 'suggestion' || interaction.kind === 'home_opened') return { kind: 'none' };
      const work = findWork(interaction, commands);
      if (work.kind === 'nothing') return { kind: 'none' };
      const again = (changed: Args) => exactLine(work.command, { ...work.args, ...changed });
      const ctx = createContext(deps, { interaction, about: aboutOf(viewOf(interaction)), slash, again });
      if (work.command.signIn === 'required') await ctx.session();
      return deliver(await answer(work, ctx), { work, ctx });
    },
    suggest: (interaction) => suggest(interaction, { commands, deps, slash }),
  };
}

/** Pure and instant: it runs before the ack. */
function planFor(interaction: Interaction, commands: readonly Command[]): Plan {
  const work = tryFindWork(interaction, commands);
  switch (work?.kind) {
    case 'line': {
      const title = work.command.opens?.(work.args) ?? null;
      if (title !== null) return { durable: false, loading: title };
      return { durable: !isPlanned(work) && work.command.changes && work.command.asksFirst?.(work.args) !== true };
    }
    case 'click':
      return work.action.opens === undefined
        ? { durable: work.action.changes }
        : { durable: false, loading: work.action.opens };
    case 'form': {
      const errors = work.view.check(work.form);
      if (Object.keys(errors).length > 0) return { durable: false, errors };
      return isPlanned(work)
        ? { durable: false, after: 'wait' }
        : { durable: work.view.changes, after: work.view.after };
    }
    default:
      return { durable: false };
  }
}

/** A line that cannot be read is refused by `run`, where the refusal is delivered. */
function tryFindWork(interaction: Interaction, commands: readonly Command[]): Work | null {
  try {
    return findWork(interaction, commands);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function findWork(interaction: Interaction, commands: readonly Command[]): Work {
  switch (interaction.kind) {
    case 'command': {
      const line = typedLine(interaction.text);
      return { kind: 'line', place: 'below', ...parseLine(line, { commands, now: interaction.receivedAt }) };
    }
    case 'action':
      return findAction(interaction, commands);
    case 'submission':
      return findView(interaction, commands);
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
    const asked = interaction.ephemeral || place !== 'instead' ? place : 'below';
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
function own<T>(named: Readonly<Record<string, T>> | undefined, id: string): T | undefined {
  return named !== undefined && Object.hasOwn(named, id) ? named[id] : undefined;
}

async function answer(work: Exclude<Work, { kind: 'nothing' }>, ctx: CommandContext): Promise<Reply> {
  if (isPlanned(work)) {
    const planned = await work.command.plan?.(work.args, ctx);
    return planned?.kind === 'calls' ? planReply(planned) : (planned ?? DONE);
  }
  if (work.kind === 'line') return work.command.run(work.args, ctx);
  return work.kind === 'click' ? work.action.run(work.click, ctx) : work.view.run(work.form, ctx);
}

/** Asked with `--plan`: to be shown, not done. */
function isPlanned(work: Exclude<Work, { kind: 'nothing' }>): boolean {
  return work.command.plan !== undefined && work.args['plan'] === true;
}

const DONE: Extract<Reply, { kind: 'message' }> = { kind: 'message', audience: 'person', text: 'Done.' };

/** The one place that adds the repeating line and the Share button. */
function deliver(
  reply: Reply,
  { work, ctx }: { work: Exclude<Work, { kind: 'nothing' }>; ctx: CommandContext },
): Reply {
  const line = repeatLine(work.command, work.args);
  const repeat = `${ctx.slash} ${line}`;
  const place = work.kind === 'line' ? work.place : 'below';
  // The message that was clicked must not go on offering what is done.
  if (reply.kind === 'none' && place === 'instead') return personal(DONE, { repeat, share: null, replace: true });
  if (reply.kind !== 'message' || reply.audience === 'channel') return reply;
  const mayShare = isPlanned(work) || (work.command.shares ?? !work.command.changes);
  if (place === 'channel' && mayShare) return shared(reply, { repeat, by: ctx.person });
  const share = mayShare && ctx.channelId !== null ? line : null;
  return personal(reply, { repeat, share, replace: place === 'instead' });
}

/** Somebody who may not see anything is offered nothing: a select's search box has no place for a sentence. */
async function suggest(interaction: SuggestionInteraction, { commands, deps, slash }: DispatcherParts) {
  for (const command of commands) {
    const find = own(command.suggestions, interaction.actionId);
    if (!find) continue;
    const again = (changed: Args) => exactLine(command, changed);
    const about = aboutOf(interaction.view);
    try {
      return (await find(interaction.query, createContext(deps, { interaction, about, slash, again }))).slice(0, 100);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return [];
}

function viewOf(interaction: Interaction): ViewRef | null {
  return 'view' in interaction ? interaction.view : null;
}

/** The strings of our private metadata; anything else in it is not ours. */
function aboutOf(view: ViewRef | null): Record<string, string> {
  if (!view || view.privateMetadata === '') return {};
  try {
    const parsed: unknown = JSON.parse(view.privateMetadata);
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}
