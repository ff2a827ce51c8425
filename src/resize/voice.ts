// One sentence, two voices: plain text for logs and errors, mrkdwn for Slack with mentions and the reader's own time.
import { UserError, type RefusalCode } from '../errors.ts';
import type { Person } from '../slack/reply.ts';
import { code, dateTime, escapeMrkdwn, mention, safeName } from '../slack/text.ts';

export type Voice = {
  person(person: Person): string;
  /** Milliseconds since the epoch. */
  time(at: number): string;
  /** A name that people or the cloud chose. */
  name(name: string): string;
  /** Any other text that people or the cloud wrote. */
  text(text: string): string;
};

export const plainVoice: Voice = {
  person: (person) => `user ${person.userId}`,
  time: (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  name: safeName,
  text: (text) => text,
};

export const slackVoice: Voice = {
  person: (person) => mention(person.userId),
  time: (at) => dateTime(at, plainVoice.time(at)),
  name: code,
  text: escapeMrkdwn,
};

/** A refusal in both voices. */
export function refusal(kind: RefusalCode, sentence: (voice: Voice) => string): UserError {
  return new UserError(kind, sentence(plainVoice), { mrkdwn: sentence(slackVoice) });
}
