// One list per project and tick for everything that waits there, instead of one look per server.
import type { Cloud } from '../openstack/cloud.ts';
import type { UserError } from '../errors.ts';
import { type CloudError, isCloudError } from '../openstack/errors.ts';
import type { Server } from '../openstack/server.ts';
import { listChangedServers } from '../openstack/servers.ts';
import type { Person } from '../slack/reply.ts';
import { type Away, isAway, isNoWayIn, whoIsAway } from '../workflow/way-in.ts';

/**
 * Something that waits for a server to change, since `since` (our clock, ms). `people`: whose sign-in may be used to
 * look, best first.
 */
export type Waiting = {
  id: string;
  serverId: string;
  projectId: string;
  region: string | null;
  people: Person[];
  since: number;
};

/** `at`: when we began to ask, our clock, ms since the epoch. */
export type Sighting = { server: Server; at: number };

export type PollerDeps = {
  /** Ids of what waits: for the cloud's work (`moving`), or for a person while the cloud might act by itself (`resting`). */
  waiting(kind: 'moving' | 'resting'): Promise<string[]>;
  /** Facts about them, which do not change while they wait: asked once per id and remembered. */
  describe(ids: string[]): Promise<Waiting[]>;
  /** Throws when this person has no way in. */
  cloudFor(person: Person, projectId: string): Promise<Cloud>;
  /** `busy`: it could not be used now, so it has to be listed again. */
  changed(id: string, sighting: Sighting): Promise<'done' | 'busy'>;
  /** Nobody who could look is signed in any more. */
  unwatched(ids: string[]): Promise<void>;
  /** Nobody could look since then, our clock: with every further look that fails. What follows it is a `changed` for all. */
  unseen(ids: string[], outage: { since: number; away: Away }): Promise<void>;
  now: () => number;
  /** A project could not be polled this time. */
  onError(error: unknown, facts: { projectId: string }): void;
};

export type Poller = { tick(): Promise<void> };

/** Nova stamps a change a moment before it can be listed, in whole seconds. */
const OVERLAP_MS = 2_000;

/** Every so many ticks: everything since the oldest began to wait, should a change have slipped through, and what rests. */
const FULL_EVERY = 12;

/** `since` of what waits is our clock; the cloud's may differ. */
const CLOCKS_MAY_DIFFER_MS = 60_000;

/** One look may fail by chance. */
const FAILED_LOOKS = 3;
/** A cloud that hangs lets few looks fail. */
const FAILED_FOR_MS = 30_000;

/** Looks that failed in a row, and when the first of them began. */
type Outage = { since: number; looks: number };

/** What it remembers is a convenience: a poller that starts from nothing finds everything with its first tick. */
type Memory = {
  ticks: number;
  known: Map<string, Waiting>;
  /** Place (project and region) → the cloud's clock at the last list that was used up completely. */
  listedAt: Map<string, number>;
  outages: Map<string, Outage>;
};

export function createPoller(deps: PollerDeps): Poller {
  const memory: Memory = { ticks: 0, known: new Map(), listedAt: new Map(), outages: new Map() };
  return {
    async tick() {
      const full = memory.ticks % FULL_EVERY === 0;
      memory.ticks += 1;
      const waiting = await findWaiting(deps, memory, full);
      const groups = Map.groupBy(waiting, placeOf);
      if (full) forgetAllBut(memory.listedAt, groups);
      forgetAllBut(memory.outages, groups);
      await Promise.all([...groups].map(([place, group]) => pollPlace(deps, { place, group, full, memory })));
    },
  };
}

async function findWaiting(deps: PollerDeps, { known }: Memory, full: boolean): Promise<Waiting[]> {
  const [moving, resting] = await Promise.all([deps.waiting('moving'), full ? deps.waiting('resting') : []]);
  const ids = new Set([...moving, ...resting]);
  if (full) forgetAllBut(known, ids);
  const fresh = [...ids].filter((id) => !known.has(id));
  const described = fresh.length > 0 ? await deps.describe(fresh) : [];
  for (const one of described) known.set(one.id, one);
  return [...ids].map((id) => known.get(id)).filter((one) => one !== undefined);
}

function placeOf({ projectId, region }: Waiting): string {
  return JSON.stringify([projectId, region]);
}

/** All of `group` is in one place. */
type Poll = { place: string; group: Waiting[]; full: boolean; memory: Memory };

