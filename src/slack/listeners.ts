// What Slack can send us: one listener per kind. Each reads the payload, takes it in, acks, and only then works.
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { unreachable } from '../errors.ts';
import { option } from './inputs.ts';
import { createIntake, type IntakeDeps, type Receipt } from './intake.ts';
import {
  actionFrom,
  commandFrom,
  firstInput,
  homeFrom,
  shortcutFrom,
  submissionFrom,
  suggestionFrom,
} from './interactions.ts';
import { LIMITS } from './limits.ts';
import {
  ALREADY_RECEIVED,
  blocksOf,
  type Message,
  NOT_READ,
  noticeView,
  plainMessage,
  refusalMessage,
  waitingView,
} from './notices.ts';
import type { Observe } from './ports.ts';
import type { Handlers, Interaction, SubmissionInteraction, SuggestionInteraction } from './reply.ts';
import { type Tracker, withinTime } from './tracker.ts';

export type ListenerDeps = IntakeDeps & {
  command: string;
  handlers: Handlers;
  tracker: Tracker;
  perform(interaction: Interaction): Promise<void>;
  /** Tells the person alone, when the ack cannot. */
  tell(interaction: Interaction, message: Message): Promise<void>;
  observe?: Observe;
};

/** Options come back in the same three seconds. */
const SUGGEST_WITHIN_MS = 2500;

export function addListeners(app: App, deps: ListenerDeps): void {
  const desk = createDesk(deps);
  listenToCommands(app, desk, deps.command);
  app.action(/.*/, inSilence(desk, 'action', actionFrom));
  listenToSubmissions(app, desk);
  app.shortcut(/.*/, inSilence(desk, 'shortcut', shortcutFrom));
  listenToMenus(app, desk, deps);
  listenToHome(app, desk);
}

type Desk = {
  takeIn(interaction: Interaction): Promise<Receipt>;
  receivedAt(context: Record<string, unknown>): number;
  /** The payload lacks what we need. */
  unread(kind: Interaction['kind']): void;
  acked(interaction: Interaction): void;
  /** After the ack: the work, or what the ack could not say. */
  goOn(interaction: Interaction, receipt: Receipt): void;
};

function createDesk(deps: ListenerDeps): Desk {
  const { log, now, observe, tracker } = deps;
  return {
    takeIn: createIntake(deps),
    receivedAt: ({ receivedAt }) => (typeof receivedAt === 'number' ? receivedAt : now()),
    unread: (kind) => log.warn({ kind }, 'A payload of Slack lacks what we need'),
    acked: (interaction) => observe?.ack?.(interaction.kind, now() - interaction.receivedAt),
    goOn: (interaction, receipt) => {
      if (receipt.kind === 'perform') tracker.track(deps.perform(interaction));
      const acksInSilence = interaction.kind === 'action' || interaction.kind === 'shortcut';
      const isUntold = receipt.kind === 'refused' && acksInSilence;
      if (isUntold) tracker.track(deps.tell(interaction, refusalMessage(receipt.refusal)));
    },
  };
}

function listenToCommands(app: App, desk: Desk, command: string): void {
  app.command(command, async ({ body, ack, context }) => {
    const interaction = commandFrom(body, desk.receivedAt(context));
    if (!interaction) {
      desk.unread('command');
      return ack(ephemeral(plainMessage(NOT_READ)));
    }
    const receipt = await desk.takeIn(interaction);
    await (receipt.kind === 'refused' ? ack(ephemeral(refusalMessage(receipt.refusal))) : ack());
    desk.acked(interaction);
    desk.goOn(interaction, receipt);
  });
}

function listenToSubmissions(app: App, desk: Desk): void {
  app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ body, ack, context }) => {
    const interaction = submissionFrom(body, desk.receivedAt(context));
    if (!interaction) {
      desk.unread('submission');
      return ack(updateTo(noticeView(plainMessage(NOT_READ))));
    }
    const receipt = await desk.takeIn(interaction);
    const answer = submissionAnswer(interaction, receipt, firstInput(body));
    await (answer ? ack(answer) : ack());
    desk.acked(interaction);
    desk.goOn(interaction, receipt);
  });
}

/** Clicks and shortcuts: the ack says nothing. */
function inSilence(
  desk: Desk,
  kind: 'action' | 'shortcut',
  read: (body: unknown, receivedAt: number) => Interaction | null,
) {
  return async ({ body, ack, context }: { body: unknown; ack(): Promise<void>; context: Record<string, unknown> }) => {
    const interaction = read(body, desk.receivedAt(context));
    if (!interaction) {
      desk.unread(kind);
      return ack();
    }
    const receipt = await desk.takeIn(interaction);
    await ack();
    desk.acked(interaction);
    desk.goOn(interaction, receipt);
  };
}

function listenToMenus(app: App, desk: Desk, deps: ListenerDeps): void {
  app.options(/.*/, async ({ body, ack, context }) => {
    const interaction = suggestionFrom(body, desk.receivedAt(context));
    if (!interaction) {
      desk.unread('suggestion');
      return ack({ options: [] });
    }
    await ack({ options: await suggestions(deps, interaction) });
    desk.acked(interaction);
  });
}

/** Bolt has acked it already: an opened Home tab that we lose is opened again. */
function listenToHome(app: App, desk: Desk): void {
  app.event('app_home_opened', async ({ body, context }) => {
    const interaction = homeFrom(body, desk.receivedAt(context));
    if (interaction) desk.goOn(interaction, await desk.takeIn(interaction));
  });
}

type SubmissionAnswer =
  | { response_action: 'errors'; errors: Record<string, string> }
  | { response_action: 'update'; view: ModalView };

/** Null closes the form. A refusal leaves what was typed in place whenever there is an input to put it under. */
function submissionAnswer(of: SubmissionInteraction, receipt: Receipt, input: string | null): SubmissionAnswer | null {
  const metadata = of.view.privateMetadata;
  switch (receipt.kind) {
    case 'field_errors':
      return { response_action: 'errors', errors: receipt.errors };
    case 'refused':
      return input
        ? { response_action: 'errors', errors: { [input]: receipt.refusal.plain } }
        : updateTo(noticeView(refusalMessage(receipt.refusal), metadata));
    case 'duplicate':
      return receipt.plan.after === 'wait' ? updateTo(noticeView(plainMessage(ALREADY_RECEIVED), metadata)) : null;
    case 'perform':
    case 'recorded':
      return receipt.plan.after === 'wait' ? updateTo(waitingView(metadata)) : null;
    default:
      return unreachable(receipt);
  }
}

function updateTo(view: ModalView): { response_action: 'update'; view: ModalView } {
  return { response_action: 'update', view };
}

function ephemeral(message: Message): {
  response_type: 'ephemeral';
  text: string;
  blocks: ReturnType<typeof blocksOf>;
} {
  return { response_type: 'ephemeral', text: message.text, blocks: blocksOf(message) };
}

/** No choices rather than an error: the menu says so itself, and the person can type on. */
async function suggestions(deps: ListenerDeps, of: SuggestionInteraction): Promise<ReturnType<typeof option>[]> {
  try {
    const choices = await withinTime(deps.handlers.suggest(of), SUGGEST_WITHIN_MS, () => []);
    return choices.slice(0, LIMITS.selectOptions).map(option);
  } catch (err) {
    deps.log.warn({ err, actionId: of.actionId }, 'No choices could be offered');
    return [];
  }
}
