// From Slack's payloads to our `Interaction`s. Pure; null means: not something we can make sense of.
import { filledForm } from './form.ts';
import {
  ActionsPayload,
  CommandPayload,
  type ElementValue,
  HomePayload,
  ShortcutPayload,
  type State,
  SubmissionPayload,
  SuggestionPayload,
  type View,
} from './payloads.ts';
import type {
  ActionInteraction,
  CommandInteraction,
  FormValues,
  HomeInteraction,
  Person,
  ShortcutInteraction,
  SubmissionInteraction,
  SuggestionInteraction,
  ViewRef,
} from './reply.ts';

export function commandFrom(body: unknown, receivedAt: number): CommandInteraction | null {
  const parsed = CommandPayload.safeParse(body);
  if (!parsed.success) return null;
  const payload = parsed.data;
  return {
    kind: 'command',
    id: `command:${payload.team_id}:${payload.user_id}:${payload.trigger_id}`,
    person: { teamId: payload.team_id, userId: payload.user_id },
    receivedAt,
    command: payload.command,
    text: payload.text,
    channelId: payload.channel_id,
    responseUrl: payload.response_url,
    triggerId: payload.trigger_id,
  };
}

export function actionFrom(body: unknown, receivedAt: number): ActionInteraction | null {
  const parsed = ActionsPayload.safeParse(body);
  const person = parsed.success ? personOf(parsed.data) : null;
  if (!parsed.success || !person) return null;
  const { actions, view, container, ...payload } = parsed.data;
  const [action] = actions;
  const channelId = payload.channel?.id ?? container?.channel_id ?? null;
  const ts = container?.message_ts ?? null;
  const at = action.action_ts || payload.trigger_id;
  if (!at) return null;
  return {
    kind: 'action',
    id: `action:${person.teamId}:${person.userId}:${at}:${action.action_id}:${action.block_id}`,
    person,
    receivedAt,
    actionId: action.action_id,
    value: firstOf(valueOf(action)),
    channelId,
    responseUrl: payload.response_url ?? null,
    triggerId: payload.trigger_id,
    message: channelId && ts ? { channelId, ts } : null,
    ephemeral: container?.is_ephemeral === true,
    view: view ? viewRef(view) : null,
    values: formValues(view?.state ?? payload.state),
  };
}

export function submissionFrom(body: unknown, receivedAt: number): SubmissionInteraction | null {
  const parsed = SubmissionPayload.safeParse(body);
  const person = parsed.success ? personOf(parsed.data) : null;
  if (!parsed.success || !person) return null;
  const { view, trigger_id: triggerId } = parsed.data;
  const form = filledForm(view);
  return {
    kind: 'submission',
    id: `submission:${view.id}:${view.hash}`,
    person,
    receivedAt,
    callbackId: view.callback_id,
    view: viewRef(view),
    ...(form && { form }),
    triggerId,
    values: formValues(view.state),
  };
}

export function shortcutFrom(body: unknown, receivedAt: number): ShortcutInteraction | null {
  const parsed = ShortcutPayload.safeParse(body);
  const person = parsed.success ? personOf(parsed.data) : null;
  if (!parsed.success || !person) return null;
  const { callback_id: callbackId, trigger_id: triggerId, action_ts: ts, channel, message } = parsed.data;
  const at = ts || triggerId;
  if (!at) return null;
  return {
    kind: 'shortcut',
    id: `shortcut:${person.teamId}:${person.userId}:${at}:${callbackId}`,
    person,
    receivedAt,
    callbackId,
    triggerId,
    channelId: channel?.id ?? null,
    responseUrl: parsed.data.response_url ?? null,
    text: message?.text ?? null,
  };
}

export function suggestionFrom(body: unknown, receivedAt: number): SuggestionInteraction | null {
  const parsed = SuggestionPayload.safeParse(body);
  const person = parsed.success ? personOf(parsed.data) : null;
  if (!parsed.success || !person) return null;
  const { action_id: actionId, value, view } = parsed.data;
  return {
    kind: 'suggestion',
    id: `suggestion:${person.teamId}:${person.userId}:${actionId}:${value}`,
    person,
    receivedAt,
    actionId,
    query: value,
    view: view ? viewRef(view) : null,
  };
}

/** The first input of a submitted view: the only kind of block that can carry an error. Null when there is none. */
export function firstInput(body: unknown): string | null {
  const parsed = SubmissionPayload.safeParse(body);
  const inputs = parsed.success ? parsed.data.view.blocks.filter((block) => block.type === 'input') : [];
  return inputs[0]?.block_id || null;
}

/** Null also for the messages tab, which we never fill. */
export function homeFrom(body: unknown, receivedAt: number): HomeInteraction | null {
  const parsed = HomePayload.safeParse(body);
  if (!parsed.success || parsed.data.event.tab === 'messages') return null;
  const { team_id: teamId, event_id: eventId, event } = parsed.data;
  return { kind: 'home_opened', id: `event:${eventId}`, person: { teamId, userId: event.user }, receivedAt };
}

/**
 * The person's own workspace first: in a shared channel `team` is the workspace the app is installed in, and a stranger must
 * not pass for one of its members.
 */
function personOf(sender: {
  team?: { id: string } | null | undefined;
  user: { id: string; team_id?: string | null | undefined };
}): Person | null {
  const teamId = sender.user.team_id || sender.team?.id;
  return teamId ? { teamId, userId: sender.user.id } : null;
}

function viewRef(view: View): ViewRef {
  return {
    id: view.id,
    hash: view.hash,
    callbackId: view.callback_id,
    privateMetadata: view.private_metadata,
    type: view.type,
    ...(view.title && { title: view.title.text }),
  };
}

/** block_id → value. In a block with several elements the first one with a value counts. */
function formValues(state: State | null | undefined): FormValues {
  const values: FormValues = {};
  for (const [blockId, elements] of Object.entries(state?.values ?? {})) {
    values[blockId] =
      Object.values(elements)
        .map(valueOf)
        .find((value) => value !== null) ?? null;
  }
  return values;
}

function valueOf(element: ElementValue): string | string[] | null {
  if (element.selected_option) return element.selected_option.value;
  if (element.selected_options) return element.selected_options.map((chosen) => chosen.value);
  const many = element.selected_users ?? element.selected_channels ?? element.selected_conversations;
  if (many) return many;
  if (element.selected_date_time) return String(element.selected_date_time);
  const one = element.selected_user ?? element.selected_channel ?? element.selected_conversation;
  return one ?? element.selected_date ?? element.selected_time ?? (element.value || null);
}

function firstOf(value: string | string[] | null): string {
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
}
