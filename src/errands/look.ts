// One look at the cloud for the step in hand, as the person whose step it is.
import { unreachable, UserError } from '../errors.ts';
import { listAttachments } from '../openstack/attachments.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { correlationNote } from '../openstack/correlation.ts';
import { isCloudError } from '../openstack/errors.ts';
import { listInterfaces } from '../openstack/interfaces.ts';
import { listNetworks, showNetwork } from '../openstack/networks.ts';
import { listPorts, showPort } from '../openstack/ports.ts';
import { showServer } from '../openstack/servers.ts';
import { listSubnets, showSubnet } from '../openstack/subnets.ts';
import { findCreatedVolume, showVolume, type Volume } from '../openstack/volumes.ts';
import type { Person } from '../slack/reply.ts';
import { type CloudFor, isAway, isNoWayIn } from '../workflow/way-in.ts';
import { type Errand, idOf, nameOf, type Step } from './errand.ts';
import type { Sight } from './sight.ts';
import { serverOf, type Ref, type Task, type Thing } from './task.ts';
import {
  brokenDiskSentence,
  brokenSentence,
  elsewhereSentence,
  goneSentence,
  lockedSentence,
  notDeletedSentence,
  stateSentence,
  unclearSentence,
  unseenSentence,
} from './words.ts';

export type LookDeps = { cloudFor: CloudFor; now: () => number };

/** A sight without its time. */
type Seen = Sight extends infer S ? (S extends Sight ? Omit<S, 'at'> : never) : never;

/** What a cloud or a sign-in can do is a sight; only a bug, or Redis being away, is thrown. */
export async function lookAt(errand: Errand, step: Step, deps: LookDeps): Promise<Sight> {
  const at = deps.now();
  try {
    const cloud = await cloudOf(errand, step.by, deps.cloudFor);
    return { at, ...(await see(cloud, errand, step)) };
  } catch (error) {
    const said = hopeless(error);
    if (said !== null) return { at, kind: 'blocked', said };
    if (isNoWayIn(error)) return { at, kind: 'signed_out' };
    if (!isAway(error)) throw error;
    return { at, kind: 'away', retryAfterMs: isCloudError(error) ? error.retryAfterMs : null };
  }
}

/** The cloud has no such service, or does not let this person look: asking again will not change that. */
function hopeless(error: unknown): string | null {
  if (error instanceof UserError) return error.code === 'unsupported' ? error.message : null;
  const refused = isCloudError(error, 'forbidden') || isCloudError(error, 'bad_request');
  return refused ? unseenSentence(error.serviceMessage.slice(0, 300)) : null;
}

/** Throws what `CloudFor` throws, and `not_allowed` for somebody who has chosen another region meanwhile. */
export async function cloudOf(errand: Errand, person: Person, cloudFor: CloudFor): Promise<Cloud> {
  const cloud = await cloudFor(person, errand.project.id);
  if (cloud.region === errand.region) return cloud;
  const wanted = errand.region ?? 'the default region';
  throw new UserError('not_allowed', `This is in ${wanted}: choose it with the region command, then try again.`);
}

async function see(cloud: Cloud, errand: Errand, step: Step): Promise<Seen> {
  const seen = await seeThing(cloud, errand, step);
  const server = serverOf(step.task);
  // Refused, and still not done: it is the server's state, or it is for good.
  if (seen.kind !== 'absent' || step.intention?.answer?.kind !== 'look' || !server) return seen;
  return (await seeServer(cloud, server)) ?? seen;
}

async function seeThing(cloud: Cloud, errand: Errand, step: Step): Promise<Seen> {
  const { task } = step;
  switch (task.kind) {
    case 'make_disk':
      return seeNewDisk(cloud, task, step.id);
    case 'attach_disk':
    case 'detach_disk':
      return seeDisk(cloud, errand, task);
    case 'make_network':
    case 'make_subnet':
    case 'make_port':
      return step.id === null ? seeCandidates(cloud, errand, { ...step, task }) : seeMade(cloud, task, step.id);
    case 'attach_port':
    case 'detach_port':
      return seePort(cloud, errand, task);
    case 'remove':
      return seeRemoved(cloud, task.thing, known(errand, task.it));
    default:
      return unreachable(task);
  }
}

