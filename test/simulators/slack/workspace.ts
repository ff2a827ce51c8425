// The workspace itself: people, channels, messages, and who can see which.
import type { KnownBlock } from '@slack/types';
import type { SimChannel, SimMessage, SimUser } from './control-api.ts';
import type { ChannelSeed, Settings, UserSeed } from './options.ts';

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };

/** A message with what only the API sees. */
export type Stored = SimMessage & { metadata: Metadata | null };

export type Post = {
  channel: string;
  from: string;
  text: string;
  blocks: KnownBlock[];
  threadTs?: string | null;
  ephemeralFor?: string | null;
  broadcast?: boolean;
  metadata?: Metadata | null;
};

export class Workspace {
  readonly users = new Map<string, UserSeed>();
  readonly channels = new Map<string, ChannelSeed>();
  readonly #messages = new Map<string, Stored[]>();
  readonly #settings: Settings;
  readonly #onChange: (version: number) => void;
  #lastTs = 0;
  #version = 0;

  constructor(settings: Settings, onChange: (version: number) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
    for (const user of settings.users) this.users.set(user.id, user);
    for (const channel of settings.channels) this.#addChannel(channel);
    for (const user of settings.users) {
      if (!user.isBot && user.deleted !== true) this.#addChannel(dmWith(user, settings.bot.userId));
    }
  }

  get version(): number {
    return this.#version;
  }

  /** Something a person could see has changed. */
  touch(): void {
    this.#version += 1;
    this.#onChange(this.#version);
  }

  #addChannel(channel: ChannelSeed): void {
    this.channels.set(channel.id, { ...channel, members: [...channel.members] });
    this.#messages.set(channel.id, []);
  }

  /** The direct conversation of the app with this person. */
  dm(userId: string): ChannelSeed | null {
    return this.channels.get(dmId(userId)) ?? null;
  }

  isMember(channelId: string, userId: string): boolean {
    return this.channels.get(channelId)?.members.includes(userId) ?? false;
  }

  join(channelId: string, userId: string): void {
    if (!this.isMember(channelId, userId)) this.channels.get(channelId)?.members.push(userId);
    this.touch();
  }

  /** Message times are unique in the whole workspace and never run backwards, even if the clock does. */
  nextTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, this.#settings.now() * 1000);
    const micros = String(this.#lastTs).padStart(16, '0');
    return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
  }

  post(post: Post): Stored {
    const message: Stored = {
      threadTs: null,
      ephemeralFor: null,
      broadcast: false,
      metadata: null,
      ...post,
      ts: this.nextTs(),
      editedAt: null,
    };
    this.#messages.get(post.channel)?.push(message);
    this.touch();
    return message;
  }

  edit(message: Stored, change: Partial<Pick<Stored, 'text' | 'blocks' | 'metadata' | 'editedAt'>>): void {
    Object.assign(message, change);
    this.touch();
  }

  remove(message: Stored): void {
    const kept = this.all(message.channel).filter((other) => other !== message);
    this.#messages.set(message.channel, kept);
    this.touch();
  }

  /** Everything in a channel, ephemeral messages too, oldest first. */
  all(channelId: string): Stored[] {
    return this.#messages.get(channelId) ?? [];
  }

  /** What the API knows: no ephemeral messages. */
  lasting(channelId: string): Stored[] {
    return this.all(channelId).filter((message) => message.ephemeralFor === null);
  }

  find(channelId: string, ts: string): Stored | null {
    return this.all(channelId).find((message) => message.ts === ts) ?? null;
  }

  visibleTo(userId: string, channelId: string): Stored[] {
    if (!this.isMember(channelId, userId)) return [];
    return this.all(channelId).filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === userId);
  }

  channelsOf(userId: string): SimChannel[] {
    const mine = [...this.channels.values()].filter((channel) => channel.members.includes(userId));
    return mine.map((channel) => ({
      ...asSimChannel(channel, userId),
      ...(this.isReadOnly(channel) ? { readOnly: true } : {}),
    }));
  }

  /** An archived channel, or the app's direct conversation where its messages tab takes nothing. */
  isReadOnly(channel: ChannelSeed): boolean {
    const { readOnlyDm, bot } = this.#settings;
    const withApp = channel.kind === 'im' && channel.members.includes(bot.userId);
    return channel.archived === true || (withApp && readOnlyDm);
  }
}

function dmId(userId: string): string {
  return `D${userId.slice(1)}`;
}

function dmWith(user: UserSeed, botUserId: string): ChannelSeed {
  return { id: dmId(user.id), name: 'directmessage', kind: 'im', members: [user.id, botUserId] };
}

function asSimChannel({ id, name, kind, members }: ChannelSeed, userId: string): SimChannel {
  const other = members.find((member) => member !== userId);
  const base = { id, name, kind, members: [...members] };
  return kind === 'im' && other !== undefined ? { ...base, withUser: other } : base;
}

export function asSimUser({ id, name, realName, timeZone, isBot }: UserSeed): SimUser {
  return { id, name, realName, timeZone, isBot };
}

/** The part of a message that people see. */
export function asSimMessage({ metadata: _hidden, ...message }: Stored): SimMessage {
  return structuredClone(message);
}
