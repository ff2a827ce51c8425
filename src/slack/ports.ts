// What the Slack edge needs from the rest of the program, and what it offers: three parts, built in this order.
//   createWeb    (web.ts)    calls to Slack, names of people and workspaces
//   createOutbox (outbox.ts) messages that must arrive; features put into it
//   createSlack  (bolt.ts)   what people do, our web pages; features answer it through `Handlers`
import type { WebClient } from '@slack/web-api';
import type { Now } from '../clock.ts';
import type { HttpRoute } from '../http.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { Handlers, Inbox, Interaction, Outbox, Outgoing, Person } from './reply.ts';

/** The part of a pino logger that we use: facts first, then the fixed message. */
export type Log = Record<
  'debug' | 'info' | 'warn' | 'error',
  (fields: Record<string, unknown>, message: string) => void
>;

/** Who the bot is in one workspace. */
export type Installation = { botToken: string; botId: string; botUserId: string };

/**
 * Finds the installation for a workspace; throws when there is none. One workspace: `oneWorkspace` (web.ts). Many workspaces:
 * the install flow supplies another function of this type, and nothing else changes.
 */
export type Authorize = (teamId: string) => Promise<Installation>;

/** `ack`: from the request's arrival to our receipt, ms. `call`: one call of a Web API method or a response_url. */
export type Observe = {
  ack?(kind: Interaction['kind'], durationMs: number): void;
  call?(method: string, outcome: string, durationMs: number): void;
};

export type WebDeps = {
  botToken: string;
  /** Base of the Web API, e.g. `https://slack.com/api/` (the default). */
  apiUrl?: string;
  /** Replaces `botToken` for many workspaces. */
  authorize?: Authorize;
  /** Default: global fetch. */
  fetch?: typeof fetch;
  log: Log;
  now: Now;
  /** Waits between attempts; default: a timer. */
  sleep?: (ms: number) => Promise<void>;
  observe?: Observe;
};

/** `again`: the call may be repeated without harm, so brief failures and 429s are. */
export type Call = { method: string; teamId: string; again?: boolean };

export type Web = {
  authorize: Authorize;
  /**
   * One Web API call, counted. Throws the client's own errors (`WebAPIPlatformError`, `WebAPIRateLimitedError`, …).
   * A 429 delays this call only.
   */
  call<T>(call: Call, run: (client: WebClient) => Promise<T>): Promise<T>;
  /** Posts to a response_url. Throws `ResponseUrlError` when Slack refused, anything else when the outcome is unknown. */
  respond(url: string, body: Record<string, unknown>): Promise<void>;
  /** The bot's direct conversation with somebody; remembered. */
  directChannel(person: Person): Promise<string>;
  /** Display name; the user id when Slack does not tell. Remembered for an hour; never throws. */
  userName(person: Person): Promise<string>;
  /** Workspace name; the team id when Slack does not tell. Remembered for an hour; never throws. */
  teamName(teamId: string): Promise<string>;
  /** One workspace: throws when Slack does not accept the token. */
  check(): Promise<void>;
};

export type OutboxDeps = {
  store: OutboxStore;
  web: Web;
  log: Log;
  now: Now;
  /** A fresh random id, e.g. `crypto.randomUUID`. */
  newId: () => string;
  /** Slack will not have this message as things are; called once per message and reason. `error` is Slack's word, e.g. `not_in_channel`. */
  onUndeliverable?: (message: Outgoing, error: string) => Promise<void> | void;
  /** For messages with a `secret`. Null: it is gone. `delivered` comes when Slack has the message. */
  secrets?: { look(message: Outgoing): Promise<string | null>; delivered(message: Outgoing): Promise<void> };
};

export type DeliveringOutbox = Outbox & {
  /** Looks for work now instead of at the next tick. */
  poke(): void;
  /** Delivers what is due, and answers when to look again (ms since the epoch). */
  tick(): Promise<number>;
  start(): void;
  /** Ends after the lanes in hand; what is left waits in the store. */
  stop(): Promise<void>;
};

export type SlackDeps = {
  slack: {
    signingSecret: string;
    /** `xapp-…`: Socket Mode; our web pages are served over HTTP all the same. */
    appToken?: string;
    apiUrl?: string;
  };
  listen: { host: string; port: number };
  /** e.g. `/ecs` */
  command: string;
  handlers: Handlers;
  inbox: Inbox;
  routes: HttpRoute[];
  web: Web;
  outbox: DeliveringOutbox;
  log: Log;
  now: Now;
  observe?: Observe;
};

export type Slack = {
  /** Checks the token, listens, and starts delivering. `port` is the real one when 0 was asked for. */
  start(): Promise<{ port: number }>;
  /** Stops listening, lets what is running finish for at most `limitMs` (default 10 s), stops delivering. */
  stop(limitMs?: number): Promise<void>;
  /** Runs the handler for an interaction and shows the answer where the person is looking. Never throws. Also for the inbox's worker. */
  perform(interaction: Interaction): Promise<void>;
  /** HTTP: listening. Socket Mode: connected. */
  isReady(): boolean;
};
