// People, channels and messages in the shapes of the Web API.
import type { ChannelSeed, Settings, UserSeed } from './options.ts';
import type { Stored, Workspace } from './workspace.ts';

type Wire = Record<string, unknown>;

export function wireUser(user: UserSeed, { team, scopes }: Settings, withLocale: boolean): Wire {
  const stranger = user.teamId !== undefined && user.teamId !== team.id;
  const email = user.email !== undefined && !stranger && scopes.includes('users:read.email');
  return {
    id: user.id,
    team_id: user.teamId ?? team.id,
    name: user.name,
    deleted: user.deleted ?? false,
    real_name: user.realName,
    tz: user.timeZone,
    tz_label: user.timeZone,
    tz_offset: zoneOffset(user.timeZone),
    profile: {
      real_name: user.realName,
      display_name: user.name,
      team: user.teamId ?? team.id,
      ...(email ? { email: user.email } : {}),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: user.guest !== undefined,
    is_ultra_restricted: user.guest === 'single_channel',
    is_bot: user.isBot,
    is_app_user: false,
    ...(stranger ? { is_stranger: true } : {}),
    ...(withLocale && !stranger ? { locale: user.locale ?? 'en-US' } : {}),
    updated: 0,
  };
}

/** Seconds east of UTC in January: enough to tell zones apart. */
function zoneOffset(timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(0);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -size : size;
}

export function wireChannel(channel: ChannelSeed, { bot, team }: Settings): Wire {
  const base = { id: channel.id, created: 0, is_archived: channel.archived ?? false, context_team_id: team.id };
  if (channel.kind === 'im') {
    const user = channel.members.find((member) => member !== bot.userId);
    return { ...base, is_im: true, user, is_user_deleted: false, is_open: true };
  }
  return {
    ...base,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_member: channel.members.includes(bot.userId),
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  };
}

export function wireMessage(message: Stored, { bot, team }: Settings): Wire {
  const byApp = message.from === bot.userId;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.from,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(byApp ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.editedAt === null ? {} : { edited: { user: message.from, ts: `${message.editedAt / 1000}` } }),
  };
}

/** With what a thread's parent tells about its replies, and the metadata where it was asked for. */
export function wireHistory(
  message: Stored,
  workspace: Workspace,
  options: { settings: Settings; metadata: boolean },
): Wire {
  const replies = workspace.lasting(message.channel).filter((other) => other.threadTs === message.ts);
  const last = replies.at(-1);
  return {
    ...wireMessage(message, options.settings),
    ...(last === undefined
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.from))],
          latest_reply: last.ts,
        }),
    ...(options.metadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}
