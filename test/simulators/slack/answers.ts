// Messages the app gives in an ack or posts to a response_url.
import { isObject } from './blocks/check.ts';
import { contentOf } from './methods/content.ts';
import { ApiError, isTrue, optional, type Args } from './methods/method.ts';
import type { ResponseFor } from './tickets.ts';
import type { Stored } from './workspace.ts';
import type { World } from './world.ts';

/**
 * Does what the message says: a new one (ephemeral unless `in_channel`), or the clicked one replaced or deleted. Works
 * where the bot is no member.
 *
 * @throws ApiError with Slack's error string.
 */
export function applyMessage(world: World, about: ResponseFor, body: Args): void {
  const clicked = about.ts === null ? null : world.workspace.find(about.channelId, about.ts);
  if (isTrue(body, 'delete_original')) return deleteOriginal(world, clicked, body);
  const { text, blocks } = contentOf(body, world);
  if (text === '' && (blocks ?? []).length === 0) throw new ApiError('no_text');
  if (isTrue(body, 'replace_original') && about.origin === 'message') {
    if (clicked === null) throw new ApiError('message_not_found');
    world.workspace.edit(clicked, { text, blocks: blocks ?? [] });
    return;
  }
  world.workspace.post({
    channel: about.channelId,
    from: world.settings.bot.userId,
    text,
    blocks: blocks ?? [],
    threadTs: optional(body, 'thread_ts') || about.threadTs,
    ephemeralFor: optional(body, 'response_type') === 'in_channel' ? null : about.userId,
  });
}

function deleteOriginal(world: World, clicked: Stored | null, body: Args): void {
  if (Object.keys(body).length > 1) throw new ApiError('delete_original_must_be_alone');
  if (clicked === null) throw new ApiError('message_not_found');
  world.workspace.remove(clicked);
}

/** A body as a JSON object; null when it is none. */
export function parseObject(body: string): Args | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
