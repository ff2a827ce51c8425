// The resize feature with its real logic on virtual time: memory instead of Redis, a small Nova, and a process that can
// be killed at any of the points where it touches the world outside.
import { UserError } from '../../../src/errors.ts';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { type Flavor, listAllFlavors } from '../../../src/openstack/flavors.ts';
import { showServer } from '../../../src/openstack/servers.ts';
import type { Leases } from '../../../src/redis/lease.ts';
import type { RecordStore } from '../../../src/redis/record.ts';
import { fourEyes } from '../../../src/resize/policy.ts';
import type { Decision, ResizeRequest } from '../../../src/resize/request.ts';
import { createResizes } from '../../../src/resize/resizes.ts';
import { createResizeTick } from '../../../src/resize/tick.ts';
import { createResizeWorker } from '../../../src/resize/worker.ts';
import type { Outgoing, Person } from '../../../src/slack/reply.ts';
import { createMemory, type Process } from './memory.ts';
import { createNova } from './nova.ts';

export const ALICE: Person = { teamId: 'T1', userId: 'UALICE' };
export const BOB: Person = { teamId: 'T1', userId: 'UBOB' };
export const CAROL: Person = { teamId: 'T1', userId: 'UCAROL' };
export const MALLORY: Person = { teamId: 'T2', userId: 'UMALLORY' };

export const PROJECT = { id: 'p1', name: 'demo' };
export const SERVER = 'server-1';

const START = Date.UTC(2026, 10, 21, 12);
export const POLL_MS = 5_000;

export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Counts the points at which a process can die, and dies where it was told to. With `writes` only those before a write
 * count: dying before a read is the same as dying before whatever is written next.
 */
export type Fate = { point: number; killAt: Set<number>; points: 'all' | 'writes' };

export type House = ReturnType<typeof createHouse>;

