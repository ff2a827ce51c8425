// A small Nova in virtual time that refuses what the real one refuses, spoken to through `Cloud.call`.
// It counts what it accepted, because that is what must never be doubled.
import type { Cloud, CloudAnswer, CloudRequest } from '../../../src/openstack/cloud.ts';
import { profiles } from '../../../src/openstack/profile.ts';
import {
  demandFinished,
  demandState,
  failure,
  refusal,
  wireAction,
  wireFlavor,
  wireServer,
  wordOf,
  type Action,
  type ActionWord,
  type Fault,
  type NovaFlavor,
  type Server,
} from './nova-wire.ts';

type Later = { at: number; run(): void };

const SECOND = 1_000;

export const FLAVORS: NovaFlavor[] = [
  { id: '11', name: 's2.small', vcpus: 1, ram: 1024, disk: 10 },
  { id: '12', name: 's2.medium', vcpus: 2, ram: 2048, disk: 10 },
  { id: '13', name: 'c1.large', vcpus: 4, ram: 8192, disk: 10 },
];

export type Nova = ReturnType<typeof createNova>;

export function createNova(now: () => number) {
  const servers = new Map<string, Server>();
  const faults = new Map<ActionWord, Fault[]>();
  const accepted: { word: ActionWord; serverId: string; at: number }[] = [];
  let later: Later[] = [];
  let count = 0;
  const world = { away: false, limits: { cores: 10_000, ram: 20_000_000 }, flavors: [...FLAVORS], lists: 0, calls: 0 };

  function after(seconds: number, run: () => void) {
    later.push({ at: now() + seconds * SECOND, run });
  }

  /** Everything whose time has come, in order. */
  function settle() {
    for (;;) {
      const next = later.filter((one) => one.at <= now()).toSorted((a, b) => a.at - b.at)[0];
      if (!next) return;
      later = later.filter((one) => one !== next);
      next.run();
    }
  }

  function find(id: string): Server {
    const server = servers.get(id);
    if (!server || server.deleted) throw refusal(404, `Instance ${id} could not be found.`);
    return server;
  }

  function touch(server: Server, changes: Partial<Server>) {
    Object.assign(server, changes, { updated: now() });
  }

  function record(server: Server, action: string, event: string): Action {
    count += 1;
    const made = { action, request_id: `req-${count}`, message: null, event };
    server.actions.unshift(made);
    return made;
  }

  function perform(id: string, body: Record<string, unknown>, fault?: Fault): string {
    const word = wordOf(body);
    const server = find(id);
    if (server.locked) throw refusal(409, `Instance ${id} is locked`);
    demandState(server, word);
    const action = ACTIONS[word](server, body[word], fault);
    accepted.push({ word, serverId: id, at: now() });
    return action.request_id;
  }

  const ACTIONS: Record<ActionWord, (server: Server, argument: unknown, fault: Fault | undefined) => Action> = {
    'os-stop'(server) {
      touch(server, { task: 'powering-off' });
      after(2, () => touch(server, { vm: 'stopped', task: null, powered: false }));
      return record(server, 'stop', 'compute_stop_instance');
    },
    'os-start'(server, _argument, fault) {
      const action = record(server, 'start', 'compute_start_instance');
      touch(server, { task: 'powering-on' });
      if (fault?.kind === 'breaks') {
        after(2, () => {
          touch(server, { task: null });
          action.message = 'Error';
        });
      } else after(2, () => touch(server, { vm: 'active', task: null, powered: true }));
      return action;
    },
    resize(server, argument, fault) {
      const { flavorRef } = argument as { flavorRef: string };
      const target = world.flavors.find((flavor) => flavor.id === flavorRef && !flavor.disabled);
      if (!target) throw refusal(400, `Flavor ${flavorRef} could not be found.`);
      if (target.id === server.flavor.id) throw refusal(400, 'When resizing, instances must change flavor!');
      const cores = target.vcpus - server.flavor.vcpus;
      if (cores > 0 && usedCores() + cores > world.limits.cores) {
        throw refusal(403, `Quota exceeded for cores: Requested ${cores}`);
      }
      const action = record(server, 'resize', 'compute_finish_resize');
      const vm = server.vm === 'active' ? 'active' : 'stopped';
      touch(server, { task: 'resize_prep' });
      if (fault?.kind === 'no_host') {
        after(3, () => {
          touch(server, { task: null });
          after(1, () => Object.assign(action, { message: 'Error', event: 'cold_migrate' }));
        });
        return action;
      }
      after(4, () => touch(server, { task: 'resize_migrating' }));
      if (fault?.kind === 'hangs') return action;
      if (fault?.kind === 'breaks') {
        after(8, () => touch(server, { vm: 'error', task: null, fault: 'Virtual Interface creation failed' }));
        return action;
      }
      after(12, () =>
        touch(server, {
          vm: 'resized',
          task: null,
          old: { flavor: server.flavor, vm },
          flavor: target,
          migration: 'finished',
        }),
      );
      return action;
    },
    confirmResize(server) {
      demandFinished(server);
      touch(server, { migration: 'confirming' });
      after(6, () => touch(server, { vm: server.powered ? 'active' : 'stopped', migration: null, old: null }));
      return record(server, 'confirmResize', 'compute_confirm_resize');
    },
    revertResize(server) {
      demandFinished(server);
      const { old } = server;
      if (!old) throw refusal(400, 'Instance has not been resized.');
      touch(server, { task: 'resize_reverting', migration: 'reverting' });
      if (old.vm === 'stopped') {
        after(6, () => touch(server, { flavor: old.flavor, task: 'powering-off' }));
        after(9, () => touch(server, { vm: 'stopped', task: null, old: null, migration: null, powered: false }));
      } else
        after(6, () => touch(server, { flavor: old.flavor, vm: 'active', task: null, old: null, migration: null }));
      return record(server, 'revertResize', 'compute_revert_resize');
    },
  };

  function usedCores() {
    return [...servers.values()].reduce((sum, server) => sum + server.flavor.vcpus, 0);
  }

  function post(id: string, body: Record<string, unknown>): CloudAnswer {
    const word = wordOf(body);
    const fault = faults.get(word)?.shift();
    const run = () => perform(id, body, fault);
    switch (fault?.kind) {
      case 'not_sent':
        throw failure('network', null, 'ECONNRESET');
      case 'answer_lost':
        run();
        throw failure('timeout', null, 'no answer');
      case 'late':
        after(fault.seconds, () => {
          try {
            run();
          } catch {
            // Refused by then, and nobody is left to be told.
          }
        });
        throw failure('timeout', null, 'no answer');
      case 'http':
        if (fault.done) run();
        throw failure(fault.status === 429 ? 'throttled' : 'unavailable', fault.status, 'Unexpected API Error.');
      default:
        return answer(word === 'confirmResize' ? 204 : 202, null, run());
    }
  }

  function get(path: string, query: [string, string][]): unknown {
    const [, root, id, sub, requestId] = path.split('/');
    if (root === 'limits') {
      const { cores, ram } = world.limits;
      const absolute = { maxTotalCores: cores, totalCoresUsed: usedCores(), maxTotalRAMSize: ram, totalRAMUsed: 0 };
      return { limits: { absolute } };
    }
    if (root === 'flavors') {
      const flavor = world.flavors.find((one) => one.id === id);
      if (id !== 'detail' && !flavor) throw refusal(404, `Flavor ${id} could not be found.`);
      return flavor ? { flavor: wireFlavor(flavor) } : { flavors: world.flavors.map(wireFlavor) };
    }
    if (id === 'detail') return list(query);
    const server = find(id ?? '');
    if (sub !== 'os-instance-actions') return { server: wireServer(server) };
    if (!requestId) return { instanceActions: server.actions.map(wireAction) };
    const action = server.actions.find((one) => one.request_id === requestId);
    if (!action) throw refusal(404, `Action ${requestId} not found`);
    const result = action.message ? 'Error' : 'Success';
    return { instanceAction: { ...wireAction(action), events: [{ event: action.event, result }] } };
  }

  function list(query: [string, string][]): unknown {
    const { 'changes-since': from, marker, limit } = Object.fromEntries(query);
    world.lists += 1;
    const since = Date.parse(from ?? '1970-01-01T00:00:00Z');
    const changed = [...servers.values()].filter((server) => Math.floor(server.updated / SECOND) * SECOND >= since);
    const start = changed.findIndex((server) => server.id === marker) + 1;
    return { servers: changed.slice(start, start + Number(limit)).map(wireServer), servers_links: [] };
  }

  function answer(status: number, body: unknown, requestId: string | null = null): CloudAnswer {
    return { status, body, requestId, at: now() };
  }

  return {
    world,
    accepted,
    servers,
    settle,
    /** How often calls of these kinds were accepted. */
    count: (...words: ActionWord[]) => accepted.filter((one) => words.includes(one.word)).length,
    addServer(id: string, changes: Partial<Server> = {}): Server {
      const [flavor] = world.flavors;
      if (!flavor) throw new Error('no flavor');
      const server: Server = {
        id,
        name: 'web-1',
        vm: 'active',
        task: null,
        powered: true,
        flavor,
        old: null,
        migration: null,
        locked: false,
        deleted: false,
        fault: null,
        volumes: [],
        updated: now(),
        actions: [],
        ...changes,
      };
      record(server, 'create', 'compute_create');
      servers.set(id, server);
      return server;
    },
    fail(word: ActionWord, fault: Fault) {
      faults.set(word, [...(faults.get(word) ?? []), fault]);
    },
    change(id: string, changes: Partial<Server>) {
      settle();
      const server = servers.get(id);
      if (server) touch(server, changes);
    },
    /** The cloud, or somebody by another way. */
    actElsewhere(id: string, word: ActionWord, argument: unknown = null) {
      settle();
      perform(id, { [word]: argument });
      accepted.pop();
    },
    cloud(projectId: string): Cloud {
      return {
        projectId,
        region: null,
        profile: profiles.openstack,
        ceiling: null,
        preview: () => Promise.reject(new Error('no resize is only previewed')),
        async call({ method, path, body, query = [] }: CloudRequest) {
          world.calls += 1;
          settle();
          if (world.away) throw failure('network', null, 'unsent');
          if (method === 'GET') return answer(200, get(path, query));
          const [, , id = ''] = path.split('/');
          return post(id, body as Record<string, unknown>);
        },
      };
    },
  };
}
