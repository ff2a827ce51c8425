// One action at a time per server, whoever asks and on whichever replica: the lease that a running resize takes, for everybody else.
import { UserError } from '../errors.ts';
import { isLease, type Lease, type Leases } from '../redis/lease.ts';
import type { Person } from '../slack/reply.ts';
import { serverClaim } from './store.ts';

/** For whoever holds the server. */
export type HeldServer = {
  /** To be asked when everything is ready to be sent, for getting there can take long. Throws UserError `busy`: it is lost. */
  confirm(): Promise<void>;
};

export type ServerLocks = {
  /** Runs `work` holding the server. Throws UserError `busy` naming who holds it and for what. */
  exclusively<T>(
    serverId: string,
    holder: { what: string; by: Person },
    work: (held: HeldServer) => Promise<T>,
  ): Promise<T>;
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
        return await work({ confirm: () => confirm(lease) });
      } finally {
        await lease.release();
      }
    },
  };
}

async function confirm(lease: Lease): Promise<void> {
  if (await lease.stillHeld()) return;
  throw new UserError(
    'busy',
    'That took too long, and somebody else may be at this server by now: nothing was done. Try again.',
  );
}
