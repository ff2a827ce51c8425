// An order whose answer got lost: what the server shows of it, and what to do next.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import { plainName } from './words.ts';

/** Null where that cannot be seen either. */
export async function glimpse(cloud: Cloud, { id }: Server): Promise<Server | null> {
  try {
    return await showServer(cloud, id);
  } catch (error) {
    if (isCloudError(error)) return null;
    throw error;
  }
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
