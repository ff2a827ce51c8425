// Where errands are kept, and how they are found again: by what is due, and by whose sign-in they wait for.
import type { Placement } from '../redis/record.ts';
import { serverClaim } from '../resize/store.ts';
import { type Errand, isOver } from './errand.ts';

/** Closed errands stay readable, and their buttons answer, for a month. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;

/** Waits for somebody's sign-in. */
export const HELD = 'held';

/** For `createRecords`: saved in one step with the errand itself. */
export function placeErrand(errand: Errand): Placement {
  const told = errand.announced >= errand.revision;
  return {
    // What people have not been shown yet is due at once, should the one who saved it die before showing it.
    due: told ? errand.due : 0,
    claims: [],
    groups: [{ name: HELD, score: errand.state === 'needs_login' ? errand.createdAt : null }],
    keepMs: isOver(errand) && told ? KEEP_MS : null,
  };
}

/** Whoever works on an errand holds its server, as a running resize does; or the errand, where there is no server. */
export function leaseOf({ id, server }: Pick<Errand, 'id' | 'server'>): string {
  return server ? serverClaim(server.id) : `errand:${id}`;
}
