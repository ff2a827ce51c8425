// One action at a time per server, whoever asks and on whichever replica: the lease that a running resize takes, for everybody else.
import { UserError } from '../errors.ts';
import { isLease, type Leases } from '../redis/lease.ts';
import type { Person } from '../slack/reply.ts';
import { serverClaim } from './store.ts';

export type ServerLocks = {
  /** Runs `work` holding the server. Throws UserError `busy` naming who holds it and for what. */
  exclusively<T>(serverId: string, holder: { what: string; by: Person }, work: () => Promise<T>): Promise<T>;
};

export function createServerLocks(leases: Leases): ServerLocks {
  return {
    async exclusively(serverId, { what, by }, work) {
      const lease = await leases.acquire(serverClaim(serverId), `${what} by user ${by.userId}`);
      if (!isLease(lease)) {
        throw new UserError(
          'busy',
          `Something else is being done to this server just now: ${lease.heldBy}. Try again in a moment.`,
        );
      }
      try {
        return await work();
      } finally {
        await lease.release();
      }
    },
  };
}
