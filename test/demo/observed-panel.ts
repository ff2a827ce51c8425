// The side panel of a real cloud: the bot's own calls, read off its log, and the servers of one project, looked at while
// somebody watches.
import { EventEmitter } from 'node:events';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { listAllFlavors, type Flavor } from '../../src/openstack/flavors.ts';
import { object, number, text, type Json } from '../../src/openstack/json.ts';
import type { Server } from '../../src/openstack/server.ts';
import { listServers } from '../../src/openstack/servers.ts';
import type { CloudState } from '../simulators/cloud/cloud-simulator.ts';
import type { Guide, Panel } from './stage.ts';

const LOOK_EVERY_MS = 2_000;
const CALLS_KEPT = 200;

/** `connection` null: nobody's eyes are lent for the servers. */
export type Eyes = { connection: Cloud; projectName: string } | null;

export type ObservedPanel = Panel & {
  /** Takes a line of the bot's log; true when it was only for the panel. */
  hears(line: string): boolean;
  close(): void;
};

export async function createObservedPanel(eyes: Eyes): Promise<ObservedPanel> {
  const changed = new EventEmitter<{ change: [] }>();
  const calls: CloudState['calls'] = [];
  let servers = await serversSeen(eyes);
  const guide = guideTo(servers, eyes === null ? null : await listAllFlavors(eyes.connection));
  const look = async (): Promise<void> => {
    if (changed.listenerCount('change') === 0) return;
    const found = await serversSeen(eyes);
    if (JSON.stringify(found) === JSON.stringify(servers)) return;
    servers = found;
    changed.emit('change');
  };
  // A cloud that does not answer is what the bot's own messages are about.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  return {
    changed,
    state: () => ({ servers, calls, guide }),
    hears(line) {
      const fact = parse(line);
      if (fact['msg'] === 'cloud call') {
        calls.push(callOf(fact));
        if (calls.length > CALLS_KEPT) calls.shift();
        changed.emit('change');
      }
      return number(fact['level']) !== null && (number(fact['level']) ?? 0) < WARN;
    },
    close: () => clearInterval(timer),
  };
}

/** Pino's number for the level from which on the demo shows the bot's log. */
const WARN = 40;

async function serversSeen(eyes: Eyes): Promise<CloudState['servers']> {
  if (eyes === null) return [];
  const { servers } = await listServers(eyes.connection, {});
  return servers.map((server) => row(server, eyes.projectName));
}

/** Something that works on this cloud: a server that runs, and the next bigger flavor; the form where neither is known. */
function guideTo(servers: CloudState['servers'], flavors: Flavor[] | null): NonNullable<Guide['guide']> {
  if (flavors === null) return { login: '/ecs login', resize: '/ecs resize' };
  const server = servers.find(({ status }) => status === 'ACTIVE') ?? servers[0];
  const current = flavors.find(({ name }) => name === server?.flavor);
  const [bigger] = flavors
    .filter(({ ramMiB, diskGiB }) => ramMiB > (current?.ramMiB ?? 0) && diskGiB >= (current?.diskGiB ?? 0))
    .toSorted((one, other) => one.ramMiB - other.ramMiB);
  const words = ['/ecs resize', server?.name, bigger?.name].filter((word) => word !== undefined);
  return { login: '/ecs login --application-credential', resize: words.join(' ') };
}

function row(server: Server, project: string): CloudState['servers'][number] {
  const { id, name, status, vmState, taskState, flavor } = server;
  const flavorName = flavor === null ? '' : 'id' in flavor ? flavor.id : flavor.name;
  return { id, name, status, vmState: vmState ?? '', taskState, flavor: flavorName, project };
}

function callOf(fact: Json): CloudState['calls'][number] {
  const url = new URL(text(fact['url']) ?? 'http://unknown/');
  return {
    at: Date.parse(text(fact['time']) ?? ''),
    method: text(fact['method']) ?? '',
    path: `${url.pathname}${url.search}`,
    // As in the simulated cloud: 0 where no answer came.
    status: number(fact['status']) ?? 0,
    by: null,
    ms: Math.round(number(fact['ms']) ?? 0),
  };
}

function parse(line: string): Json {
  try {
    return object(JSON.parse(line));
  } catch {
    return {};
  }
}
