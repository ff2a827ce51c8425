// How networks, subnets, ports and NICs look in the cloud, for a step that makes, attaches, detaches or removes one.
import { unreachable } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { correlationNote } from '../openstack/correlation.ts';
import { listInterfaces } from '../openstack/interfaces.ts';
import { listNetworks, showNetwork } from '../openstack/networks.ts';
import { listPorts, showPort } from '../openstack/ports.ts';
import { listSubnets, showSubnet } from '../openstack/subnets.ts';
import { type Errand, nameOf, type Step } from './errand.ts';
import { ABSENT, known, orNull, ready, type Seen, type TaskOf } from './seen.ts';
import type { Thing } from './task.ts';
import { brokenSentence, elsewhereSentence, goneSentence, unclearSentence } from './words.ts';

type NetworkTask = TaskOf<'make_network' | 'make_subnet' | 'make_port'>;

/** Those with our mark are ours; where there are no marks, what is of this name and was not there before. */
export async function seeCandidates(
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

export async function seeMade(cloud: Cloud, task: NetworkTask, id: string): Promise<Seen> {
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

export async function seePort(
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

export async function seeRemovedPart(cloud: Cloud, thing: Exclude<Thing, 'disk'>, id: string): Promise<Seen> {
  return (await orNull(SHOW[thing](cloud, id))) ? ABSENT : ready(id);
}
