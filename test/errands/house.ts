// Errands with their real logic on virtual time: memory instead of Redis, a small cloud of disks and networks, and a process
// that can be killed at any of the points where it touches the world outside.
import { createErrands, type ErrandOrder, errandId } from '../../src/errands/errands.ts';
import type { Errand } from '../../src/errands/errand.ts';
import { placeErrand } from '../../src/errands/store.ts';
import { createErrandWorker } from '../../src/errands/worker.ts';
import { UserError } from '../../src/errors.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import type { RecordStore } from '../../src/redis/record.ts';
import type { Outgoing, Person } from '../../src/slack/reply.ts';
import { createStockCloud } from './stock-cloud.ts';

export const ALICE: Person = { teamId: 'T1', userId: 'UALICE' };
export const SERVER = { id: 'server-1', name: 'web-1' };
const START = Date.UTC(2026, 10, 21, 12);
const LEASE_MS = 4_000;

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Counts the points at which a process can die, and dies where it was told to. */
export type Fate = { point: number; killAt: ReadonlySet<number> };

export function createHouse(fate: Fate = { point: 0, killAt: new Set() }) {
  const clock = { at: START };
  const now = () => clock.at;
  const cloud = createStockCloud(now);
  const values = new Map<string, string>();
  const lease = { until: 0 };
  const cards: Outgoing[] = [];
  const signedIn = { yes: true };

  function boot() {
    const process = { dead: false };
    const mayDie = () => {
      if (process.dead) throw new Killed();
      fate.point += 1;
      if (!fate.killAt.has(fate.point)) return;
      process.dead = true;
      throw new Killed();
    };
    const touch = async <T>(work: () => T | Promise<T>): Promise<T> => {
      mayDie();
      const result = await work();
      mayDie();
      return result;
    };
    const get = (id: string): Errand | null => {
      const kept = values.get(id);
      return kept === undefined ? null : (JSON.parse(kept) as Errand);
    };
    const records: Pick<RecordStore<Errand>, 'create' | 'get' | 'update' | 'due' | 'many' | 'members'> = {
      create: (id, value) =>
        touch(() => {
          if (values.has(id)) return { created: false as const, taken: 'id', by: id };
          values.set(id, JSON.stringify(value));
          return { created: true as const };
        }),
      get: async (id) => get(id),
      update: (id, change) =>
        touch(() => {
          const stored = get(id);
          if (!stored) throw new Error(`no record ${id}`);
          const next = change(stored);
          if (next) values.set(id, JSON.stringify(next));
          return next ?? stored;
        }),
      due: async (time) => [...values.keys()].filter((id) => isDue(get(id), time)),
      many: async (ids) => ids.map(get).filter((one) => one !== null),
      members: async () => [...values.keys()].filter((id) => get(id)?.state === 'needs_login'),
    };
    const shared = {
      records: { ...records, holder: async () => null },
      outbox: { put: (messages: Outgoing[]) => touch(() => void cards.push(...messages)) },
      slash: '/ecs',
      now,
      cloudFor: async (): Promise<Cloud> => {
        if (!signedIn.yes) throw new UserError('not_signed_in', 'Sign in.');
        return {
          ...cloud.cloud,
          call: (request) =>
            request.method === 'GET' ? cloud.cloud.call(request) : touch(() => cloud.cloud.call(request)),
        };
      },
    };
    const worker = createErrandWorker({
      ...shared,
      log: { info: () => undefined },
      pause: async (ms) => void (clock.at += ms),
      leases: {
        async acquire(name) {
          if (clock.at < lease.until) return { heldBy: 'somebody' };
          // A dead holder's lease ends by itself.
          lease.until = Infinity;
          const release = async () => void (lease.until = 0);
          return { name, token: '1', stillHeld: async () => !process.dead, release };
        },
      },
    });
    const errands = createErrands({ ...shared, wake: async () => undefined });
    return { process, worker, errands, records };
  }

  let bot = boot();

  /** A killed process is started again a second later; what it was doing is lost, what it had written is not. */
  async function alive<T>(work: (running: ReturnType<typeof boot>) => Promise<T>): Promise<T | null> {
    try {
      return await work(bot);
    } catch (error) {
      if (!bot.process.dead) throw error;
      clock.at += 1_000;
      if (lease.until === Infinity) lease.until = clock.at + LEASE_MS - 1_000;
      bot = boot();
      return null;
    }
  }

  return {
    cloud,
    clock,
    cards,
    signedIn,
    fate,
    read: (id: string) => JSON.parse(values.get(id) ?? 'null') as Errand,
    /** As a recorded command: worked again until it came through. */
    async begins(asked: ErrandOrder) {
      while (!(await alive(({ errands }) => errands.begin(asked))));
    },
    async decides(id: string, kind: 'undo' | 'remove') {
      for (;;) {
        const done = await alive(({ errands }) =>
          errands.decide(id, { kind, by: ALICE }).catch((error: unknown) => {
            if (error instanceof Killed) throw error;
            return 'refused' as const;
          }),
        );
        if (done) return;
      }
    },
    /** Ticks until nothing is due any more, for at most `limitMs` of virtual time. */
    async runs(limitMs: number) {
      for (const end = clock.at + limitMs; clock.at < end; clock.at += 5_000) {
        for (const id of await bot.records.due(clock.at, 99)) await alive(({ worker }) => worker.step(id));
      }
    },
  };
}

function isDue(errand: Errand | null, time: number): boolean {
  const due = errand && placeErrand(errand).due;
  return due !== null && due <= time;
}

export function order(parts: Pick<ErrandOrder, 'title' | 'tasks' | 'undo'>): ErrandOrder {
  return {
    ...parts,
    id: errandId(ALICE, 'i-1'),
    askedBy: 'i-1',
    person: ALICE,
    channelId: 'C1',
    project: { id: 'p1', name: 'demo' },
    region: null,
    server: SERVER,
    repeat: 'disk create',
  };
}

export const ID = errandId(ALICE, 'i-1');
