// The few views and sentences that are the Slack edge's own. Pure.
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { context, home, modal, section } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { escapeMrkdwn } from './text.ts';
import type { Interaction, Refusal } from './reply.ts';

/** What one person is told. `text` is mrkdwn; it is what notifications and screen readers get. */
export type Message = { text: string; blocks?: KnownBlock[]; replace?: boolean };

export const NOT_RECORDED = 'I could not record that in time. If nothing has happened in a minute, please try again.';
export const NOT_READ = 'I could not read what Slack sent me. Please try again.';
export const ALREADY_RECEIVED = 'I already have this; the first one counts.';
export const WINDOW_TOO_LATE = 'Slack gives me three seconds to open a window, and I was too slow. Please try again.';
export const VIEW_CHANGED =
  'This window changed while I was working, so I left it as it is. Please press the button again.';
export const NOT_POSTED = 'I could not post in the channel. Invite me there and try again.';
export const POST_UNSURE =
  'Slack did not tell me whether my message reached the channel. Look there before you try again.';

/** Plain text → a message that shows exactly that. */
export function plainMessage(text: string): Message {
  return refusalMessage({ text: escapeMrkdwn(text) });
}

/** What `Handlers.explain` gave: mrkdwn, escaped by whoever wrote it. */
export function refusalMessage({ text, blocks }: Pick<Refusal, 'text' | 'blocks'>): Message {
  return { text, blocks: blocks ?? [section(text)] };
}

/** Opened before anything is asked of the cloud: the pass to open a window lasts three seconds. */
export function loadingView(title: string, privateMetadata: string): ModalView {
  return modal({ title, blocks: [section('One moment…')], privateMetadata });
}

/** What a submitted form turns into while its answer is worked out. */
export function waitingView(privateMetadata: string): ModalView {
  return modal({
    title: 'One moment',
    blocks: [section('Working on it. You can close this window; the answer reaches you all the same.')],
    privateMetadata,
  });
}

/** A message in a window, which may have a title already. */
export function noticeView(message: Message, privateMetadata = '', title = 'ECS Flight Deck'): ModalView {
  return modal({ title, blocks: blocksOf(message), privateMetadata });
}

export function noticeHome(message: Message): HomeView {
  return home(blocksOf(message));
}

export function blocksOf(message: Message): KnownBlock[] {
  return message.blocks?.length ? fitting(message.blocks) : [section(message.text)];
}

/** As many of the blocks as one message takes; the last one then says that something is missing. */
export function fitting(blocks: KnownBlock[]): KnownBlock[] {
  if (isFitting(blocks)) return blocks;
  const kept = [...blocks];
  while (!isFitting([...kept, CUT])) kept.pop();
  return [...kept, CUT];
}

const CUT = context('There is more than Slack shows in one message.');

function isFitting(blocks: KnownBlock[]): boolean {
  return blocks.length <= LIMITS.messageBlocks && JSON.stringify(blocks).length <= LIMITS.messageBlocksTotal;
}

/** What can be said in a message of a window that its reader has closed: all but the inputs and buttons. */
export function messageFrom(view: ModalView): Message {
  const blocks = view.blocks.filter((block): block is KnownBlock => READ_ONLY.has(block.type));
  return { text: view.title.text, blocks: blocks.length ? blocks : [section('Done.')] };
}

const READ_ONLY = new Set(['section', 'header', 'context', 'divider', 'image', 'rich_text']);

/** Where a person's messages go when there is no response_url: the channel they act in, or the one the window remembers. */
export function channelOf(interaction: Interaction): string | null {
  if (interaction.kind === 'command' || interaction.kind === 'shortcut') return interaction.channelId;
  if (interaction.kind === 'action' && interaction.channelId) return interaction.channelId;
  if (interaction.kind === 'action' || interaction.kind === 'submission')
    return channelIn(interaction.view?.privateMetadata ?? '');
  return null;
}

/** `private_metadata` for a window that this interaction opens, so that later answers find the channel. */
export function metadataFor(interaction: Interaction): string {
  const channel = channelOf(interaction);
  return channel ? JSON.stringify({ channel }) : '';
}

/** The features' own metadata stays; a view without any remembers the channel. */
export function rememberingChannel(view: ModalView, interaction: Interaction): ModalView {
  const metadata = view.private_metadata || metadataFor(interaction);
  return metadata ? { ...view, private_metadata: metadata } : view;
}

function channelIn(privateMetadata: string): string | null {
  try {
    const metadata: unknown = JSON.parse(privateMetadata);
    const found = typeof metadata === 'object' && metadata !== null && 'channel' in metadata ? metadata.channel : null;
    return typeof found === 'string' && found ? found : null;
  } catch {
    return null;
  }
}
