// What commands remember across replicas, in the words of the commands; the keys and the store are handed in.
import { UserError } from '../errors.ts';
import type { Person } from '../slack/reply.ts';
import { mention } from '../slack/text.ts';
import type { ChannelProjects, CommandDeps, ServerLocks } from './context.ts';

type Store = {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options?: { ttlMs?: number; onlyIfNew?: boolean }): Promise<boolean>;
  delete(...keys: string[]): Promise<void>;
};

/** One value per channel, kept until somebody changes it. */
export function createChannelProjects(parts: {
  store: Store;
  key: (teamId: string, channelId: string) => string;
}): ChannelProjects {
  const { store, key } = parts;
  return {
    get: (teamId, channelId) => store.get(key(teamId, channelId)),
    async set(teamId, channelId, projectId) {
      if (projectId === null) await store.delete(key(teamId, channelId));
      else await store.set(key(teamId, channelId), projectId);
    },
  };
}

const DAY_MS = 24 * 60 * 60_000;

/** `CommandDeps.firstTime`, remembered for a day. */
export function createFirstTime(parts: { store: Store; key: (id: string) => string }): CommandDeps['firstTime'] {
  return (id) => parts.store.set(parts.key(id), '1', { onlyIfNew: true, ttlMs: DAY_MS });
}

type Leases = {
  acquire(name: string, note: string): Promise<{ release(): Promise<void> } | { heldBy: string }>;
};

/** `name`: the lease of a server, the same one that resizes take. */
export function createServerLocks(parts: { leases: Leases; name: (serverId: string) => string }): ServerLocks {
  return {
    async exclusively(serverId, holder, work) {
      const lease = await parts.leases.acquire(parts.name(serverId), JSON.stringify(holder));
      if ('heldBy' in lease) throw busy(lease.heldBy);
      try {
        return await work();
      } finally {
        await lease.release();
      }
    },
  };
}

/** The note is ours or a resize's; one that is not read says less. */
function busy(note: string): UserError {
  const holder = readHolder(note);
  const rest = 'Wait until it is done, then try again.';
  if (!holder) return new UserError('busy', `Something else is being done to this server. ${rest}`);
  const doing = `is ${holder.what} just now`;
  return new UserError('busy', `User ${holder.by.userId} ${doing}. ${rest}`, {
    mrkdwn: `${mention(holder.by.userId)} ${doing}. ${rest}`,
  });
}

function readHolder(note: string): { what: string; by: Person } | null {
  try {
    const { what, by } = JSON.parse(note) as { what?: unknown; by?: { teamId?: unknown; userId?: unknown } };
    if (typeof what !== 'string' || typeof by?.userId !== 'string' || typeof by.teamId !== 'string') return null;
    return { what: what.replaceAll(/[^\p{L}\p{N} -]/gu, ''), by: { teamId: by.teamId, userId: by.userId } };
  } catch {
    return null;
  }
}
