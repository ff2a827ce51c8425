// Everything the simulated cloud holds: projects, people, roles, flavors, servers. No HTTP, no time passing.

import { randomUUID } from 'node:crypto';

import type { Now } from '../../../src/clock.ts';
import type { SimAction, SimFlavor, SimProject, SimServer, SimUser } from './model.ts';
import {
  DEFAULT_DOMAIN,
  SEED_IMAGE_ID,
  SEED_PASSWORD,
  type ComputeQuota,
  type FlavorSeed,
  type ProjectSeed,
  type Quota,
  type Role,
  type Seed,
  type ServerSeed,
  type UserSeed,
} from './seeds.ts';
import { equip } from './stock/equipment.ts';
import { hexFrom, uuidFrom } from './stock/ids.ts';
import { Stock } from './stock/stock.ts';

/** Role → what it implies, as a fresh Keystone sets it up. */
const IMPLIED: Record<Role, Role[]> = {
  reader: ['reader'],
  member: ['reader', 'member'],
  admin: ['reader', 'member', 'admin'],
};

const QUOTA: Quota = {
  instances: 10,
  cores: 20,
  ramMiB: 51200,
  volumes: 10,
  gigabytes: 1000,
  networks: 100,
  subnets: 100,
  ports: 500,
  keyPairs: 100,
};

const POWER: Record<string, number> = {
  active: 1,
  stopped: 4,
  paused: 3,
  suspended: 7,
  resized: 1,
  error: 1,
  building: 0,
};

export class World {
  readonly projects = new Map<string, SimProject>();
  readonly users = new Map<string, SimUser>();
  readonly flavors = new Map<string, SimFlavor>();
  /** By id, oldest first; deleted ones stay, as rows do in Nova until somebody archives them. */
  readonly servers = new Map<string, SimServer>();
  /** Images, disks, networks, keys: what servers are made from. */
  readonly stock: Stock;
  readonly #roles = new Map<string, Role>();
  readonly #now: Now;

  constructor(seed: Seed, now: Now) {
    this.#now = now;
    for (const project of seed.projects) this.addProject(project);
    for (const user of seed.users) this.addUser(user);
    for (const flavor of seed.flavors) this.addFlavor(flavor);
    const directory = {
      projectId: (name: string) => this.project(name).id,
      userId: (name: string) => this.user(name).id,
    };
    this.stock = new Stock(seed, directory, now);
    // An hour and more ago, a minute apart: lists are ordered by age and no seed looks newborn.
    const start = now() - 3_600_000;
    for (const [index, server] of seed.servers.entries()) {
      const added = this.addServer(server);
      const at = start + index * 60_000;
      Object.assign(added, { createdAt: at, updatedAt: at, launchedAt: added.launchedAt === null ? null : at });
    }
  }

  addProject(seed: ProjectSeed): SimProject {
    const name = seed.domainName ?? DEFAULT_DOMAIN.name;
    const project: SimProject = {
      id: hexFrom(`project:${name}:${seed.name}`),
      name: seed.name,
      description: seed.description ?? '',
      enabled: seed.enabled ?? true,
      domain: name === DEFAULT_DOMAIN.name ? DEFAULT_DOMAIN : { id: hexFrom(`domain:${name}`), name },
      quota: { ...QUOTA, ...seed.quota },
    };
    this.projects.set(project.id, project);
    return project;
  }

  addUser(seed: UserSeed): SimUser {
    const user: SimUser = {
      id: hexFrom(`user:${seed.name}`),
      name: seed.name,
      password: seed.password ?? SEED_PASSWORD,
      enabled: true,
      defaultProjectId: seed.defaultProject === undefined ? null : this.project(seed.defaultProject).id,
    };
    this.users.set(user.id, user);
    for (const [project, role] of Object.entries(seed.roles)) this.grant(user.id, this.project(project).id, role);
    return user;
  }

  addFlavor(seed: FlavorSeed): SimFlavor {
    const flavor = { disabled: false, isPublic: true, extraSpecs: {}, resizeOutcome: 'fits' as const, ...seed };
    this.flavors.set(flavor.id, flavor);
    return flavor;
  }

