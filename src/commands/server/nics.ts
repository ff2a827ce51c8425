// The NICs of one server, with a button to detach each.
import type { KnownBlock } from '@slack/types';
import type { Cloud } from '../../openstack/cloud.ts';
import { type Interface, listInterfaces } from '../../openstack/interfaces.ts';
import { listNetworks } from '../../openstack/networks.ts';
import type { Server } from '../../openstack/server.ts';
import { context, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { runButton } from '../buttons.ts';
import { nicLine } from '../find/network.ts';
import { counted } from '../pages.ts';
import { nameCode, plainName } from './words.ts';

const MOST_SHOWN = 20;

export type ServerNics = { nics: Interface[]; networks: ReadonlyMap<string, string> };

/** Two cloud requests, of which the second is only for the networks' names. */
export async function nicsOf(cloud: Cloud, { id }: Pick<Server, 'id'>): Promise<ServerNics> {
  const [nics, { items }] = await Promise.all([listInterfaces(cloud, id), listNetworks(cloud)]);
  return { nics, networks: new Map(items.map((network) => [network.id, network.name || network.id])) };
}

/** The line that detaches a NIC. */
export type DetachLine = (ids: { server: string; port: string }) => string;

export function serverNicsReply(server: Server, { nics, networks }: ServerNics, detachLine: DetachLine): Reply {
  const title = `${counted(nics.length, 'NIC')} on ${nameCode(plainName(server))}`;
  const shown = nics.slice(0, MOST_SHOWN).map((nic): KnownBlock => {
    const accessory = runButton({
      id: 'detach',
      text: 'Detach',
      label: `Detach the NIC with port ${nic.portId}`,
      line: detachLine({ server: server.id, port: nic.portId }),
    });
    return section(nicLine(nic, networks), { accessory });
  });
  const rest = nics.length - shown.length;
  const blocks = [section(title), ...shown, ...(rest > 0 ? [context(`… and ${rest} more.`)] : [])];
  return { kind: 'message', audience: 'person', text: title, blocks };
}
