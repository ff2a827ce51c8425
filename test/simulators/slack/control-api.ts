// What the workspace simulator tells and takes of a person in front of the screen: the border between the simulated
// Slack and whoever plays a user (the journeys' people, the demo page).
//
// HTTP, JSON both ways, for the demo page (the same functions exist in process):
//   GET  /control/state?user=U…     → PersonView
//                                     (without user: the first person who is not a bot; unknown user: 404)
//   GET  /control/events?user=U…    → server-sent events; each `data:` is {"version": n}: fetch the state again
//   POST /control/say      {user, channel, text}                         → Outcome   (a slash command, or a plain message)
//   POST /control/click    {user, place, blockId, actionId, value?, values?} → Outcome
//   POST /control/submit   {user, viewId, values}                        → SubmitOutcome
//   POST /control/close    {user, viewId}                                → Outcome
//   POST /control/suggest  {user, place, blockId, actionId, query}       → { options }
//   POST /control/shortcut {user, name, on?: {channel, ts}}               → Outcome   (from anywhere, or of a message)
//   POST /control/home     {user}                                        → Outcome   (opens the App Home)
import type { KnownBlock, ModalView, HomeView, PlainTextOption } from '@slack/types';

export type SimUser = { id: string; name: string; realName: string; timeZone: string; isBot: boolean };
export type SimChannel = {
  id: string;
  name: string;
  kind: 'channel' | 'private' | 'im';
  members: string[];
  withUser?: string;
  /** People cannot type here. */
  readOnly?: boolean;
};

export type SimMessage = {
  ts: string;
  channel: string;
  /** A user id; the bot's for what the app posts. */
  from: string;
  text: string;
  blocks: KnownBlock[];
  threadTs: string | null;
  /** Only this person sees it; it has "Only visible to you" above it. */
  ephemeralFor: string | null;
  editedAt: number | null;
  /** A thread reply that is also shown in the channel. */
  broadcast: boolean;
};

export type SimView = { id: string; view: ModalView; errors: Record<string, string>; values: FormState };

export type SimShortcut = { name: string; type: 'global' | 'message'; description: string };

/** Slack's own shape: block_id → action_id → the element's state. */
export type FormState = Record<string, Record<string, ElementState>>;
export type ElementState = {
  type: string;
  value?: string | null;
  selected_option?: PlainTextOption | null;
  selected_options?: PlainTextOption[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
};

/** Where a clicked element sits. */
export type Place = { channel: string; ts: string } | { viewId: string } | { home: true };

export type PersonView = {
  version: number;
  now: number;
  team: { id: string; name: string };
  me: SimUser;
  users: SimUser[];
  channels: SimChannel[];
  /** Per channel, oldest first, thread replies included. */
  messages: Record<string, SimMessage[]>;
  /** The stack of open modals, the top one last. */
  modals: SimView[];
  home: HomeView | null;
  commands: { command: string; description: string; usageHint: string }[];
  /** What the app has put into Slack's own menus: of the composer, and of a message. */
  shortcuts: SimShortcut[];
};

/** `error` is what Slack itself would tell the person, e.g. `operation_timeout` or `dispatch_failed`. */
export type Outcome = { ok: true } | { ok: false; error: string };
export type SubmitOutcome = Outcome | { ok: true; errors: Record<string, string> };
