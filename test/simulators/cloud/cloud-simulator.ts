// A strict OpenStack in one process: real HTTP outside, a world that tests can look into and meddle with inside.

import { EventEmitter } from 'node:events';

import { matchesCall, type Call, type CallFilter } from './calls.ts';
import { statusOf } from './compute/status.ts';
import type { Core, Part, Spoil } from './core.ts';
import { Faults, type Fault } from './faults.ts';
import { Tokens } from './identity/tokens.ts';
import { listen, type Listener } from './listener.ts';
import type { SimAction, SimServer } from './model.ts';
import { createOperator, type Operator } from './operator.ts';
import { settingsFrom, type CloudOptions } from './options.ts';
import { DEFAULT_SEED, type Role, type ServerSeed } from './seeds.ts';
import { servicesOf } from './services.ts';
import { stockSeedFor } from './stock/seeds.ts';
import { Timeline } from './timeline.ts';
import { World } from './world.ts';

/** What the demo's side panel shows. */
export type CloudState = {
  servers: {
    id: string;
    name: string;
    status: string;
    vmState: string;
    taskState: string | null;
    flavor: string;
    project: string;
  }[];
  calls: { at: number; method: string; path: string; status: number; by: string | null; ms: number }[];
};

// The panel shows the last of them; a long demo must not send its whole history each time.
const CALLS_SHOWN = 200;

export class CloudSimulator {
  /** Tells that a server or the log of calls has changed. */
  readonly changed = new EventEmitter<{ change: [] }>();
  /** Every request since the start, oldest first. */
  readonly calls: Call[] = [];
  readonly operator: Operator;
  readonly world: World;
  readonly #core: Core;
  readonly #faults = new Faults();
  #listener: Listener | null = null;

  /** Starts on 127.0.0.1, on a free port unless one is given. */
  static async start(options: CloudOptions = {}): Promise<CloudSimulator> {
    const cloud = new CloudSimulator(options);
    await cloud.#listen();
    return cloud;
  }