/** Earlier steps are done, so their ids are known. */
function known(errand: Errand, ref: Ref): string {
  const id = idOf(errand, ref);
  if (id === null) throw new Error(`${errand.id} works on something that was never made`);
  return id;
}

type TaskOf<K extends Task['kind']> = Extract<Task, { kind: K }>;

async function seeNewDisk(cloud: Cloud, task: TaskOf<'make_disk'>, id: string | null): Promise<Seen> {
  const volume = id === null ? await findCreatedVolume(cloud, task) : await orNull(showVolume(cloud, id));
  // Just made, and not to be seen yet, or removed again by somebody: time will tell which.
  if (!volume) return { kind: 'absent', before: [] };
  if (isBroken(volume))
    return { kind: 'broken', id: volume.id, said: brokenSentence('disk', task.name, volume.status) };
  if (volume.status === 'available') return { kind: 'ready', id: volume.id, detail: null };
  return { kind: 'pending', id: volume.id, word: volume.status };
}

function isBroken({ status }: Pick<Volume, 'status'>): boolean {
  return status.startsWith('error');
}

const TO_BE_ATTACHED = new Set(['attaching', 'reserved']);

async function seeDisk(
  cloud: Cloud,
  errand: Errand,
  { kind, server, disk }: TaskOf<'attach_disk' | 'detach_disk'>,
): Promise<Seen> {
  const id = known(errand, disk);
  const name = nameOf(errand, disk);
  const volume = await orNull(showVolume(cloud, id));
  const attaching = kind === 'attach_disk';
  if (!volume) return attaching ? { kind: 'broken', id, said: goneSentence('disk', name) } : ready(id);
  if (isBroken(volume)) return { kind: 'broken', id, said: wordsOnBroken(disk, name, volume.status) };
  const here = volume.attachments.some(({ serverId }) => serverId === server.id);
  if (here && volume.status === 'in-use') return attaching ? seeDevice(cloud, server.id, id) : ABSENT;
  if (attaching && TO_BE_ATTACHED.has(volume.status)) return { kind: 'pending', id, word: volume.status };
  if (volume.status === 'detaching') return { kind: attaching ? 'busy' : 'pending', id, word: volume.status };
  if (!attaching) return here ? { kind: 'busy', word: volume.status } : ready(id);
  if (volume.status === 'available' || (volume.shareable && volume.status === 'in-use')) return ABSENT;
  return volume.status === 'in-use'
    ? { kind: 'blocked', said: elsewhereSentence('disk', name) }
    : { kind: 'busy', word: volume.status };
}

/** What this errand has made holds nothing yet. */
function wordsOnBroken(disk: Ref, name: string, word: string): string {
  return 'step' in disk ? brokenSentence('disk', name, word) : brokenDiskSentence(name, word);
}

const ABSENT: Seen = { kind: 'absent', before: [] };

function ready(id: string, detail: string | null = null): Seen {
  return { kind: 'ready', id, detail };
}

/** The server's own list names the device best; the volume's is as good where that cannot be had. */
async function seeDevice(cloud: Cloud, serverId: string, id: string): Promise<Seen> {
  const attached = await listAttachments(cloud, serverId);
  return ready(id, attached.find(({ volumeId }) => volumeId === id)?.device ?? null);
}

type NetworkTask = TaskOf<'make_network' | 'make_subnet' | 'make_port'>;

/** Those with our mark are ours; where there are no marks, what is of this name and was not there before. */
async function seeCandidates(
  cloud: Cloud,
  errand: Errand,
  { task, before }: Omit<Step, 'task'> & { task: NetworkTask },
): Promise<Seen> {
  const named = await candidates(cloud, errand, task);
  const { correlation } = task;
  const ids = named.map(({ id }) => id);
  const ours =
    correlation === null
      ? ids.filter((id) => before?.includes(id) === false)
      : named.filter(({ description }) => description === correlationNote(correlation)).map(({ id }) => id);
  const [id, another] = ours;
  if (id === undefined) return { kind: 'absent', before: ids };
  if (another !== undefined) return { kind: 'broken', id: null, said: unclearSentence(task.name, ours) };
  const seen = await seeMade(cloud, task, id);
  // A name with the errand's own id in it is as good as a mark.
  const certain = correlation !== null || task.name.includes(errand.id);
  return certain || (seen.kind !== 'ready' && seen.kind !== 'pending') ? seen : { ...seen, byName: true };
}

