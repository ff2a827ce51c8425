// Finds a message of ours at Slack by the nonce in its metadata.
import type { OutboxRow } from './outbox-store.ts';
import type { Web } from './ports.ts';

export const METADATA_EVENT = 'ecs_message';

/** Our clock and Slack's may differ. */
const SKEW_MS = 5 * 60_000;
const PAGE = 200;
/** 1,000 messages since the post: more than a channel takes in the minutes we look back. */
const MOST_PAGES = 5;

type Found = { ts?: string; metadata?: { event_payload?: object } };
type Answer = { messages?: Found[]; response_metadata?: { next_cursor?: string } };

/** The ts of the message that `row.delivery.attempt` has posted, or null. Throws what `Web.call` throws. */
export async function findPosted(
  web: Web,
  row: OutboxRow,
  place: { channelId: string; threadTs: string | null },
): Promise<string | null> {
  const { attempt } = row.delivery;
  if (!attempt) return null;
  const oldest = ((attempt.at - SKEW_MS) / 1000).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await readPage(web, row.message.teamId, { ...place, oldest, cursor });
    const message = answer.messages?.find((candidate) => hasNonce(candidate, attempt.nonce));
    if (message?.ts) return message.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  return null;
}

type Where = { channelId: string; threadTs: string | null; oldest: string; cursor: string | undefined };

// https://docs.slack.dev/reference/methods/conversations.history and conversations.replies
async function readPage(web: Web, teamId: string, { channelId, threadTs, oldest, cursor }: Where): Promise<Answer> {
  const common = { channel: channelId, oldest, limit: PAGE, include_all_metadata: true, ...(cursor && { cursor }) };
  if (threadTs === null) {
    const call = { method: 'conversations.history', teamId };
    return web.call(call, async (client) => client.conversations.history(common));
  }
  const call = { method: 'conversations.replies', teamId };
  return web.call(call, async (client) => client.conversations.replies({ ...common, ts: threadTs }));
}

function hasNonce(message: Found, nonce: string): boolean {
  const payload = message.metadata?.event_payload;
  return payload !== undefined && 'nonce' in payload && payload.nonce === nonce;
}
