// Names and ids of networks, subnets and ports → the thing; and how NICs look in an answer.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { contains } from '../../openstack/cidr.ts';
import type { Interface } from '../../openstack/interfaces.ts';
import { listNetworks, type Network } from '../../openstack/networks.ts';
import { listPorts, type Port } from '../../openstack/ports.ts';
import { readAllPages } from '../../openstack/read.ts';
import { listSubnets, type Subnet } from '../../openstack/subnets.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { findNamed } from './named.ts';
import { nameCode, shortName } from '../server/words.ts';

/** Those a server can be plugged into. */
export async function inner(cloud: Cloud): Promise<Network[]> {
  const all = await readAllPages((marker) => listNetworks(cloud, marker === undefined ? {} : { marker }));
  return all.filter(({ external }) => !external);
}

/** Throws UserError `not_found` with the nearest names, `ambiguous`. */
export async function findNetwork(cloud: Cloud, wanted: string): Promise<Network> {
  return findNamed(await inner(cloud), wanted, { one: 'network', list: 'networks' });
}

export async function subnetsOf(cloud: Cloud, { id }: Pick<Network, 'id'>): Promise<Subnet[]> {
  return readAllPages((marker) => listSubnets(cloud, { networkId: id, ...(marker !== undefined && { marker }) }));
}

/** By id, name, address or MAC. Throws UserError `not_found`, `ambiguous`. */
export async function findPort(cloud: Cloud, wanted: string): Promise<Port> {
  const ports = await readAllPages((marker) => listPorts(cloud, marker === undefined ? {} : { marker }));
  const byAddress = ports.filter((port) => hasAddress(port, wanted));
  const [only, another] = byAddress;
  return only && !another ? only : findNamed(ports, wanted, { one: 'port', list: 'nic list' });
}

type Addressed = { mac: string | null; addresses: { address: string }[] };

export function hasAddress({ mac, addresses }: Addressed, wanted: string): boolean {
  return mac?.toLowerCase() === wanted.toLowerCase() || addresses.some(({ address }) => address === wanted);
}

/** Throws UserError `bad_usage` for what is no address, or not in the network's ranges. */
export function refuseAddressOutside(
  address: string,
  { network, subnets }: { network: string; subnets: readonly Pick<Subnet, 'cidr'>[] },
): void {
  if (subnets.some(({ cidr }) => contains(cidr, address))) return;
  const ranges = subnets.map(({ cidr }) => cidr).join(', ');
  throw new UserError(
    'bad_usage',
    `${address} is not an address of ${network}, whose ${subnets.length === 1 ? 'range is' : 'ranges are'} ${ranges}.`,
  );
}

/** ``🟢 `10.0.0.5` on `private` · ACTIVE · fa:16:3e:… · `port id` ``, as mrkdwn. */
export function nicLine(
  { portId, networkId, mac, state, addresses }: Interface,
  networks: ReadonlyMap<string, string>,
): string {
  const light = state === 'ACTIVE' ? '🟢' : state === 'ERROR' ? '🔴' : '🟡';
  const shown = addresses.map(({ address }) => address).join(', ');
  const network = networkId === null ? '' : ` on ${nameCode(networks.get(networkId) ?? networkId)}`;
  const parts = [
    `${light} ${shown === '' ? 'no address' : nameCode(shown)}${network}`,
    escapeMrkdwn(shortName(state)),
    mac && escapeMrkdwn(shortName(mac)),
    `port ${nameCode(portId)}`,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
