// Names and ids of networks, subnets and ports → the thing; and how NICs look in an answer.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { addressProblem, contains } from '../../openstack/cidr.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Interface } from '../../openstack/interfaces.ts';
import { listNetworks, type Network } from '../../openstack/networks.ts';
import { listPorts, type Port } from '../../openstack/ports.ts';
import type { Profile } from '../../openstack/profile.ts';
import { readAllPages } from '../../openstack/read.ts';
import { showServer } from '../../openstack/servers.ts';
import { listSubnets, type Subnet } from '../../openstack/subnets.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { findNamed } from './named.ts';
import { nameCode, plainName, shortName } from '../server/words.ts';

/** Those a server can be plugged into. */
export async function inner(cloud: Cloud): Promise<Network[]> {
  const all = await readAllPages((marker) => listNetworks(cloud, marker === undefined ? {} : { marker }));
  return all.filter(({ external }) => !external);
}

/** Throws UserError `not_found` with the nearest names, `ambiguous`. */
export async function findNetwork(cloud: Cloud, wanted: string): Promise<Network> {
  return networkNamed(await inner(cloud), wanted);
}

/** The same among those that are known already. */
export function networkNamed(networks: readonly Network[], wanted: string): Network {
  return findNamed(networks, wanted, { one: 'network', list: 'networks', about: 'network' });
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

type Place = {
  network: string;
  subnets: readonly Pick<Subnet, 'cidr' | 'gateway'>[];
  profile: Pick<Profile, 'strictNetworks'>;
};

/** Throws UserError `bad_usage` for what is no address, not in the network's ranges, or kept for something else. */
export function refuseUnusableAddress(address: string, { network, subnets, profile }: Place): void {
  const range = subnets.find(({ cidr }) => contains(cidr, address));
  if (range) {
    const problem = addressProblem(address, { profile, range });
    if (problem !== null) throw new UserError('bad_usage', `${problem} Choose another address.`, { about: 'ip' });
    return;
  }
  const ranges = subnets.map(({ cidr }) => cidr).join(', ');
  throw new UserError(
    'bad_usage',
    `${address} is not an address of ${network}, whose ${subnets.length === 1 ? 'range is' : 'ranges are'} ${ranges}.`,
    { about: 'ip' },
  );
}

/** Throws UserError `wrong_state` with who has the address, as far as the person may see it. */
export async function refuseTakenAddress(cloud: Cloud, network: Pick<Network, 'id'>, address: string): Promise<void> {
  const { items } = await listPorts(cloud, { networkId: network.id, address });
  const port = items.find((one) => hasAddress(one, address));
  if (!port) return;
  const free = port.deviceId === null;
  const holder = free ? `the port ${shortName(port.name || port.id)}` : await holderOf(cloud, port);
  const advice = free ? 'Attach that port, or choose another address.' : 'Choose another address.';
  throw new UserError('wrong_state', `${address} is taken: ${holder} has it. ${advice}`, { about: 'ip' });
}

/** The server that has the port, by name where the person may see it. */
export async function holderOf(cloud: Cloud, port: Port): Promise<string> {
  const server = await serverNameOf(cloud, port);
  return server === null ? `something else (${port.deviceId ?? port.id})` : shortName(server);
}

/** Null: not a server's, or not for this person to see. */
async function serverNameOf(cloud: Cloud, { deviceId, deviceOwner }: Port): Promise<string | null> {
  if (deviceId === null || deviceOwner?.startsWith('compute:') !== true) return null;
  try {
    return plainName(await showServer(cloud, deviceId));
  } catch (error) {
    if (isCloudError(error, 'not_found') || isCloudError(error, 'forbidden')) return null;
    throw error;
  }
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
