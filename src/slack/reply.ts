// The data that crosses the border between Slack and the features: what a person did, what we answer.
import type { HomeView, KnownBlock, ModalView } from '@slack/types';

/** A Slack user inside a workspace. Always the pair: user ids alone are not unique across workspaces. */
export type Person = { teamId: string; userId: string };

/** A message we or others posted. */
export type MessageRef = { channelId: string; ts: string };

/** Values of a view or message form, flattened: block_id → value (multi-selects are arrays, an empty input is null). */
export type FormValues = Record<string, string | string[] | null>;

type Base = {
  /** De-duplication key: the same delivery twice has the same id. */
  id: string;
  person: Person;
  /** Milliseconds since the epoch at which the request reached us. */
  receivedAt: number;
};

export type CommandInteraction = Base & {
  kind: 'command';
  /** As typed, e.g. `/ecs`. */
  command: string;
  text: string;
  channelId: string;
  responseUrl: string;
  triggerId: string;
};

export type ActionInteraction = Base & {
  kind: 'action';
  actionId: string;
  /** Button value or selected option value; '' when there is none. */
  value: string;
  /** Null for clicks inside a modal or the Home tab. */
  channelId: string | null;
  responseUrl: string | null;
  triggerId: string;
  message: MessageRef | null;
  ephemeral: boolean;
  view: ViewRef | null;
  values: FormValues;
};

export type SubmissionInteraction = Base & {
  kind: 'submission';
  callbackId: string;
  view: ViewRef;
  /** As it was filled in, to be shown again when it is refused. Absent: Slack did not tell. */
  form?: ModalView;
  triggerId: string;
  values: FormValues;
};

/** Chosen from Slack's own menus: from anywhere, or on a message. */
export type ShortcutInteraction = Base & {
  kind: 'shortcut';
  /** As in manifest.yml. */
  callbackId: string;
  triggerId: string;
  /** Null unless it was chosen on a message. */
  channelId: string | null;
  responseUrl: string | null;
  /** The message's text, with Slack's escapes. */
  text: string | null;
};

export type HomeInteraction = Base & { kind: 'home_opened' };

/** A click on an external select's search box; answered in the same HTTP response. */
export type SuggestionInteraction = Base & {
  kind: 'suggestion';
  actionId: string;
  query: string;
  view: ViewRef | null;
};

export type Interaction =
  | CommandInteraction
  | ActionInteraction
  | SubmissionInteraction
  | ShortcutInteraction
  | HomeInteraction
  | SuggestionInteraction;

/** `privateMetadata` is ours: a JSON string of at most 3,000 characters. */
export type ViewRef = {
  id: string;
  hash: string;
  callbackId: string;
  privateMetadata: string;
  /** Absent: a modal. */
  type?: 'modal' | 'home';
  /** A window keeps it when its content is replaced. */
  title?: string;
};

export type Choice = { text: string; value: string; description?: string };

/**
 * What a handler answers. `message` to `person` is ephemeral; `replace` edits the (ephemeral) message the click came
 * from and is never set for a shared card. `modal` fills the view that was opened or submitted.
 */
export type Reply =
  | { kind: 'message'; audience: 'person' | 'channel'; text: string; blocks?: KnownBlock[]; replace?: boolean }
  | { kind: 'modal'; view: ModalView }
  | { kind: 'home'; view: HomeView }
  | { kind: 'none' };

/**
 * Decided before the ack, pure and instant.
 * - `durable`: something would be lost if we died after the ack, so the interaction is recorded first.
 * - `loading`: title of a modal to open at once (before any cloud call); the Reply then fills it.
 * - `errors`: a submission's field errors (block_id → sentence), answered inside the ack; nothing else runs.
 * - `after`: what happens to a submitted view: `close`, or `wait` (shows a waiting view that the Reply fills).
 */
export type Plan = {
  durable: boolean;
  loading?: string;
  errors?: Record<string, string>;
  after?: 'close' | 'wait';
};

/** What the features hand to the Slack edge. */
export type Handlers = {
  plan(interaction: Interaction): Plan;
  run(interaction: Interaction): Promise<Reply>;
  suggest(interaction: SuggestionInteraction): Promise<Choice[]>;
  /** Any thrown value → what to show. Never throws; logs what needs logging. */
  explain(error: unknown, interaction: Interaction): Refusal;
};

/** `text` is mrkdwn, escaped; `plain` and `blocks` say the same. `about`: the form's field (block_id) that it belongs to. */
export type Refusal = { text: string; plain: string; blocks?: KnownBlock[]; about?: string };

/** Durable intake: one Redis write. Throws when it could not be recorded in time. */
export type Inbox = { put(interaction: Interaction): Promise<'recorded' | 'duplicate'> };

/**
 * A message that must arrive: kept in the outbox until Slack has it. The newest `put` under a key wins: the first makes
 * a message, later ones edit it. `under` is the key of the message whose thread it belongs to.
 */
export type Outgoing = {
  key: string;
  teamId: string;
  to: { channelId: string } | { userId: string };
  under?: string;
  /** Also show a thread reply in the channel. */
  broadcast?: boolean;
  text: string;
  blocks?: KnownBlock[];
  /**
   * Names something that nobody but the receiver may see. It is fetched when the message is posted and stands behind
   * `text`, so that the outbox never holds it. Only for a message to a person, without blocks, put once.
   */
  secret?: string;
};

/** Where features put messages; delivered by the Slack edge, in order per channel, surviving restarts. */
export type Outbox = { put(messages: Outgoing[]): Promise<void> };
