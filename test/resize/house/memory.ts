// What Redis does for resizes, in memory and on virtual time.
import type { Lease } from '../../../src/redis/lease.ts';
import type { Placement } from '../../../src/redis/record.ts';
import type { ResizeRequest } from '../../../src/resize/request.ts';
import { placeRequest } from '../../../src/resize/store.ts';

/** When it died, ms since the epoch; null while it lives. */
export type Process = { diedAt: number | null };

/** As long as the real one's: a dead holder's lease ends by itself after this. */
const LEASE_MS = 4_000;

type Touch = <T>(work: () => T) => Promise<T>;

type Held = { token: string; process: Process };

/** What Redis does for us: compare-and-set, indexes, leases that outlive their holder by four seconds. */
export function createMemory(now: () => number) {
  const values = new Map<string, ResizeRequest>();
  const places = new Map<string, Placement>();
  const claims = new Map<string, string>();
  const leases = new Map<string, Held>();
  let tokens = 0;

  const get = (id: string): ResizeRequest | null => values.get(id) ?? null;
  // Through JSON, as Redis keeps it: what would not survive must not be relied on.
  const put = (id: string, value: ResizeRequest) => {
    values.set(id, JSON.parse(JSON.stringify(value)) as ResizeRequest);
    const place = placeRequest(value);
    places.set(id, place);
    for (const { name, held } of place.claims) {
      if (held) claims.set(name, id);
      else if (claims.get(name) === id) claims.delete(name);
    }
  };
  const holder = (claim: string): string | null => claims.get(claim) ?? null;
  const isFree = (name: string): boolean => {
    const held = leases.get(name);
    if (!held) return true;
    return held.process.diedAt !== null && now() >= held.process.diedAt + LEASE_MS;
  };
  return {
    get,
    holder,
    create(id: string, value: ResizeRequest) {
      if (values.has(id)) return { created: false as const, taken: 'id', by: id };
      for (const claim of placeRequest(value).claims) {
        const by = holder(claim.name);
        if (claim.held && by) return { created: false as const, taken: claim.name, by };
      }
      put(id, value);
      return { created: true as const };
    },
    update(id: string, change: (value: ResizeRequest) => ResizeRequest | null): ResizeRequest {
      const stored = get(id);
      if (!stored) throw new Error(`no record ${id}`);
      const value = change(stored);
      if (value === null) return stored;
      put(id, value);
      return value;
    },
    due: (time: number) => [...places].filter(([, place]) => place.due !== null && place.due <= time).map(([id]) => id),
    members(group: string, newestFirst: boolean) {
      const scored = [...places].flatMap(([id, place]) => {
        const score = place.groups.find((one) => one.name === group)?.score;
        return score === null || score === undefined ? [] : [{ id, score }];
      });
      const sorted = scored.toSorted((a, b) => a.score - b.score).map((one) => one.id);
      return newestFirst ? sorted.toReversed() : sorted;
    },
    acquire(
      name: string,
      process: Process,
      { read, touch }: Record<'read' | 'touch', Touch>,
    ): Lease | { heldBy: string } {
      if (!isFree(name)) return { heldBy: 'somebody' };
      tokens += 1;
      const token = String(tokens);
      leases.set(name, { token, process });
      const mine = () => leases.get(name)?.token === token;
      return {
        name,
        token,
        stillHeld: () => read(mine),
        release: () =>
          touch(() => {
            if (mine()) leases.delete(name);
          }),
      };
    },
  };
}
