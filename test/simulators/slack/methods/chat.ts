// chat.*: posting, editing and deleting messages.
import { codePoints } from '../blocks/check.ts';
import type { ChannelSeed } from '../options.ts';
import { wireMessage } from '../wire.ts';
import type { Stored } from '../workspace.ts';
import type { World } from '../world.ts';
import { contentOf, metadataOf, type Content } from './content.ts';
import { ApiError, botIsIn, isTrue, optional, required, visibleChannel, type Args, type Method } from './method.ts';

const UPDATE_TEXT_MAX = 4_000;

const postMessage: Method = {
  scope: 'chat:write',
  run(args, world) {
    const channel = writableChannel(args, world);
    const content = someContent(contentOf(args, world));
    const threadTs = threadOf(args, channel, world);
    const metadata = metadataOf(args);
    const message = world.workspace.post({
      channel: channel.id,
      from: world.settings.bot.userId,
      text: content.text,
      blocks: content.blocks ?? [],
      threadTs,
      broadcast: threadTs !== null && isTrue(args, 'reply_broadcast'),
      ...(metadata === undefined ? {} : { metadata }),
    });
    return { channel: channel.id, ts: message.ts, message: answered(message, world) };
  },
};

/** A channel id, or a user id for the app's direct conversation with that person. */
function writableChannel(args: Args, world: World): ChannelSeed {
  const channel = world.workspace.dm(required(args, 'channel')) ?? visibleChannel(args, world);
  if (channel.archived === true) throw new ApiError('is_archived');
  if (!botIsIn(channel, world) && !world.settings.scopes.includes('chat:write.public')) {
    throw new ApiError('not_in_channel');
  }
  return channel;
}

function someContent(content: Content): Content {
  if (content.text === '' && (content.blocks ?? []).length === 0) throw new ApiError('no_text');
  return content;
}

/** Replies to a reply land in the same thread. */
function threadOf(args: Args, channel: ChannelSeed, world: World): string | null {
  const ts = optional(args, 'thread_ts');
  if (ts === '') return null;
  const parent = lastingMessage(world, channel.id, ts);
  if (parent === null) throw new ApiError('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

function lastingMessage(world: World, channelId: string, ts: string): Stored | null {
  return world.workspace.lasting(channelId).find((message) => message.ts === ts) ?? null;
}

function answered(message: Stored, world: World): Record<string, unknown> {
  const metadata = message.metadata === null ? {} : { metadata: message.metadata };
  return { ...wireMessage(message, world.settings), ...metadata };
}

const update: Method = {
  scope: 'chat:write',
  run(args, world) {
    const message = ownMessage(args, world, 'cant_update_message');
    const { text, blocks } = contentOf(args, world);
    if (codePoints(text) > UPDATE_TEXT_MAX) throw new ApiError('msg_too_long');
    if (text === '' && blocks === null) throw new ApiError('no_text');
    const metadata = metadataOf(args);
    world.workspace.edit(message, {
      text: text === '' ? message.text : text,
      // Text without blocks takes the old blocks away, and only then does the message show "(edited)".
      blocks: blocks ?? [],
      editedAt: blocks === null ? world.settings.now() : message.editedAt,
      ...(metadata === undefined ? {} : { metadata }),
    });
    return { channel: message.channel, ts: message.ts, text: message.text, message: answered(message, world) };
  },
};

/** Ephemeral messages are not found: no API call reaches them. */
function ownMessage(args: Args, world: World, otherwise: string): Stored {
  const channel = visibleChannel(args, world);
  const message = lastingMessage(world, channel.id, required(args, 'ts'));
  if (message === null) throw new ApiError('message_not_found');
  if (message.from !== world.settings.bot.userId) throw new ApiError(otherwise);
  if (channel.archived === true) throw new ApiError('is_archived');
  return message;
}

const remove: Method = {
  scope: 'chat:write',
  run(args, world) {
    const message = ownMessage(args, world, 'cant_delete_message');
    world.workspace.remove(message);
    return { channel: message.channel, ts: message.ts };
  },
};

const postEphemeral: Method = {
  scope: 'chat:write',
  run(args, world) {
    const channel = writableChannel(args, world);
    const user = required(args, 'user');
    if (!world.workspace.isMember(channel.id, user)) throw new ApiError('user_not_in_channel');
    const content = someContent(contentOf(args, world));
    const message = world.workspace.post({
      channel: channel.id,
      from: world.settings.bot.userId,
      text: content.text,
      blocks: content.blocks ?? [],
      threadTs: threadOf(args, channel, world),
      ephemeralFor: user,
    });
    return { message_ts: message.ts };
  },
};

const getPermalink: Method = {
  run(args, world) {
    const channel = visibleChannel(args, world);
    const ts = required(args, 'message_ts');
    const message = lastingMessage(world, channel.id, ts);
    if (message === null) throw new ApiError('message_not_found');
    const { domain } = world.settings.team;
    const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
    const permalink = `https://${domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink };
  },
};

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
