// What a Web API method is, and how it reads its arguments.
import type { ChannelSeed } from '../options.ts';
import type { World } from '../world.ts';

export type Args = Record<string, unknown>;
export type Result = Record<string, unknown>;

export type Method = {
  /** `app`: an app-level token; `none`: not even a token. Default: the bot's. */
  token?: 'app' | 'none';
  /** The scope the call needs, which may depend on the channel; null when it needs none. */
  scope?: string | ((args: Args, world: World) => string | null);
  run(args: Args, world: World): Result | Promise<Result>;
};

/** A refusal: HTTP 200 with `{ok: false, error, …extra}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly extra: Result;

  constructor(code: string, extra: Result = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

export function refuseArguments(...messages: string[]): ApiError {
  const told = messages.map((message) => `[ERROR] ${message}`);
  return new ApiError('invalid_arguments', { response_metadata: { messages: told } });
}

/** A text argument, '' when it is missing. */
export function optional(args: Args, name: string): string {
  const value = args[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function required(args: Args, name: string): string {
  const value = optional(args, name);
  if (value === '') throw refuseArguments(`missing required field: ${name}`);
  return value;
}

/** Forms say `true`, `1`; JSON says true. */
export function isTrue(args: Args, name: string): boolean {
  return ['true', '1'].includes(optional(args, name));
}

/** The kind of conversation → the name its scopes begin with, as in `channels:read`. */
const SCOPE_FAMILY = { channel: 'channels', private: 'groups', im: 'im' } as const;

/** For methods whose scope follows the channel's kind. */
export function channelScope(verb: 'read' | 'history') {
  return (args: Args, world: World): string | null => {
    const channel = world.workspace.channels.get(optional(args, 'channel'));
    return channel === undefined ? null : `${SCOPE_FAMILY[channel.kind]}:${verb}`;
  };
}

/** A channel the app can see: private ones and other people's conversations are as if they did not exist. */
export function visibleChannel(args: Args, world: World): ChannelSeed {
  const channel = world.workspace.channels.get(required(args, 'channel'));
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (channel.kind !== 'channel' && !botIsIn(channel, world)) throw new ApiError('channel_not_found');
  return channel;
}

export function botIsIn(channel: ChannelSeed, { settings }: World): boolean {
  return channel.members.includes(settings.bot.userId);
}

/** One page of a list and the cursor to the next. */
export function page<T>(items: T[], args: Args, sizes: { usual: number; most: number }): { items: T[]; next: string } {
  const limit = optional(args, 'limit') === '' ? sizes.usual : Number(optional(args, 'limit'));
  if (!Number.isInteger(limit) || limit < 1) throw refuseArguments('invalid limit');
  const from = startOf(optional(args, 'cursor'), items.length);
  const to = from + Math.min(limit, sizes.most);
  const next = to < items.length ? Buffer.from(`next:${to}`).toString('base64') : '';
  return { items: items.slice(from, to), next };
}

function startOf(cursor: string, length: number): number {
  if (cursor === '') return 0;
  const [, offset] = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (offset === undefined || Number(offset) > length) throw new ApiError('invalid_cursor');
  return Number(offset);
}
