// What is not known of an order: whether it was taken, or what has become of it. Nothing is claimed that was not seen.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import type { Person } from '../../slack/reply.ts';
import { mention } from '../../slack/text.ts';
import { nameCode, plainName } from './words.ts';

export type Looked = { kind: 'seen'; server: Server } | { kind: 'gone' | 'unseen' };

/** `unseen`: the cloud does not answer, or does not let this person look. */
export async function lookAt(cloud: Cloud, { id }: Server): Promise<Looked> {
  try {
    return { kind: 'seen', server: await showServer(cloud, id) };
  } catch (error) {
    if (isCloudError(error, 'not_found')) return { kind: 'gone' };
    if (isCloudError(error)) return { kind: 'unseen' };
    throw error;
  }
}

/** Null where it cannot be seen either. */
export async function glimpse(cloud: Cloud, server: Server): Promise<Server | null> {
  const looked = await lookAt(cloud, server);
  return looked.kind === 'seen' ? looked.server : null;
}

/** The order was taken, and the last look at the server failed. `word`: as it was typed. `next`: where it is to be seen. */
export function unseenSentence(
  word: string,
  { server, by, next }: { server: Server; by: Person; next: string },
): string {
  return `⏳ The cloud took ${mention(by.userId)}’s order to ${word} ${nameCode(plainName(server))} and has not answered since; I look no longer. ${next}`;
}

/** For an order of which nothing is to be seen, and that must not be repeated on a guess. `word`: as it was typed. */
export function uncertain(
  word: string,
  { server, seen }: { server: Server; seen: Server | null },
  cause: unknown,
): UserError {
  const name = plainName(server);
  const shown = seen ? `shows nothing of it so far: ${name} is ${seen.status}` : 'does not let me look at the moment';
  const sentence = `The cloud did not say whether it took the order to ${word} ${name}, and ${shown}. Look at it with “show” before you try again.`;
  return new UserError('unavailable', sentence, { cause });
}
