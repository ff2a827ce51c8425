// A person types: a slash command, or a plain message the subscribed app hears of.
import type { Outcome } from '../control-api.ts';
import { applyMessage, parseObject } from '../answers.ts';
import { escapeEntities, escapeMentions } from '../escape.ts';
import { ApiError } from '../methods/method.ts';
import type { ChannelSeed, UserSeed } from '../options.ts';
import { commandPayload } from '../payloads.ts';
import type { Answer } from '../sender.ts';
import type { ResponseFor } from '../tickets.ts';
import { wireMessage } from '../wire.ts';
import type { Stored } from '../workspace.ts';
import { refuse, type World } from '../world.ts';
import { ImpossibleAction } from '../impossible.ts';
import { channelOf, personOf, responseUrl, toldOf } from './person.ts';

type Typed = { user: UserSeed; channel: ChannelSeed; text: string };

/** `threadTs`: typed into a thread, where Slack knows no slash commands. */
export async function say(world: World, typed: { userId: string; channelId: string; text: string; threadTs?: string }) {
  const user = personOf(world, typed.userId);
  const channel = channelOf(world, typed.userId, typed.channelId);
  if (world.workspace.isReadOnly(channel)) return { ok: false, error: 'restricted_action_read_only_channel' } as const;
  const text = typed.text.trim();
  if (text === '') throw new ImpossibleAction('an empty message cannot be sent');
  if (!text.startsWith('/')) return write(world, { user, channel, text }, typed.threadTs ?? null);
  if (typed.threadTs !== undefined) return { ok: false, error: 'command_not_in_thread' } as const;
  return run(world, { user, channel, text });
}

async function run(world: World, { user, channel, text }: Typed): Promise<Outcome> {
  const [, command = '', rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (!world.settings.commands.some((known) => known.command === command))
    return { ok: false, error: 'unknown_command' };
  const about: ResponseFor = {
    origin: 'command',
    userId: user.id,
    channelId: channel.id,
    ts: null,
    threadTs: null,
  };
  const passes = {
    triggerId: world.triggers.issue({ userId: user.id, viewId: null }),
    responseUrl: responseUrl(world, about),
  };
  const said = { user, channel, command, text: escaped(world, rest) };
  const payload = commandPayload(said, passes, world.settings);
  const answer = await world.sender.send({ kind: 'command', payload });
  const told = toldOf(answer);
  return told.ok && answer.kind === 'answered' ? show(world, about, { answer, typed: text }) : told;
}

function escaped(world: World, text: string): string {
  const safe = escapeEntities(text);
  if (!world.settings.escape) return safe;
  return escapeMentions(safe, { users: world.workspace.users.values(), channels: world.workspace.channels.values() });
}

type Answered = Extract<Answer, { kind: 'answered' }>;

/** The ack may carry the answer: text, or a message. `in_channel` also shows everybody what was typed. */
function show(world: World, about: ResponseFor, { answer, typed }: { answer: Answered; typed: string }): Outcome {
  if (answer.body === '') return { ok: true };
  const message = parseObject(answer.body) ?? { text: answer.body };
  try {
    if (message['response_type'] === 'in_channel') {
      world.workspace.post({ channel: about.channelId, from: about.userId, text: typed, blocks: [] });
    }
    applyMessage(world, about, message);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(world, 'ack of a command', { error: error.code });
    return { ok: false, error: 'invalid_response' };
  }
}

/** The message is there at once; the app hears of it on its own time. */
async function write(world: World, typed: Typed, threadTs: string | null): Promise<Outcome> {
  const { user, channel } = typed;
  const names = { users: world.workspace.users.values(), channels: world.workspace.channels.values() };
  const text = escapeMentions(escapeEntities(typed.text), names).replace(/<@(\w+)\|[^>]*>/g, '<@$1>');
  const message = world.workspace.post({ channel: channel.id, from: user.id, text, blocks: [], threadTs });
  await tell(world, channel, message);
  return { ok: true };
}

const CHANNEL_TYPE = { channel: 'channel', private: 'group', im: 'im' } as const;
const MESSAGE_EVENT = { channel: 'message.channels', private: 'message.groups', im: 'message.im' } as const;

async function tell(world: World, channel: ChannelSeed, message: Stored): Promise<void> {
  const { bot } = world.settings;
  if (!channel.members.includes(bot.userId)) return;
  const about = { channel: channel.id, channel_type: CHANNEL_TYPE[channel.kind], event_ts: message.ts };
  const body = wireMessage(message, world.settings);
  await world.events.emit({ ...body, ...about, type: 'message' }, MESSAGE_EVENT[channel.kind]);
  if (message.text.includes(`<@${bot.userId}>`)) await world.events.emit({ ...body, ...about, type: 'app_mention' });
}
