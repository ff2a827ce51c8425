// Creations on virtual time: a cloud that builds servers, a memory that outlives the process, and a process that can be killed.
import type { Creation } from '../../src/creation/creation.ts';
import { createCreations, type OrderInput } from '../../src/creation/creations.ts';
import { placeCreation } from '../../src/creation/store.ts';
import { createCreationTick } from '../../src/creation/tick.ts';
import { createCreationWorker } from '../../src/creation/worker.ts';
import { UserError } from '../../src/errors.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import type { Outgoing } from '../../src/slack/reply.ts';
import { MiniNova } from './mini-nova.ts';

export const ALICE = { teamId: 'T1', userId: 'UALICE' };
export const START = Date.parse('2026-11-21T10:00:00Z');
const TICK_MS = 5_000;
const LEASE_MS = 4_000;

/** The process died: whatever it was doing never comes back to it. */
class Killed extends Error {}

/** `killAt`: the points (a call to memory or cloud, before it and after it) at which the process dies. */
export type Fate = { point: number; killAt: ReadonlySet<number> };

export type House = Awaited<ReturnType<typeof createHouse>>;

export const ORDER: OrderInput = {
  person: ALICE,
  channelId: 'C0OPS',
  interactionId: 'command:T1:UALICE:1',
  project: { id: 'p-1', name: 'demo' },
  region: null,
  spec: {
    name: 'web-9',
    flavor: { id: 'f-1', name: 's3.small.1', vcpus: 1, ramMiB: 1024 },
    image: { id: 'i-1', name: 'Ubuntu 24.04' },
    network: { id: 'n-1', name: 'backend' },
    keyName: 'laptop',
    zone: null,
    disk: { sizeGiB: 10, type: null },
  },
};

export function createHouse({ killAt = [] as readonly number[] } = {}) {
  const clock = { at: START };
  const now = () => clock.at;
  const fate: Fate = { point: 0, killAt: new Set(killAt) };
  const nova = new MiniNova(now);
  const values = new Map<string, string>();
  const secrets = new Map<string, string>();
  const messages = new Map<string, Outgoing>();
  const leases = new Map<string, { token: number; until: number | null }>();
  const signedIn = { is: true, region: null as string | null };
  const logged: unknown[] = [];
  const lives = { count: 0, dead: false };
  let token = 0;

  /** One thing done outside the process: it can die before, or after and never hear of it. */
  async function outside<T>(work: () => T | Promise<T>): Promise<T> {
    meetFate();
    const done = await work();
    meetFate();
    return done;
  }
  function meetFate(): void {
    if (lives.dead) throw new Killed();
    fate.point += 1;
    if (!fate.killAt.has(fate.point)) return;
    lives.dead = true;
    // A dead holder's lease ends by itself.
    for (const lease of leases.values()) lease.until = now() + LEASE_MS;
    throw new Killed();
  }

  const get = (id: string): Creation | null => {
    const stored = values.get(id);
    return stored === undefined ? null : (JSON.parse(stored) as Creation);
  };
  const all = () => [...values.keys()].map(get).filter((one) => one !== null);
  const put = (value: Creation) => void values.set(value.id, JSON.stringify(value));
  const records = {
    create: (id: string, value: Creation) =>
      outside(() => {
        if (values.has(id)) return { created: false as const, taken: 'id', by: id };
        put(value);
        return { created: true as const };
      }),
    get: (id: string) => outside(() => get(id)),
    update: (id: string, change: (value: Creation) => Creation | null) =>
      outside(() => {
        const stored = get(id);
        if (!stored) throw new Error(`no record ${id}`);
        const next = change(stored);
        if (next) put(next);
        return next ?? stored;
      }),
    many: async (ids: string[]) => ids.map(get).filter((one) => one !== null),
    due: async (time: number) =>
      all()
        .filter((one) => isDue(one, time))
        .map(({ id }) => id),
    members: async (group: string) =>
      all()
        .filter((one) => placeCreation(one).groups.some(({ name, score }) => name === group && score !== null))
        .map(({ id }) => id),
    holder: async () => null,
  };
  const cloud: Cloud = { ...nova.asCloud(), call: (request) => outside(() => nova.asCloud().call(request)) };
  const cloudFor = async () => {
    if (!signedIn.is) throw new UserError('not_signed_in', 'You are not signed in.');
    return { ...cloud, region: signedIn.region };
  };
  const deps = {
    records,
    outbox: { put: (list: Outgoing[]) => outside(() => list.forEach((one) => messages.set(one.key, one))) },
    leases: {
      acquire: (name: string) =>
        outside(() => {
          const held = leases.get(name);
          if (held && (held.until === null || held.until > now())) return { heldBy: 'somebody' };
          token += 1;
          const mine = token;
          leases.set(name, { token: mine, until: null });
          return {
            name,
            token: String(mine),
            stillHeld: async () => leases.get(name)?.token === mine,
            release: async () => {
              if (!lives.dead) leases.delete(name);
            },
          };
        }),
    },
    secrets: {
      keep: ({ id }: { id: string }, { value }: { value: string }) => outside(() => void secrets.set(id, value)),
      look: async ({ id }: { id: string }) => (secrets.has(id) ? { title: '', value: secrets.get(id) ?? '' } : null),
      forget: async ({ id }: { id: string }) => void secrets.delete(id),
    },
    cloudFor,
    now,
    log: { info: (...line: unknown[]) => void logged.push(line), warn: (...line: unknown[]) => void logged.push(line) },
    slash: '/ecs',
    buttons: () => [],
    randomId: () => `mark-${(token += 1)}`,
  };

  /** A process: what it remembers dies with it. */
  function startProcess() {
    lives.dead = false;
    lives.count += 1;
    const woken: string[] = [];
    const wake = async (id: string) => void woken.push(id);
    const worker = createCreationWorker(deps);
    return {
      woken,
      worker,
      creations: createCreations({ ...deps, wake }),
      tick: createCreationTick({ ...deps, worker, wake }).tick,
    };
  }
  let process = startProcess();

  /** Runs it, and if the process dies of it starts the next one. */
  async function survive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Killed) && !lives.dead) throw error;
      process = startProcess();
    }
  }

  async function turn(): Promise<void> {
    await survive(async () => {
      await process.tick();
      for (const id of process.woken.splice(0)) await process.worker.step(id);
    });
    if (lives.dead) process = startProcess();
  }

  return {
    clock,
    fate,
    nova,
    messages,
    secrets,
    signedIn,
    logged,
    lives,
    all,
    /** The recorded click or line, worked until it went through: a queue repeats what died. */
    async order(input: OrderInput = ORDER): Promise<void> {
      for (let tries = 0; tries < 20; tries += 1) {
        let done = false;
        await survive(async () => {
          await process.creations.order(input);
          done = true;
        });
        if (done) return;
      }
      throw new Error('the order never went through');
    },
    resume: () => survive(() => process.creations.resume(ALICE)),
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += TICK_MS) {
        await turn();
        clock.at += TICK_MS;
      }
      await turn();
    },
    card: () => messages.get(`creation:${all()[0]?.id ?? ''}:card`),
    dm: () => messages.get(`creation:${all()[0]?.id ?? ''}:dm`),
  };
}

function isDue(creation: Creation, time: number): boolean {
  const { due } = placeCreation(creation);
  return due !== null && due <= time;
}
