// One list per project and tick for everything that waits there, instead of one look per server.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Server } from '../openstack/server.ts';
import { listChangedServers } from '../openstack/servers.ts';
import type { Person } from '../slack/reply.ts';

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

/** What it remembers is a convenience: a poller that starts from nothing finds everything with its first tick. */
type Memory = {
  ticks: number;
  known: Map<string, Waiting>;
  /** Place (project and region) → the cloud's clock at the last list that was used up completely. */
  listedAt: Map<string, number>;
};

export function createPoller(deps: PollerDeps): Poller {
  const memory: Memory = { ticks: 0, known: new Map(), listedAt: new Map() };
  return {
    async tick() {
      const full = memory.ticks % FULL_EVERY === 0;
      memory.ticks += 1;
      const waiting = await findWaiting(deps, memory, full);
      const groups = Map.groupBy(waiting, placeOf);
      if (full) forgetAllBut(memory.listedAt, groups);
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

/** One project's trouble is not another's. */
async function pollPlace(deps: PollerDeps, poll: Poll): Promise<void> {
  try {
    const cloud = await anyCloud(deps, poll);
    if (cloud) await listAndHandOver(deps, poll, cloud);
    else await deps.unwatched(poll.group.map((one) => one.id));
  } catch (error) {
    deps.onError(error, { projectId: poll.group[0]?.projectId ?? poll.place });
  }
}

/** Anybody's eyes will do. Null when all of them are certain not to; throws when it is only not possible just now. */
async function anyCloud(deps: PollerDeps, { group }: Poll): Promise<Cloud | null> {
  let trouble: { error: unknown } | null = null;
  for (const { person, projectId, region } of eyes(group)) {
    try {
      const cloud = await deps.cloudFor(person, projectId);
      if (cloud.region === region) return cloud;
    } catch (error) {
      const certain = error instanceof UserError && error.code !== 'unavailable' && error.code !== 'busy';
      if (!certain) trouble = { error };
    }
  }
  if (trouble) throw trouble.error;
  return null;
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

async function listAndHandOver(deps: PollerDeps, { place, group, full, memory }: Poll, cloud: Cloud): Promise<void> {
  const oldest = Math.min(...group.map((one) => one.since)) - CLOCKS_MAY_DIFFER_MS;
  const last = memory.listedAt.get(place);
  const since = last === undefined ? oldest : last - OVERLAP_MS;
  const at = deps.now();
  const listed = await listChangedServers(cloud, full ? Math.min(oldest, since) : since);
  const waits = new Map(group.map((one) => [one.serverId, one.id]));
  const concerned = listed.servers.flatMap((server) => {
    const waiting = waits.get(server.id);
    return waiting === undefined ? [] : [deps.changed(waiting, { server, at })];
  });
  const answers = await Promise.all(concerned);
  // What could not be used has to be inside the next list.
  if (!answers.includes('busy')) memory.listedAt.set(place, listed.at);
}

function forgetAllBut(map: Map<string, unknown>, kept: { has(id: string): boolean }): void {
  for (const id of map.keys()) if (!kept.has(id)) map.delete(id);
}
