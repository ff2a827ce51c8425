// Slack's payloads, as far as we read them. https://docs.slack.dev/reference/interaction-payloads
import type { KnownBlock, PlainTextElement } from '@slack/types';
import { z } from 'zod';

const text = z.string().min(1);
/** Ids and tokens we can do without: an absent or null one is ''. */
const perhaps = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const CommandPayload = z.object({
  command: text,
  text: perhaps,
  team_id: text,
  user_id: text,
  channel_id: text,
  response_url: text,
  trigger_id: text,
});

/** Text as we wrote it, which Slack gives back. */
const Shown = z.custom<PlainTextElement>((given) => typeof given === 'object' && given !== null);

const Chosen = z.object({ value: perhaps, text: Shown.nullish(), description: Shown.nullish() });

/** State of one element, or the action it reports: both carry the value in the same places. */
const ElementValue = z.object({
  value: z.string().nullish(),
  selected_option: Chosen.nullish(),
  selected_options: z.array(Chosen).nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).nullish(),
  selected_channel: z.string().nullish(),
  selected_channels: z.array(z.string()).nullish(),
  selected_conversation: z.string().nullish(),
  selected_conversations: z.array(z.string()).nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
  selected_date_time: z.number().nullish(),
});
export type ElementValue = z.infer<typeof ElementValue>;

const State = z.object({ values: z.record(z.string(), z.record(z.string(), ElementValue)) });
export type State = z.infer<typeof State>;

const View = z.object({
  id: text,
  hash: perhaps,
  type: z.enum(['modal', 'home']).catch('modal'),
  callback_id: perhaps,
  private_metadata: perhaps,
  title: Shown.nullish(),
  state: State.nullish(),
});
export type View = z.infer<typeof View>;

/** A modal with all that is in it, as we made it. */
const Form = View.extend({
  submit: Shown.nullish(),
  close: Shown.nullish(),
  blocks: z.array(z.custom<KnownBlock>((given) => typeof given === 'object' && given !== null)).catch([]),
});
export type Form = z.infer<typeof Form>;

/** `team` is null for apps installed to a whole organisation; `user.team_id` is the workspace the person belongs to. */
const Sender = { team: z.object({ id: text }).nullish(), user: z.object({ id: text, team_id: z.string().nullish() }) };

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const ActionsPayload = z.object({
  ...Sender,
  trigger_id: perhaps,
  response_url: z.string().nullish(),
  channel: z.object({ id: text }).nullish(),
  container: z
    .object({ message_ts: z.string().nullish(), channel_id: z.string().nullish(), is_ephemeral: z.boolean().nullish() })
    .nullish(),
  view: View.nullish(),
  state: State.nullish(),
  actions: z.tuple([ElementValue.extend({ action_id: text, block_id: perhaps, action_ts: perhaps })], z.unknown()),
});

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const SubmissionPayload = z.object({ ...Sender, trigger_id: perhaps, view: Form });

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload: from anywhere, or on a message */
export const ShortcutPayload = z.object({
  ...Sender,
  callback_id: text,
  trigger_id: perhaps,
  action_ts: perhaps,
  channel: z.object({ id: text }).nullish(),
  response_url: z.string().nullish(),
  message: z.object({ text: perhaps }).nullish(),
});

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select */
export const SuggestionPayload = z.object({
  ...Sender,
  action_id: text,
  block_id: perhaps,
  value: perhaps,
  view: View.nullish(),
});

/** https://docs.slack.dev/reference/events/app_home_opened, in its envelope */
export const HomePayload = z.object({
  team_id: text,
  event_id: text,
  event: z.object({ user: text, tab: z.string().nullish() }),
});