type Look =
  /** `at`: our clock when the list was asked for; `listedAt`: the cloud's. */
  | { kind: 'listed'; servers: Server[]; at: number; listedAt: number }
  /** All who could look are certain not to be let in. */
  | { kind: 'nobody' }
  | { kind: 'away'; error: UserError | CloudError };

/** One project's trouble is not another's. */
async function pollPlace(deps: PollerDeps, poll: Poll): Promise<void> {
  const began = deps.now();
  try {
    const seen = await look(deps, poll);
    if (seen.kind !== 'away') poll.memory.outages.delete(poll.place);
    if (seen.kind === 'listed') return await handOver(deps, poll, seen);
    if (seen.kind === 'nobody') return await deps.unwatched(idsOf(poll));
    onTrouble(deps, poll, seen.error);
    await countOutage(deps, poll, { began, away: whoIsAway(seen.error) });
  } catch (error) {
    onTrouble(deps, poll, error);
  }
}

function onTrouble(deps: PollerDeps, { group, place }: Poll, error: unknown): void {
  deps.onError(error, { projectId: group[0]?.projectId ?? place });
}

/** Anybody's eyes will do. Throws only for trouble of our own. */
async function look(deps: PollerDeps, poll: Poll): Promise<Look> {
  let away: Look | null = null;
  for (const { person, projectId, region } of eyes(poll.group)) {
    try {
      const cloud = await deps.cloudFor(person, projectId);
      if (cloud.region === region) return await list(deps, poll, cloud);
    } catch (error) {
      if (isNoWayIn(error)) continue;
      if (!isAway(error)) throw error;
      away = { kind: 'away', error };
      // What the cloud does not answer to one, it does not answer to the next; a sign-in that cannot be renewed is one person's.
      if (isCloudError(error)) break;
    }
  }
  return away ?? { kind: 'nobody' };
}

async function list(deps: PollerDeps, poll: Poll, cloud: Cloud): Promise<Look> {
  const at = deps.now();
  const { servers, at: listedAt } = await listChangedServers(cloud, sinceWhen(poll));
  return { kind: 'listed', servers, at, listedAt };
}

/** When it is seen again, everything is listed: what was told that it is not has to be told that it is. */
async function countOutage(
  deps: PollerDeps,
  poll: Poll,
  { began, away }: { began: number; away: Away },
): Promise<void> {
  const { memory, place } = poll;
  const before = memory.outages.get(place);
  const outage = { since: before?.since ?? began, looks: (before?.looks ?? 0) + 1 };
  memory.outages.set(place, outage);
  if (outage.looks < FAILED_LOOKS && deps.now() < outage.since + FAILED_FOR_MS) return;
  memory.listedAt.delete(place);
  await deps.unseen(idsOf(poll), { since: outage.since, away });
}

function idsOf({ group }: Poll): string[] {
  return group.map((one) => one.id);
}

type Eye = { person: Person; projectId: string; region: string | null };

/** Each person once. */
function eyes(group: Waiting[]): Iterable<Eye> {
  const found = new Map<string, Eye>();
  for (const { people, projectId, region } of group) {
    for (const person of people) found.set(`${person.teamId} ${person.userId}`, { person, projectId, region });
  }
  return found.values();
}

function sinceWhen({ place, group, full, memory }: Poll): number {
  const oldest = Math.min(...group.map((one) => one.since)) - CLOCKS_MAY_DIFFER_MS;
  const last = memory.listedAt.get(place);
  const since = last === undefined ? oldest : last - OVERLAP_MS;
  return full ? Math.min(oldest, since) : since;
}

async function handOver(
  deps: PollerDeps,
  { place, group, memory }: Poll,
  { servers, listedAt, at }: Extract<Look, { kind: 'listed' }>,
): Promise<void> {
  const waits = new Map(group.map((one) => [one.serverId, one.id]));
  const concerned = servers.flatMap((server) => {
    const waiting = waits.get(server.id);
    return waiting === undefined ? [] : [deps.changed(waiting, { server, at })];
  });
  const answers = await Promise.all(concerned);
  // What could not be used has to be inside the next list.
  if (!answers.includes('busy')) memory.listedAt.set(place, listedAt);
}

function forgetAllBut(map: Map<string, unknown>, kept: { has(id: string): boolean }): void {
  for (const id of map.keys()) if (!kept.has(id)) map.delete(id);
}
