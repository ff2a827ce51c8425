// What a message or modal says to somebody reading it: Slack's markup undone, blocks flattened in reading order.
import type { PlainTextOption } from '@slack/types';
import type { SimChannel, SimUser } from '../simulators/slack/control-api.ts';

type Json = Record<string, unknown>;

/** `around`: everything that the block it stands in says. `dialog`: what Slack asks before it counts, else ''. */
export type ButtonSeen = {
  label: string;
  actionId: string;
  blockId: string;
  value: string;
  around: string;
  dialog: string;
};
export type MenuSeen = { actionId: string; blockId: string; placeholder: string; options: PlainTextOption[] };

export type Names = { users: SimUser[]; channels: SimChannel[] };

/** Texts of all blocks, one line per text; falls back to the top-level text. */
export function readable(message: { text?: string; blocks: unknown[] }, names: Names): string {
  const lines = message.blocks.length > 0 ? message.blocks.flatMap(textsOf) : [message.text ?? ''];
  return lines.map((line) => undoMarkup(line, names)).join('\n');
}

const UNSAID = ['confirm', 'private_metadata', 'value', 'accessibility_label'];

function textsOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsOf);
  if (typeof part !== 'object' || part === null) return [];
  const { type, text } = part as Json;
  if ((type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string') return [text];
  return Object.entries(part as Json)
    .filter(([name]) => !UNSAID.includes(name))
    .flatMap(([, value]) => textsOf(value));
}

function undoMarkup(text: string, { users, channels }: Names): string {
  const nameOf = (known: { id: string; name: string }[], id: string) => known.find((one) => one.id === id)?.name ?? id;
  return text
    .replaceAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id: string) => `@${nameOf(users, id)}`)
    .replaceAll(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id: string) => `#${nameOf(channels, id)}`)
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/g, '$2')
    .replaceAll(/<(https?:[^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[*`⁨⁩]/g, '');
}

/** Buttons, in reading order. */
export function buttonsOf(blocks: unknown[]): ButtonSeen[] {
  return elementsOf(blocks)
    .filter(({ element }) => element.type === 'button')
    .map(({ element, block }) => ({
      label: String((element.text as Json).text),
      actionId: String(element.action_id),
      blockId: String(block.block_id),
      value: typeof element.value === 'string' ? element.value : '',
      around: textsOf(block).join('\n'),
      dialog: textsOf(Object.values((element.confirm ?? {}) as Json)).join('\n'),
    }));
}

/** Menus with a fixed choice, in reading order; the placeholder of an overflow menu is its three dots. */
export function menusOf(blocks: unknown[]): MenuSeen[] {
  return elementsOf(blocks)
    .filter(({ element }) => element.type === 'static_select' || element.type === 'overflow')
    .map(({ element, block }) => ({
      actionId: String(element.action_id),
      blockId: String(block.block_id),
      placeholder: element.type === 'overflow' ? '⋯' : textsOf(element.placeholder).join(''),
      options: element.options as PlainTextOption[],
    }));
}

function elementsOf(blocks: unknown[]): { element: Json; block: Json }[] {
  return (blocks as Json[]).flatMap((block) => {
    const { elements, accessory, element: input } = block;
    const several = Array.isArray(elements) ? (elements as unknown[]) : [];
    const candidates = [...several, accessory, input] as (Json | undefined)[];
    return candidates.flatMap((element) => (element === undefined ? [] : [{ element, block }]));
  });
}