export function createHouse(options: { fate?: Fate; twice?: boolean } = {}) {
  const fate = options.fate ?? { point: 0, killAt: new Set<number>(), points: 'all' };
  const clock = { at: START };
  const now = () => clock.at;
  const nova = createNova(now);
  const signedIn = new Set([ALICE.userId, BOB.userId, CAROL.userId]);
  const regions = new Map<string, string>();
  const provider = { away: false };
  const memory = createMemory(now);
  const messages = new Map<string, Outgoing>();
  const puts: Outgoing[] = [];
  const woken = new Set<string>();
  let serial = 0;

  /** Wraps one touch of the outside world: the process can die before it and after it. */
  function touching(process: Process, kind: 'read' | 'write') {
    return async <T>(work: () => T | Promise<T>): Promise<T> => {
      mayDie(process, fate.points === 'all' || kind === 'write');
      const result = await work();
      mayDie(process, fate.points === 'all');
      return result;
    };
  }

  function mayDie(process: Process, counts: boolean) {
    if (process.diedAt !== null) throw new Killed();
    if (!counts) return;
    fate.point += 1;
    if (!fate.killAt.has(fate.point)) return;
    process.diedAt = now();
    throw new Killed();
  }

  function boot() {
    const process: Process = { diedAt: null };
    const [read, touch] = [touching(process, 'read'), touching(process, 'write')];
    const records: RecordStore<ResizeRequest> = {
      create: (id, value) => touch(() => memory.create(id, value)),
      get: (id) => read(() => memory.get(id)),
      update: (id, change) => touch(() => memory.update(id, change)),
      many: (ids) => read(() => ids.map((id) => memory.get(id)).filter((one) => one !== null)),
      due: (time) => read(() => memory.due(time)),
      members: (group, how) => read(() => memory.members(group, how?.newestFirst ?? false).slice(0, how?.limit)),
      holder: (claim) => read(() => memory.holder(claim)),
    };
    const leases: Leases = {
      acquire: (name) => touch(() => memory.acquire(name, process, { read, touch })),
    };
    const cloudFor = async (person: Person, projectId: string): Promise<Cloud> => {
      if (provider.away) throw new UserError('unavailable', 'The identity provider does not answer.');
      if (!signedIn.has(person.userId)) throw new UserError('not_signed_in', 'You are not signed in.');
      const cloud = nova.cloud(projectId);
      return {
        ...cloud,
        region: regions.get(person.userId) ?? null,
        call: (request) => (request.method === 'GET' ? read : touch)(() => cloud.call(request)),
      };
    };
    const outbox = {
      put: (all: Outgoing[]) =>
        touch(() => {
          puts.push(...all);
          for (const one of all) messages.set(one.key, one);
        }),
    };
    const wake = (id: string) => touch(() => void woken.add(id));
    const log = { info: () => undefined, warn: () => undefined };
    const shared = { records, outbox, slash: '/ecs', cloudFor, now, log };
    const worker = createResizeWorker({ ...shared, leases });
    const resizes = createResizes({
      ...shared,
      flavors: { of: listAllFlavors },
      policy: fourEyes,
      wake,
      random(below) {
        serial = (serial * 1_103_515_245 + 12_345) % 2 ** 31;
        return Math.floor(serial / 256) % below;
      },
      ttls: { approvalTtlMs: 3_600_000, confirmTtlMs: 86_400_000 },
    });
    return { process, worker, resizes, tick: createResizeTick({ ...shared, worker, wake }) };
  }

  let bot = boot();

  /** A killed process is started again; what it was doing is lost, what it had written is not. */
  async function alive<T>(work: (running: ReturnType<typeof boot>) => Promise<T>): Promise<T | Killed> {
    const running = bot;
    try {
      return await work(running);
    } catch (error) {
      if (running.process.diedAt === null) throw error;
      if (bot === running) {
        clock.at += 1_000;
        bot = boot();
      }
      return error instanceof Killed ? error : new Killed();
    }
  }

  async function drain() {
    for (let rounds = 0; woken.size > 0 && rounds < 20; rounds += 1) {
      const ids = [...woken];
      woken.clear();
      for (const id of ids) {
        const outcome = await alive(({ worker }) => {
          const deliveries = options.twice ? [worker.step(id), worker.step(id)] : [worker.step(id)];
          return Promise.all(deliveries);
        });
        // The queue keeps what was not finished, and delivers it again.
        if (outcome instanceof Killed) woken.add(id);
      }
    }
  }

  return {
    clock,
    nova,
    signedIn,
    /** The region each person has chosen; none: the default. */
    regions,
    /** Of the sign-ins: nobody's can be renewed while it is away. */
    provider,
    messages,
    puts,
    fate,
    memory,
    resizes: () => bot.resizes,
    worker: () => bot.worker,
    drain,
    /** Moves time on, with a tick every POLL_MS. */
    async pass(ms: number) {
      const end = clock.at + ms;
      while (clock.at < end) {
        clock.at = Math.min(end, clock.at + POLL_MS);
        nova.settle();
        await alive(({ tick }) => tick.tick());
        await drain();
      }
    },
    /** Repeats what a killed process was asked, as Slack's and our own queue do. Null: refused. */
    async ask(wanted = 'c1.large', person = ALICE, serverId = SERVER): Promise<ResizeRequest> {
      for (;;) {
        const asked = await alive(async ({ resizes }) => {
          const server = await showServer(nova.cloud(PROJECT.id), serverId);
          const cloud = nova.cloud(PROJECT.id);
          const flavor = await flavorCalled(wanted, cloud);
          const input = { person, channelId: 'C1', server, flavor, reason: 'more load', cloud, project: PROJECT };
          return resizes.ask(input);
        });
        if (!(asked instanceof Killed)) return asked;
      }
    },
    async click(id: string, decision: Decision): Promise<UserError | null> {
      for (;;) {
        const outcome = await alive(async ({ resizes }) => {
          try {
            await resizes.decide(id, decision);
            return null;
          } catch (error) {
            if (error instanceof UserError) return error;
            throw error;
          }
        });
        if (outcome instanceof Killed) continue;
        await drain();
        return outcome;
      }
    },
    /** Ticks until the request is in this state, or for so long. */
    async until(id: string, state: ResizeRequest['state'], limitMs = 600_000) {
      const end = clock.at + limitMs;
      while (clock.at < end && memory.get(id)?.state !== state) await this.pass(POLL_MS);
    },
    read(id: string): ResizeRequest {
      const request = memory.get(id);
      if (!request) throw new Error(`no request ${id}`);
      return request;
    },
    async signIn(person: Person) {
      signedIn.add(person.userId);
      await alive(({ resizes }) => resizes.signedIn(person));
      await drain();
    },
  };
}

/** As the command finds it before anything is asked. */
export async function flavorCalled(wanted: string, cloud: Cloud): Promise<Flavor> {
  const found = (await listAllFlavors(cloud)).find(({ name }) => name === wanted);
  if (!found) throw new Error(`there is no flavor ${wanted} in this house`);
  return found;
}
