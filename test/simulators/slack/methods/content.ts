// The content of a message as the app gives it: checked, cut and named as Slack does.
import type { KnownBlock } from '@slack/types';
import { codePoints, isObject } from '../blocks/check.ts';
import { asMessage, blocksTooLong, validateBlocks } from '../validate.ts';
import { assignIds } from '../views.ts';
import type { Metadata } from '../workspace.ts';
import type { World } from '../world.ts';
import { ApiError, optional, type Args } from './method.ts';

const CUT_ABOVE = 40_000;
const MARKDOWN_MAX = 12_000;
const METADATA_MAX = 8_000;

/** `blocks` is null when the app gave none, which is not the same as an empty list. */
export type Content = { text: string; blocks: KnownBlock[] | null };

/** `text`, `blocks` and `markdown_text` of a call. Throws ApiError. */
export function contentOf(args: Args, world: World): Content {
  if (args['attachments'] !== undefined) throw new ApiError('invalid_attachments');
  if (optional(args, 'markdown_text') !== '') return markdownOf(args);
  const text = cut(optional(args, 'text'));
  return { text, blocks: args['blocks'] === undefined ? null : blocksOf(args['blocks'], world) };
}

function markdownOf(args: Args): Content {
  if (optional(args, 'text') !== '' || args['blocks'] !== undefined) throw new ApiError('markdown_text_conflict');
  const text = optional(args, 'markdown_text');
  if (codePoints(text) > MARKDOWN_MAX) throw new ApiError('msg_too_long');
  return { text, blocks: null };
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length > CUT_ABOVE ? characters.slice(0, CUT_ABOVE).join('') : text;
}

function blocksOf(blocks: unknown, world: World): KnownBlock[] {
  if (!Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  const messages = validateBlocks(blocks, 'message', '/blocks').map(asMessage);
  if (blocks.some((block) => isObject(block) && block['type'] === 'video') && !canEmbed(world)) {
    messages.push('[ERROR] video blocks need links.embed:write [json-pointer:/blocks]');
  }
  if (messages.length > 0) throw new ApiError('invalid_blocks', { errors: messages, response_metadata: { messages } });
  if (blocksTooLong(blocks)) throw new ApiError('msg_blocks_too_long');
  return assignIds(blocks as KnownBlock[], world.settings.random);
}

function canEmbed({ settings }: World): boolean {
  return settings.scopes.includes('links.embed:write');
}

/** `{event_type, event_payload}`; undefined when the app gave none. */
export function metadataOf(args: Args): Metadata | undefined {
  const metadata = args['metadata'];
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) throw new ApiError('invalid_metadata_format');
  const { event_type: type, event_payload: payload, ...rest } = metadata;
  if (typeof type !== 'string' || type === '' || !isObject(payload) || Object.keys(rest).length > 0) {
    throw new ApiError('invalid_metadata_schema');
  }
  if (JSON.stringify(metadata).length > METADATA_MAX) throw new ApiError('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