async function candidates(
  cloud: Cloud,
  errand: Errand,
  task: NetworkTask,
): Promise<{ id: string; description: string }[]> {
  const { name } = task;
  switch (task.kind) {
    case 'make_network':
      return (await listNetworks(cloud, { name })).items;
    case 'make_subnet':
      return (await listSubnets(cloud, { name, networkId: known(errand, task.network) })).items;
    case 'make_port':
      return (await listPorts(cloud, { name, networkId: known(errand, task.network) })).items;
    default:
      return unreachable(task);
  }
}

async function seeMade(cloud: Cloud, task: NetworkTask, id: string): Promise<Seen> {
  switch (task.kind) {
    case 'make_network': {
      const network = await orNull(showNetwork(cloud, id));
      if (!network) return ABSENT;
      if (network.status === 'ERROR')
        return { kind: 'broken', id, said: brokenSentence('network', task.name, 'ERROR') };
      return network.status === 'BUILD' ? { kind: 'pending', id, word: 'BUILD' } : ready(id);
    }
    case 'make_subnet': {
      const subnet = await orNull(showSubnet(cloud, id));
      return subnet ? ready(id, subnet.cidr) : ABSENT;
    }
    case 'make_port': {
      const port = await orNull(showPort(cloud, id));
      if (!port) return ABSENT;
      const addresses = port.addresses.map(({ address }) => address).join(', ');
      return port.status === 'BUILD' ? { kind: 'pending', id, word: 'BUILD' } : ready(id, addresses || null);
    }
    default:
      return unreachable(task);
  }
}

async function seePort(
  cloud: Cloud,
  errand: Errand,
  { kind, server, port }: TaskOf<'attach_port' | 'detach_port'>,
): Promise<Seen> {
  const id = known(errand, port);
  const found = (await listInterfaces(cloud, server.id)).find(({ portId }) => portId === id);
  if (kind === 'detach_port') return found ? ABSENT : ready(id);
  if (found) {
    const addresses = found.addresses.map(({ address }) => address).join(', ');
    return found.state === 'ERROR'
      ? { kind: 'broken', id, said: brokenSentence('NIC', nameOf(errand, port), 'ERROR') }
      : ready(id, addresses || null);
  }
  const alone = await orNull(showPort(cloud, id));
  if (!alone) return { kind: 'broken', id, said: goneSentence('port', nameOf(errand, port)) };
  // The server has it already, and does not show it yet.
  if (alone.deviceId === server.id) return { kind: 'pending', id, word: alone.status };
  return alone.deviceId === null ? ABSENT : { kind: 'blocked', said: elsewhereSentence('port', nameOf(errand, port)) };
}

const SHOW: Record<Exclude<Thing, 'disk'>, (cloud: Cloud, id: string) => Promise<unknown>> = {
  network: showNetwork,
  subnet: showSubnet,
  port: showPort,
};

async function seeRemoved(cloud: Cloud, thing: Thing, id: string): Promise<Seen> {
  if (thing !== 'disk') return (await orNull(SHOW[thing](cloud, id))) ? ABSENT : ready(id);
  const volume = await orNull(showVolume(cloud, id));
  if (!volume) return ready(id);
  if (volume.status === 'deleting') return { kind: 'pending', id, word: volume.status };
  if (volume.status === 'error_deleting') {
    return { kind: 'broken', id, said: notDeletedSentence(volume.name || id, volume.status) };
  }
  return volume.status === 'available' || isBroken(volume) ? ABSENT : { kind: 'busy', word: volume.status };
}

/** Null: its state is no reason to refuse. */
async function seeServer(cloud: Cloud, { id, name }: { id: string; name: string }): Promise<Seen | null> {
  const server = await orNull(showServer(cloud, id));
  if (!server) return { kind: 'blocked', said: goneSentence('server', name) };
  if (server.taskState !== null) return { kind: 'busy', word: server.taskState };
  if (server.locked === true) return { kind: 'blocked', said: lockedSentence(name) };
  return STEADY.has(server.status) ? null : { kind: 'blocked', said: stateSentence(name, server.status) };
}

/** Where the cloud takes disks and NICs (ecs-api B.13, B.14). */
const STEADY = new Set(['ACTIVE', 'SHUTOFF', 'PAUSED']);

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isCloudError(error, 'not_found')) return null;
    throw error;
  }
}
