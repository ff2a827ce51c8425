// A card that Slack does not take must not leave its requester waiting for an approval that nobody can give.
import { code, escapeMrkdwn } from '../slack/text.ts';
import type { Outbox, Outgoing } from '../slack/reply.ts';
import type { Resizes } from './resizes.ts';

const CARD = /^resize:(R-[A-Z0-9]+):card$/;

/** For the outbox's `onUndeliverable`; `error` is Slack's word, e.g. `not_in_channel`. Other messages than cards are none of ours. */
export async function tellRequester(
  deps: { resizes: Pick<Resizes, 'get'>; outbox: Outbox },
  message: Outgoing,
  error: string,
): Promise<void> {
  const id = CARD.exec(message.key)?.[1];
  const request = id === undefined ? null : await deps.resizes.get(id, message);
  if (!request) return;
  const { requester, channelId, plan } = request;
  const text = `I cannot post the card of ${request.id} (${code(plan.server.name)}) in <#${channelId}>: Slack says ${escapeMrkdwn(error)}. ${remedy(error)}`;
  await deps.outbox.put([
    { key: `resize:${request.id}:undeliverable`, teamId: requester.teamId, to: { userId: requester.userId }, text },
  ]);
}

function remedy(error: string): string {
  return error === 'not_in_channel' || error === 'channel_not_found'
    ? 'Invite me there (`/invite` and my name); I try again every minute.'
    : 'Cancel the request and ask again in a channel where I may post.';
}
