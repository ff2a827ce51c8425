// What a message or modal says to somebody reading it: Slack's markup undone, blocks flattened in reading order.
import type { SimUser } from '../simulators/slack/control-api.ts';

type Json = Record<string, unknown>;

export type ButtonSeen = { label: string; actionId: string; blockId: string; value: string; place: string };

/** Texts of all blocks, one line per text; falls back to the top-level text. */
export function readable(message: { text?: string; blocks: unknown[] }, users: SimUser[]): string {
  const lines = message.blocks.length > 0 ? message.blocks.flatMap(textsOf) : [message.text ?? ''];
  return lines.map((line) => undoMarkup(line, users)).join('\n');
}

function textsOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsOf);
  if (typeof part !== 'object' || part === null) return [];
  const { type, text } = part as Json;
  if ((type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string') return [text];
  return Object.entries(part as Json)
    .filter(([name]) => !['confirm', 'private_metadata', 'value', 'accessibility_label'].includes(name))
    .flatMap(([, value]) => textsOf(value));
}

function undoMarkup(text: string, users: SimUser[]): string {
  const nameOf = (id: string) => users.find((user) => user.id === id)?.name ?? id;
  return text
    .replaceAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id: string) => `@${nameOf(id)}`)
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/g, '$2')
    .replaceAll(/<(https?:[^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[*`⁨⁩]/g, '');
}

/** Buttons, in reading order; `place` tells the block they stand in. */
export function buttonsOf(blocks: unknown[]): ButtonSeen[] {
  return blocks.flatMap((block) => {
    const { block_id: blockId, elements, accessory } = block as Json;
    const candidates = [...(Array.isArray(elements) ? (elements as unknown[]) : []), accessory];
    return candidates
      .filter((element): element is Json => (element as Json | undefined)?.type === 'button')
      .map((element) => ({
        label: String((element.text as Json).text),
        actionId: String(element.action_id),
        blockId: String(blockId),
        value: typeof element.value === 'string' ? element.value : '',
        place: JSON.stringify(block),
      }));
  });
}
