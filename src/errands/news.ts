// What is told directly, because an edited card notifies nobody: that a sign-in is missing, and the end of what took long. Pure.
import { slackVoice as voice } from '../resize/voice.ts';
import { LIMITS, truncate } from '../slack/limits.ts';
import type { Outgoing } from '../slack/reply.ts';
import { type CardOptions, place, summary } from './cards.ts';
import type { Errand, Step } from './errand.ts';

/** Who has waited longer looks at something else by then. */
const LONG_MS = 30_000;

const CARD_WORDS_LENGTH = 40;

/** Put again, they edit what is there. */
export function news(errand: Errand, options: CardOptions): Outgoing[] {
  return [...missingSignIn(errand, options), ...farewell(errand)];
}

/** It reads right afterwards, too: nothing takes it back once the person has signed in. */
function missingSignIn(errand: Errand, { slash }: CardOptions): Outgoing[] {
  const { id, at, title, held, heldSince, channelId } = errand;
  if (!held) return [];
  const text = `🔑 “${voice.text(title)}” (${id}) waits for your sign-in: type \`${slash} login\`, with access to project ${place(errand)}. It goes on by itself after that.${cardWords(channelId)}`;
  const which = heldSince === undefined ? at : `${at}:${heldSince}`;
  return [{ key: `errand:${id}:held:${which}`, teamId: held.teamId, to: { userId: held.userId }, text }];
}

function farewell(errand: Errand): Outgoing[] {
  const { id, state, steps, channelId } = errand;
  const last = steps.findLast((step) => step.endedAt !== null);
  if (state === 'running' || state === 'needs_login' || !last || tookMs(errand, last) < LONG_MS) return [];
  const { teamId, userId } = last.by;
  const text = `${truncate(summary(errand), LIMITS.messageText - CARD_WORDS_LENGTH)}${cardWords(channelId)}`;
  return [{ key: `errand:${id}:end:${steps.length}`, teamId, to: { userId }, text }];
}

/** From the asking, or from the click that began what came last. */
function tookMs({ steps, createdAt }: Errand, { phase, endedAt }: Step): number {
  const before = steps.findLastIndex((step) => step.phase !== phase);
  const begun = phase === 'do' ? createdAt : (steps[before + 1]?.startedAt ?? createdAt);
  return (endedAt ?? begun) - begun;
}

function cardWords(channelId: string | null): string {
  return channelId === null ? '' : `\nIts card: <#${channelId}>`;
}
