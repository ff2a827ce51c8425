// Words, clicks and forms → the command that answers them. Routes; never acks, posts, or phrases an outage.
import { UserError } from '../errors.ts';
import type { Handlers, Interaction, Plan, Reply, SuggestionInteraction } from '../slack/reply.ts';
import { personal, shared } from './answer.ts';
import type { Args, Command } from './command.ts';
import type { CommandContext, CommandDeps } from './context.ts';
import { createContext } from './interaction-context.ts';
import { exactLine, repeatLine } from './grammar/parse.ts';
import { undoSlackEscapes } from './grammar/tokens.ts';
import { planReply } from './planned.ts';
import { aboutOf, findWork, isPlanned, own, type Something, tryFindWork, typed, viewOf } from './work.ts';

/** `slash` is the slash command of this deployment, e.g. `/ecs`. */
export type DispatcherParts = { commands: readonly Command[]; deps: CommandDeps; slash: string };

export type Dispatcher = Pick<Handlers, 'plan' | 'run' | 'suggest'> & {
  /** The line that was typed, or that a button or form stands for; null where it is none, as for a click on a card. */
  repeat(interaction: Interaction): string | null;
};

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
      const contextOf = ({ command, args }: Pick<Something, 'command' | 'args'>) => {
        const again = (changed: Args) => exactLine(command, { ...args, ...changed });
        return createContext(deps, { interaction, about: aboutOf(viewOf(interaction)), slash, again });
      };
      const ctx = contextOf(work);
      if (work.command.signIn === 'required') await ctx.session();
      if (work.kind !== 'shortcut') return deliver(await answer(work, ctx), { work, ctx });
      const found = await work.shortcut.resolve(work.text, ctx);
      if (!('args' in found)) return deliver(found, { work, ctx });
      // From here on it is the line that somebody might have typed.
      const line = typed(work, found.args);
      const asTyped = contextOf(line);
      return deliver(await answer(line, asTyped), { work: line, ctx: asTyped });
    },
    suggest: (interaction) => suggest(interaction, { commands, deps, slash }),
    repeat(interaction) {
      const line = lineOf(interaction, commands);
      // Pasted by mistake, and refused: it must not stand in another message.
      return line === null || /PRIVATE KEY/i.test(line) ? null : `${slash} ${line}`;
    },
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
    case 'shortcut':
      return { durable: false, ...(work.shortcut.opens !== null && { loading: work.shortcut.opens }) };
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

function lineOf(interaction: Interaction, commands: readonly Command[]): string | null {
  const work = tryFindWork(interaction, commands);
  if (work?.kind === 'line' || work?.kind === 'form') return repeatLine(work.command, work.args);
  return work === null && interaction.kind === 'command' ? unreadLine(interaction.text) : null;
}

const LONGEST_UNREAD = 500;

/** A typing mistake is mended in a copy. What follows `login` may be a secret that does not belong there. */
function unreadLine(text: string): string | null {
  const line = undoSlackEscapes(text).trim();
  return line.length > LONGEST_UNREAD || /^\P{L}*login/iu.test(line) ? null : line;
}

async function answer(work: Exclude<Something, { kind: 'shortcut' }>, ctx: CommandContext): Promise<Reply> {
  if (isPlanned(work)) {
    const planned = await work.command.plan?.(work.args, ctx);
    return planned?.kind === 'calls' ? planReply(planned) : (planned ?? DONE);
  }
  if (work.kind === 'line') return work.command.run(work.args, ctx);
  return work.kind === 'click' ? work.action.run(work.click, ctx) : work.view.run(work.form, ctx);
}

const DONE: Extract<Reply, { kind: 'message' }> = { kind: 'message', audience: 'person', text: 'Done.' };

/** The one place that adds the repeating line and the Share button. */
function deliver(reply: Reply, { work, ctx }: { work: Something; ctx: CommandContext }): Reply {
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
