// The last touch on an answer: the line that repeats it, the Share button, and what changes when it is shared. Pure.
import type { KnownBlock } from '@slack/types';
import { actions, context, section } from '../slack/blocks.ts';
import type { Person, Reply } from '../slack/reply.ts';
import { lineCode, mention } from '../slack/text.ts';
import { shareButton } from './buttons.ts';

type Message = Extract<Reply, { kind: 'message' }>;

type Delivery = {
  /** The full line, with the slash command. */
  repeat: string;
  /** What the Share button carries; null when the answer is not for sharing. */
  share: string | null;
  /** Put it in the place of the (ephemeral) message that was clicked. */
  replace: boolean;
};

/** A refusal keeps the line it is about, to be mended and sent again. `text` is mrkdwn. */
export function refused(text: string, repeat: string): KnownBlock[] {
  return [section(text), againLine(repeat)];
}

/** An answer for one person's eyes. */
export function personal(message: Message, { repeat, share, replace }: Delivery): Message {
  const shown = message.blocks ?? [section(message.text)];
  const blocks = share === null ? shown : withButton(shown, share);
  return { ...message, blocks: [...blocks, againLine(repeat)], ...(replace && { replace: true }) };
}

function againLine(repeat: string): KnownBlock {
  return context(`Again: ${lineCode(repeat)}`);
}

/** The same answer for everybody: nobody else's buttons, and the name of who shared it. */
export function shared(message: Message, { repeat, by }: { repeat: string; by: Person }): Message {
  const shown = (message.blocks ?? [section(message.text)]).flatMap(withoutButtons);
  const blocks = [...shown, context(`Shared by ${mention(by.userId)} · ${lineCode(repeat)}`)];
  return { kind: 'message', audience: 'channel', text: message.text, blocks };
}

/** Into the last row of buttons, so that they stand together. */
function withButton(blocks: KnownBlock[], line: string): KnownBlock[] {
  const last = blocks.at(-1);
  if (last?.type !== 'actions') return [...blocks, actions([shareButton(line)])];
  return [...blocks.slice(0, -1), actions([...last.elements, shareButton(line)], last.block_id)];
}

function withoutButtons(block: KnownBlock): KnownBlock[] {
  if (block.type === 'actions') return [];
  if (block.type !== 'section' || !block.accessory) return [block];
  const { accessory: _accessory, ...rest } = block;
  return [rest];
}
