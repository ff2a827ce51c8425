// A card that Slack does not take must not leave its requester in the dark about their server.
import { code, escapeMrkdwn } from '../slack/text.ts';
import type { Outbox, Outgoing } from '../slack/reply.ts';
import type { Creations } from './creations.ts';

const CARD = /^creation:(C-[A-Z0-9]+):card$/;

/** For the outbox's `onUndeliverable`; `error` is Slack's word. Other messages than our cards are none of ours. */
export async function tellOrderer(
  deps: { creations: Pick<Creations, 'get'>; outbox: Outbox },
  message: Outgoing,
  error: string,
): Promise<void> {
  const id = CARD.exec(message.key)?.[1];
  const creation = id === undefined ? null : await deps.creations.get(id);
  if (!creation || creation.channelId === null) return;
  const { requester, channelId, spec } = creation;
  const text = `I cannot post the card of your new server ${code(spec.name)} in <#${channelId}>: Slack says ${escapeMrkdwn(error)}. It is being made all the same, and I tell you here when it is ready. Invite me there (\`/invite\` and my name) to see the card.`;
  await deps.outbox.put([
    { key: `creation:${creation.id}:undeliverable`, teamId: requester.teamId, to: { userId: requester.userId }, text },
  ]);
}
