// conversations.*: channels, their members and their history.
import type { ChannelSeed } from '../options.ts';
import { wireChannel, wireHistory } from '../wire.ts';
import type { Stored } from '../workspace.ts';
import type { World } from '../world.ts';
import {
  ApiError,
  botIsIn,
  channelScope,
  isTrue,
  optional,
  page,
  required,
  visibleChannel,
  type Args,
  type Method,
  type Result,
} from './method.ts';

const open: Method = {
  scope: 'im:write',
  run(args, world) {
    const channel = opened(args, world);
    const full = isTrue(args, 'return_im') ? wireChannel(channel, world.settings) : { id: channel.id };
    return { no_op: true, already_open: true, channel: full };
  },
};

function opened(args: Args, world: World): ChannelSeed {
  if (optional(args, 'channel') !== '') return visibleChannel(args, world);
  const users = optional(args, 'users').split(',').filter(Boolean);
  const [userId, another] = users;
  if (userId === undefined) throw new ApiError('users_list_not_supplied');
  if (another !== undefined) {
    throw new ApiError('missing_scope', { needed: 'mpim:write', provided: world.settings.scopes.join(',') });
  }
  const user = world.workspace.users.get(userId);
  if (user === undefined) throw new ApiError('user_not_found');
  if (user.deleted === true) throw new ApiError('user_disabled');
  const channel = world.workspace.dm(userId);
  if (channel === null) throw new ApiError('cannot_dm_bot');
  return channel;
}

const info: Method = {
  scope: channelScope('read'),
  run(args, world) {
    return { channel: wireChannel(visibleChannel(args, world), world.settings) };
  },
};

const KIND_OF_TYPE = { public_channel: 'channel', private_channel: 'private', im: 'im' } as const;
const SCOPE_OF_TYPE: Record<string, string> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};

function typesOf(args: Args): string[] {
  const types = optional(args, 'types') || 'public_channel';
  return types.split(',').map((type) => type.trim());
}

const listAll: Method = {
  scope(args, { settings }) {
    const needed = typesOf(args).map((type) => SCOPE_OF_TYPE[type] ?? null);
    return needed.find((scope) => scope !== null && !settings.scopes.includes(scope)) ?? needed[0] ?? null;
  },
  run(args, world) {
    const types = typesOf(args);
    if (types.some((type) => SCOPE_OF_TYPE[type] === undefined)) throw new ApiError('invalid_types');
    const kinds = new Set(
      Object.entries(KIND_OF_TYPE)
        .filter(([type]) => types.includes(type))
        .map(([, kind]) => kind),
    );
    const channels = [...world.workspace.channels.values()]
      .filter((channel) => kinds.has(channel.kind))
      .filter((channel) => channel.kind === 'channel' || botIsIn(channel, world))
      .filter((channel) => channel.archived !== true || !isTrue(args, 'exclude_archived'));
    const { items, next } = page(channels, args, { usual: 100, most: 1000 });
    return { channels: items.map((channel) => wireChannel(channel, world.settings)), ...cursor(next) };
  },
};

function cursor(next: string): Result {
  return { response_metadata: { next_cursor: next } };
}

const members: Method = {
  scope: channelScope('read'),
  run(args, world) {
    const { items, next } = page(visibleChannel(args, world).members, args, { usual: 100, most: 1000 });
    return { members: items, ...cursor(next) };
  },
};

function readableChannel(args: Args, world: World): ChannelSeed {
  const channel = visibleChannel(args, world);
  if (!botIsIn(channel, world)) throw new ApiError('not_in_channel');
  return channel;
}

const history: Method = {
  scope: channelScope('history'),
  run(args, world) {
    const channel = readableChannel(args, world);
    const posted = world.workspace
      .lasting(channel.id)
      .filter(({ threadTs, broadcast }) => threadTs === null || broadcast);
    return messagePage(between(posted, args).toReversed(), args, world);
  },
};

const replies: Method = {
  scope: channelScope('history'),
  run(args, world) {
    const channel = readableChannel(args, world);
    const ts = required(args, 'ts');
    const thread = world.workspace.lasting(channel.id).filter((each) => each.ts === ts || each.threadTs === ts);
    if (thread.length === 0) throw new ApiError('thread_not_found');
    return messagePage(between(thread, args), args, world);
  },
};

/** `oldest` and `latest` are exclusive unless `inclusive`. Times compare as numbers of microseconds. */
function between(messages: Stored[], args: Args): Stored[] {
  const oldest = Number(optional(args, 'oldest') || 0);
  const latest = Number(optional(args, 'latest') || Infinity);
  const inclusive = isTrue(args, 'inclusive');
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
}

function messagePage(messages: Stored[], args: Args, world: World): Result {
  const { items, next } = page(messages, args, { usual: 100, most: 999 });
  const options = { settings: world.settings, metadata: isTrue(args, 'include_all_metadata') };
  return {
    messages: items.map((message) => wireHistory(message, world.workspace, options)),
    has_more: next !== '',
    ...(next === '' ? {} : cursor(next)),
  };
}

const join: Method = {
  scope: 'channels:join',
  run(args, world) {
    const channel = visibleChannel(args, world);
    if (channel.kind !== 'channel') throw new ApiError('method_not_supported_for_channel_type');
    if (channel.archived === true) throw new ApiError('is_archived');
    const already = botIsIn(channel, world);
    world.workspace.join(channel.id, world.settings.bot.userId);
    return { channel: wireChannel(channel, world.settings), ...(already ? { warning: 'already_in_channel' } : {}) };
  },
};

export const conversations: Record<string, Method> = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.list': listAll,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.join': join,
};
