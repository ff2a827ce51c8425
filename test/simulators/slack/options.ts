// What a simulated workspace is started with, and the defaults.
import { randomBytes } from 'node:crypto';
import type { Now } from '../../../src/clock.ts';
import type { SimChannel, SimUser } from './control-api.ts';
import { readManifest, readShortcuts, type ShortcutSeed } from './manifest.ts';

/** A person (or bot) of the workspace, with the traits that make apps stumble. */
export type UserSeed = SimUser & {
  /** Told only to tokens with `users:read.email`; bots and strangers have none. */
  email?: string;
  locale?: string;
  deleted?: boolean;
  guest?: 'multi_channel' | 'single_channel';
  /** Another workspace's id makes the person a Slack Connect stranger. */
  teamId?: string;
};

export type ChannelSeed = SimChannel & { archived?: boolean };
export type CommandSeed = { command: string; description: string; usageHint: string };
export type UserGroupSeed = { id: string; handle: string; users: string[] };

export type SlackSimulatorOptions = {
  botToken: string;
  signingSecret: string;
  /** Where the app takes signed deliveries, e.g. `http://127.0.0.1:3000/slack/events`; `connectApp` sets it later. */
  appUrl?: string;
  /** Turns on `apps.connections.open`; while a socket is open, deliveries go through it instead of `appUrl`. */
  appToken?: string;
  team?: { id: string; name: string; domain?: string };
  /** The app's own bot user is added unless listed here. */
  users: UserSeed[];
  /** Channels in which the bot is a member list its user id (`bot.userId`, default `U0BOT`). A DM per person is added. */
  channels: ChannelSeed[];
  userGroups?: UserGroupSeed[];
  commands: CommandSeed[];
  /** Default: the manifest's. */
  shortcuts?: ShortcutSeed[];
  bot?: { userId: string; botId: string; appId: string; name: string };
  /** Default: the bot scopes of `manifest.yml`. */
  scopes?: string[];
  /** Subscribed event types. Default: the manifest's. */
  events?: string[];
  /** Default: the manifest's. */
  homeTab?: boolean;
  /** People cannot type into the app's direct conversation. Default: the manifest's. */
  readOnlyDm?: boolean;
  /** Movable clock: lifetimes and rate limits are counted against it. Default: the real one. */
  now?: Now;
  random?: () => string;
  /** The command's "escape channels, users, and links" setting. Default: the manifest's. */
  escape?: boolean;
  /** Real milliseconds the app has for an ack. Default 3,000. */
  ackLimitMs?: number;
  /** Enforce the published tiers and one message per second and channel. Default false. */
  rateLimits?: boolean;
  /** Waits before the three retries of an event, by `now`. Default 0, 60,000, 300,000. */
  eventRetriesMs?: number[];
  /** Real milliseconds between looks at `now` for due retries. Default 20. */
  tickMs?: number;
  /** Serve the demo page's files at `/`; `connectTo` are further origins its scripts may call. */
  page?: { dir: string; connectTo?: string[] };
  /** Default 0: any free port on 127.0.0.1. */
  port?: number;
};

export type Settings = {
  botToken: string;
  signingSecret: string;
  appToken: string | null;
  team: { id: string; name: string; domain: string };
  users: UserSeed[];
  channels: ChannelSeed[];
  userGroups: UserGroupSeed[];
  commands: CommandSeed[];
  shortcuts: ShortcutSeed[];
  bot: { userId: string; botId: string; appId: string; name: string };
  scopes: string[];
  events: Set<string>;
  homeTab: boolean;
  readOnlyDm: boolean;
  now: Now;
  random: () => string;
  escape: boolean;
  ackLimitMs: number;
  rateLimits: boolean;
  eventRetriesMs: number[];
  tickMs: number;
  page: { dir: string; connectTo: string[] } | null;
  port: number;
};

const DEFAULT_BOT = { userId: 'U0BOT', botId: 'B0BOT', appId: 'A0APP', name: 'ECS Flight Deck' };
const DEFAULT_TEAM = { id: 'T0TEAM', name: 'Example', domain: 'example' };

/** Fills in everything the caller left open. */
export function settle(options: SlackSimulatorOptions): Settings {
  const bot = options.bot ?? DEFAULT_BOT;
  const granted = { ...readManifest(), ...options };
  return {
    botToken: options.botToken,
    signingSecret: options.signingSecret,
    appToken: options.appToken ?? null,
    team: { ...DEFAULT_TEAM, ...options.team },
    users: withBot(options.users, bot),
    channels: options.channels,
    userGroups: options.userGroups ?? [],
    commands: options.commands,
    shortcuts: options.shortcuts ?? readShortcuts(),
    bot,
    scopes: granted.scopes,
    events: new Set(granted.events),
    homeTab: granted.homeTab,
    readOnlyDm: granted.readOnlyDm,
    now: options.now ?? Date.now,
    random: options.random ?? (() => randomBytes(8).toString('hex')),
    escape: granted.escape,
    ackLimitMs: options.ackLimitMs ?? 3_000,
    rateLimits: options.rateLimits ?? false,
    eventRetriesMs: options.eventRetriesMs ?? [0, 60_000, 300_000],
    tickMs: options.tickMs ?? 20,
    page: options.page === undefined ? null : { connectTo: [], ...options.page },
    port: options.port ?? 0,
  };
}

function withBot(users: UserSeed[], bot: Settings['bot']): UserSeed[] {
  if (users.some((user) => user.id === bot.userId)) return users;
  return [...users, { id: bot.userId, name: bot.name, realName: bot.name, timeZone: 'Etc/UTC', isBot: true }];
}
