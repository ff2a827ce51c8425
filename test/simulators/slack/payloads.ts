// What Slack tells the app: slash commands, clicks, submissions, searches and events, in their wire shapes.
import type { FormState } from './control-api.ts';
import type { ChannelSeed, Settings, UserSeed } from './options.ts';
import { wireView, type OpenView } from './views.ts';
import { wireMessage } from './wire.ts';
import type { Stored } from './workspace.ts';

export type Payload = Record<string, unknown>;

/** The deprecated verification token: present in every payload, and worth nothing. */
const VERIFICATION_TOKEN = 'deprecated';

export type Passes = { triggerId: string; responseUrl: string };

export function commandPayload(
  said: { user: UserSeed; channel: ChannelSeed; command: string; text: string },
  passes: Passes,
  { team, bot }: Settings,
): Record<string, string> {
  return {
    token: VERIFICATION_TOKEN,
    team_id: said.user.teamId ?? team.id,
    team_domain: team.domain,
    channel_id: said.channel.id,
    channel_name: channelName(said.channel),
    user_id: said.user.id,
    user_name: said.user.name,
    command: said.command,
    text: said.text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: passes.responseUrl,
    trigger_id: passes.triggerId,
  };
}

function channelName(channel: ChannelSeed): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

function common(type: string, user: UserSeed, { team, bot }: Settings): Payload {
  return {
    type,
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? team.id },
    api_app_id: bot.appId,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Where an element was used: a message in a channel, or a modal or Home tab. */
export type Used =
  | { in: 'message'; message: Stored; channel: ChannelSeed; state: FormState }
  | { in: 'view'; open: OpenView };

function place(used: Used, settings: Settings): Payload {
  if (used.in === 'view') {
    return { container: { type: 'view', view_id: used.open.id }, view: wireView(used.open, settings) };
  }
  const { message, channel } = used;
  const ephemeral = message.ephemeralFor !== null;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    // An ephemeral message is not part of the payload: only its time is known.
    ...(ephemeral ? {} : { message: wireMessage(message, settings) }),
  };
}

export function actionPayload(
  clicked: { user: UserSeed; used: Used; action: Payload },
  passes: { triggerId: string; responseUrl: string | null },
  settings: Settings,
): Payload {
  const { user, used, action } = clicked;
  return {
    ...common('block_actions', user, settings),
    ...place(used, settings),
    ...(used.in === 'message' ? { state: { values: used.state } } : {}),
    trigger_id: passes.triggerId,
    ...(passes.responseUrl === null ? {} : { response_url: passes.responseUrl }),
    actions: [action],
  };
}

export function suggestionPayload(
  search: { user: UserSeed; used: Used; actionId: string; blockId: string; query: string },
  settings: Settings,
): Payload {
  return {
    ...common('block_suggestion', search.user, settings),
    ...place(search.used, settings),
    action_id: search.actionId,
    block_id: search.blockId,
    value: search.query,
  };
}

type Chosen = { user: UserSeed; callbackId: string; triggerId: string; ts: string };

/** From anywhere: it says nothing of a conversation, and brings no response_url. */
export function shortcutPayload({ user, callbackId, triggerId, ts }: Chosen, settings: Settings): Payload {
  return { ...common('shortcut', user, settings), callback_id: callbackId, trigger_id: triggerId, action_ts: ts };
}

export function messageShortcutPayload(
  chosen: Chosen & { channel: ChannelSeed; message: Stored; responseUrl: string },
  settings: Settings,
): Payload {
  const { user, callbackId, triggerId, ts, channel, message, responseUrl } = chosen;
  return {
    ...common('message_action', user, settings),
    callback_id: callbackId,
    trigger_id: triggerId,
    action_ts: ts,
    response_url: responseUrl,
    message_ts: message.ts,
    channel: { id: channel.id, name: channelName(channel) },
    message: wireMessage(message, settings),
  };
}

export function submissionPayload(
  submitted: { user: UserSeed; open: OpenView; responseUrls: Payload[] },
  triggerId: string,
  settings: Settings,
): Payload {
  return {
    ...common('view_submission', submitted.user, settings),
    trigger_id: triggerId,
    view: wireView(submitted.open, settings),
    response_urls: submitted.responseUrls,
  };
}

export function closedPayload(
  closed: { user: UserSeed; open: OpenView; cleared: boolean },
  settings: Settings,
): Payload {
  return {
    ...common('view_closed', closed.user, settings),
    view: wireView(closed.open, settings),
    is_cleared: closed.cleared,
  };
}

export function eventPayload(event: Payload, about: { eventId: string; at: number }, { team, bot }: Settings): Payload {
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: about.eventId,
    event_time: Math.floor(about.at / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${about.eventId}`,
  };
}