  private constructor(options: CloudOptions) {
    const settings = settingsFrom(options);
    this.world = new World({ ...DEFAULT_SEED, ...stockSeedFor(settings.mode), ...options.seed }, settings.now);
    this.#core = {
      settings,
      world: this.world,
      timeline: new Timeline(settings.now, () => this.#tell()),
      tokens: new Tokens(settings, this.world),
      down: new Set(),
      spoils: new Map(),
      volumeSpoils: new Set(),
      lateMs: new Map(),
      networkHeardAt: null,
      baseUrl: () => this.url,
    };
    this.operator = createOperator(this.#core, () => this.#tell());
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener?.port ?? 0}`;
  }

  /** For `OS_AUTH_URL`. */
  get authUrl(): string {
    return `${this.url}/identity/v3`;
  }

  /** TCP connections that clients have opened since the start. */
  get connections(): number {
    return this.#listener?.connections() ?? 0;
  }

  /** Real milliseconds before every answer. */
  set latencyMs(ms: number) {
    this.#core.settings.latencyMs = ms;
  }

  async close(): Promise<void> {
    this.#core.timeline.close();
    await this.#listener?.close();
  }

  // The world

  addServer(seed: ServerSeed): SimServer {
    const server = this.world.addServer(seed);
    this.#tell();
    return server;
  }

  /** By name or id, with everything due by now done. Throws when there is none. */
  server(nameOrId: string): SimServer {
    this.#core.timeline.settle();
    return this.world.server(nameOrId);
  }

  /** Nova's word for the server's state now. */
  status(nameOrId: string): string {
    const { vmState, taskState } = this.server(nameOrId);
    return statusOf(vmState, taskState);
  }

  flavorOf(nameOrId: string): string {
    return this.world.flavor(this.server(nameOrId).flavorId).name;
  }

  /** The server's instance actions, newest first. */
  actionsOf(nameOrId: string): SimAction[] {
    return this.server(nameOrId).actions;
  }

  isChanging(nameOrId: string): boolean {
    return this.#core.timeline.has(this.server(nameOrId).id);
  }

  /** Completes what a server, a volume or a job is going through, whatever the pace. Throws when nothing is under way. */
  finish(nameOrId: string): void {
    this.step(nameOrId);
    const id = this.#changing(nameOrId);
    while (this.#core.timeline.step(id));
  }

  /** One step of it only, e.g. from `resize_prep` to `resize_migrating`. Throws when nothing is under way. */
  step(nameOrId: string): void {
    const id = this.#changing(nameOrId);
    if (!this.#core.timeline.step(id)) throw new Error(`nothing is under way for ${nameOrId}`);
  }

  #changing(nameOrId: string): string {
    this.#core.timeline.settle();
    const { stock } = this.world;
    if (stock.jobs.has(nameOrId)) return nameOrId;
    const volume = [...stock.volumes.values()].find(({ id, name }) => id === nameOrId || name === nameOrId);
    return volume?.id ?? this.server(nameOrId).id;
  }

  /** Lets everything happen that is due; after a test has moved the clock. */
  settle(): void {
    this.#core.timeline.settle();
  }

  /** A new application credential. `roles`: exactly these, without what they imply. `expiresAt`: ms since the epoch. */
  applicationCredential(
    userName: string,
    projectName: string,
    limits: { roles?: Role[]; expiresAt?: number } = {},
  ): { id: string; secret: string } {
    const { id, secret } = this.#core.tokens.addCredential({
      userId: this.world.user(userName).id,
      projectId: this.world.project(projectName).id,
      roles: limits.roles ?? null,
      expiresAt: limits.expiresAt ?? null,
    });
    return { id, secret };
  }

  /** Tokens that Keystone would still accept. */
  livingTokens(): { user: string; project: string | null; methods: string[] }[] {
    return this.#core.tokens.living().map(({ userId, projectId, methods }) => ({
      user: this.world.user(userId).name,
      project: projectId === null ? null : this.world.project(projectId).name,
      methods,
    }));
  }

  // Trouble

  /** The next request that fits (or the next `times`) goes wrong in this way. */
  failNext(fault: Fault): void {
    this.#faults.order(fault);
  }

  /** Forgets the faults ordered and not yet used. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /** While on, every connection dies. */
  outage(on: boolean): void {
    this.#listener?.setOutage(on);
  }

  /** One part of the control plane goes down or comes back; the rest goes on as a real one does. */
  breakDown(part: Part, isDown = true): void {
    if (isDown) this.#core.down.add(part);
    else this.#core.down.delete(part);
    if (part === 'computes' && !isDown && this.#core.settings.pace !== 'manual') this.#core.timeline.release();
  }

  /** The server's next change of this kind is accepted and then fails. */
  spoilNext(nameOrId: string, spoil: Spoil): void {
    this.#core.spoils.set(this.server(nameOrId).id, spoil);
  }

  /** The next change of a volume (by id or name, also one still to come) ends in `error`; of a new server’s name, its disk's. */
  spoilNextVolume(nameOrId: string): void {
    this.#core.volumeSpoils.add(nameOrId);
  }

  /** The server's next action is answered at once and begins only after so many milliseconds of the clock. */
  lagNext(nameOrId: string, ms: number): void {
    this.#core.lateMs.set(this.server(nameOrId).id, ms);
  }

  // Looking

  countCalls(filter: CallFilter = {}): number {
    return this.calls.filter((call) => matchesCall(call, filter)).length;
  }

  state(): CloudState {
    this.#core.timeline.settle();
    const living = [...this.world.servers.values()].filter((server) => server.vmState !== 'deleted');
    return {
      servers: living.map((server) => ({
        id: server.id,
        name: server.name,
        status: statusOf(server.vmState, server.taskState),
        vmState: server.vmState,
        taskState: server.taskState,
        flavor: this.world.flavor(server.flavorId).name,
        project: this.world.project(server.projectId).name,
      })),
      calls: this.calls
        .slice(-CALLS_SHOWN)
        .map(({ at, method, path, status, user, ms }) => ({ at, method, path, status, by: user, ms })),
    };
  }

  async #listen(): Promise<void> {
    const core = this.#core;
    this.#listener = await listen({
      core,
      faults: this.#faults,
      calls: this.calls,
      services: servicesOf(core),
      onAnswered: () => this.#tell(),
    });
  }

  #tell(): void {
    this.changed.emit('change');
  }
}
