// What Slack can send us: one listener per kind. Each reads the payload, takes it in, acks, and only then works.
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { unreachable } from '../errors.ts';
import { option } from './blocks.ts';
import { createIntake, type IntakeDeps, type Receipt, type Refusal } from './intake.ts';
import { actionFrom, commandFrom, firstInput, homeFrom, submissionFrom, suggestionFrom } from './interactions.ts';
import { LIMITS } from './limits.ts';
import {
  ALREADY_RECEIVED,
  blocksOf,
  type Message,
  NOT_READ,
  noticeView,
  plainMessage,
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
  const takeIn = createIntake(deps);
  const receivedAt = (context: Record<string, unknown>): number => {
    const at = context['receivedAt'];
    return typeof at === 'number' ? at : deps.now();
  };
  const unread = (kind: Interaction['kind']): void => {
    deps.log.warn({ kind }, 'A payload of Slack lacks what we need');
  };
  const acked = (interaction: Interaction): void => {
    deps.observe?.ack?.(interaction.kind, deps.now() - interaction.receivedAt);
  };
  const workOn = (interaction: Interaction, receipt: Receipt): void => {
    if (receipt.kind === 'perform') deps.tracker.track(deps.perform(interaction));
  };

  app.command(deps.command, async ({ body, ack, context }) => {
    const interaction = commandFrom(body, receivedAt(context));
    if (!interaction) {
      unread('command');
      return ack(ephemeral(plainMessage(NOT_READ)));
    }
    const receipt = await takeIn(interaction);
    await (receipt.kind === 'refused' ? ack(ephemeral(messageOf(receipt.refusal))) : ack());
    acked(interaction);
    workOn(interaction, receipt);
  });

  app.action(/.*/, async ({ body, ack, context }) => {
    const interaction = actionFrom(body, receivedAt(context));
    if (!interaction) {
      unread('action');
      return ack();
    }
    const receipt = await takeIn(interaction);
    await ack();
    acked(interaction);
    if (receipt.kind === 'refused') deps.tracker.track(deps.tell(interaction, messageOf(receipt.refusal)));
    workOn(interaction, receipt);
  });

  app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ body, ack, context }) => {
    const interaction = submissionFrom(body, receivedAt(context));
    if (!interaction) {
      unread('submission');
      return ack(updateTo(noticeView(plainMessage(NOT_READ))));
    }
    const receipt = await takeIn(interaction);
    const answer = submissionAnswer(interaction, receipt, firstInput(body));
    await (answer ? ack(answer) : ack());
    acked(interaction);
    workOn(interaction, receipt);
  });

  app.options(/.*/, async ({ body, ack, context }) => {
    const interaction = suggestionFrom(body, receivedAt(context));
    if (!interaction) {
      unread('suggestion');
      return ack({ options: [] });
    }
    await ack({ options: await suggestions(deps, interaction) });
    acked(interaction);
  });

  // Bolt has acked it already: an opened Home tab that we lose is opened again.
  app.event('app_home_opened', async ({ body, context }) => {
    const interaction = homeFrom(body, receivedAt(context));
    if (!interaction) return;
    const receipt = await takeIn(interaction);
    workOn(interaction, receipt);
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
        ? { response_action: 'errors', errors: { [input]: receipt.refusal.text } }
        : updateTo(noticeView(messageOf(receipt.refusal), metadata));
    case 'duplicate':
      return receipt.plan.after === 'wait' ? updateTo(noticeView(plainMessage(ALREADY_RECEIVED), metadata)) : null;
    case 'perform':
    case 'recorded':
      return receipt.plan.after === 'wait' ? updateTo(waitingView(metadata)) : null;
    default:
      return unreachable(receipt);
  }
}

function messageOf({ text, blocks }: Refusal): Message {
  return plainMessage(text, blocks);
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