  addServer(seed: ServerSeed): SimServer {
    const now = this.#now();
    const vmState = seed.vmState ?? 'active';
    const id = seed.id ?? uuidFrom(`server:${seed.name}:${this.servers.size}`);
    const server: SimServer = {
      id,
      name: seed.name,
      projectId: this.project(seed.project).id,
      userId: this.user(seed.user ?? 'alice').id,
      vmState,
      isErased: false,
      taskState: seed.taskState ?? null,
      powerState: POWER[vmState] ?? 0,
      flavorId: this.flavor(seed.flavor).id,
      minDiskGiB: this.flavor(seed.flavor).diskGiB,
      oldFlavorId: vmState === 'resized' ? this.flavor(seed.flavor).id : null,
      oldVmState: vmState === 'resized' ? 'active' : null,
      migration: vmState === 'resized' ? 'finished' : null,
      lockedBy: seed.locked === true ? this.user(seed.user ?? 'alice').id : null,
      lockedReason: null,
      fault: seed.fault === undefined ? null : { ...seed.fault, createdAt: now },
      createdAt: now,
      updatedAt: now,
      launchedAt: vmState === 'building' ? null : now,
      terminatedAt: null,
      host: 'host-1',
      isHomeless: false,
      imageId: seed.imageId === undefined ? SEED_IMAGE_ID : seed.imageId,
      keyName: seed.keyName ?? null,
      zone: seed.zone ?? this.stock.zones[0] ?? 'nova',
      description: seed.description ?? null,
      metadata: seed.metadata ?? {},
      tags: seed.tags ?? [],
      addresses: seed.addresses ?? {
        'demo-net': [`10.0.${Math.floor(this.servers.size / 200)}.${10 + (this.servers.size % 200)}`],
      },
      volumeIds: seed.volumeIds ?? [],
      reservationId: seed.reservationId ?? `r-${hexFrom(id).slice(0, 8)}`,
      actions: [],
    };
    this.servers.set(id, server);
    equip(this.stock, server, this.#now);
    this.recordAction(server, {
      action: 'create',
      requestId: newRequestId(),
      userId: server.userId,
      projectId: server.projectId,
    });
    return server;
  }

  /** Newest first, as Nova lists them. */
  recordAction(
    server: SimServer,
    by: { action: string; requestId: string; userId: string; projectId: string },
  ): SimAction {
    const now = this.#now();
    const action: SimAction = { ...by, startedAt: now, updatedAt: now, message: null, events: [] };
    server.actions.unshift(action);
    return action;
  }

  grant(userId: string, projectId: string, role: Role): void {
    this.#roles.set(`${userId} ${projectId}`, role);
  }

  revoke(userId: string, projectId: string): void {
    this.#roles.delete(`${userId} ${projectId}`);
  }

  /** Roles with what they imply; empty when the user has none on the project, or the project is disabled. */
  rolesOf(userId: string, projectId: string): Role[] {
    const role = this.#roles.get(`${userId} ${projectId}`);
    return role === undefined || this.projects.get(projectId)?.enabled !== true ? [] : IMPLIED[role];
  }

  projectsOf(userId: string): SimProject[] {
    return [...this.projects.values()].filter((project) => this.rolesOf(userId, project.id).length > 0);
  }

  /** By name or id, for tests; throws when there is none. */
  project(nameOrId: string): SimProject {
    return found('project', nameOrId, this.projects.get(nameOrId) ?? byName(this.projects, nameOrId));
  }

  user(nameOrId: string): SimUser {
    return found('user', nameOrId, this.users.get(nameOrId) ?? byName(this.users, nameOrId));
  }

  flavor(nameOrId: string): SimFlavor {
    return found('flavor', nameOrId, this.flavors.get(nameOrId) ?? byName(this.flavors, nameOrId));
  }

  /** A living server is preferred to a deleted one of the same name. */
  server(nameOrId: string): SimServer {
    const named = [...this.servers.values()].filter((server) => server.name === nameOrId);
    const living = named.find((server) => server.vmState !== 'deleted');
    return found('server', nameOrId, this.servers.get(nameOrId) ?? living ?? named.at(-1));
  }

  /** What the project's living servers take of its quota, those left out that have no place yet. */
  usage(projectId: string): ComputeQuota {
    const used: ComputeQuota = { instances: 0, cores: 0, ramMiB: 0 };
    for (const server of this.servers.values()) {
      const counts = server.vmState !== 'deleted' && server.taskState !== 'scheduling';
      if (server.projectId !== projectId || !counts) continue;
      const flavor = this.flavor(server.flavorId);
      used.instances += 1;
      used.cores += flavor.vcpus;
      used.ramMiB += flavor.ramMiB;
    }
    return used;
  }
}

/** A request id as OpenStack's services write it. */
export function newRequestId(): string {
  return `req-${randomUUID()}`;
}

function byName<T extends { name: string }>(things: Map<string, T>, name: string): T | undefined {
  return [...things.values()].find((thing) => thing.name === name);
}

function found<T>(kind: string, name: string, thing: T | undefined): T {
  if (thing === undefined) throw new Error(`the simulated cloud has no ${kind} ${name}`);
  return thing;
}
