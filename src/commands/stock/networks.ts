// `networks`: what servers can be plugged into, with their address ranges.
import type { Cloud } from '../../openstack/cloud.ts';
import { type Network, listNetworks } from '../../openstack/networks.ts';
import { readAllPages } from '../../openstack/read.ts';
import { listSubnets, type Subnet } from '../../openstack/subnets.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { isLike, matching } from '../find/named.ts';
import { counted, finderId, listing } from '../pages.ts';
import { exactLine } from '../grammar/parse.ts';
import { nameCode, shortName } from '../server/words.ts';

const PAGE = 20;
const MOST_RANGES = 4;

export const networks = defineCommand({
  name: 'networks',
  summary: 'List the networks a server can be in',
  examples: ['networks', 'networks backup', 'networks --external'],
  args: {
    name: { kind: 'text', positional: true, summary: 'part of the name, or the id' },
    external: { kind: 'boolean', summary: 'only those that lead outside' },
    page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
  },
  signIn: 'required',
  changes: false,
  async run({ name, external, page }, ctx) {
    const cloud = await ctx.cloud();
    const [all, subnets] = await Promise.all([
      allNetworks(cloud, external ? { external } : {}),
      readAllPages((marker) => listSubnets(cloud, marker === undefined ? {} : { marker })),
    ]);
    const found = all.filter((network) => name === null || isLike(network, name)).toSorted(byName);
    const ranges = rangesByNetwork(subnets);
    const title = `${counted(found.length, 'network')}${name === null ? '' : ` like ${nameCode(name)}`}`;
    const lines = found.map((network) => networkLine(network, ranges.get(network.id) ?? []));
    const finder = { id: 'networks', placeholder: 'Find a network' };
    return listing({ title, lines, page, perPage: PAGE, finder, narrowed: name !== null }, ctx);
  },
  suggestions: { [finderId('networks')]: networkLines },
});

function allNetworks(cloud: Cloud, filter: { external?: boolean }): Promise<Network[]> {
  return readAllPages((marker) => listNetworks(cloud, { ...filter, ...(marker !== undefined && { marker }) }));
}

function byName(a: Network, b: Network): number {
  return a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
}

function rangesByNetwork(subnets: readonly Subnet[]): Map<string, string[]> {
  const ranges = new Map<string, string[]>();
  for (const { networkId, cidr } of subnets) ranges.set(networkId, [...(ranges.get(networkId) ?? []), cidr]);
  return ranges;
}

function networkLine(network: Network, ranges: readonly string[]): string {
  const more = ranges.length > MOST_RANGES ? ` +${ranges.length - MOST_RANGES}` : '';
  const shown = escapeMrkdwn(ranges.slice(0, MOST_RANGES).join(', ')) + more;
  const parts = [
    nameCode(network.name || network.id),
    shown || (network.subnetIds.length === 0 ? 'no subnet yet' : counted(network.subnetIds.length, 'subnet')),
    network.status === 'ACTIVE' ? null : `*${escapeMrkdwn(shortName(network.status))}*`,
    network.external ? 'leads outside' : null,
    network.shared ? 'shared' : null,
    network.name === '' ? null : `id ${escapeMrkdwn(shortName(network.id))}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** For the search box. */
async function networkLines(query: string, ctx: CommandContext): Promise<Choice[]> {
  const all = await allNetworks(await ctx.cloud(), {});
  return matching(all, query)
    .map((network) => ({
      text: shortName(network.name) || network.id,
      value: exactLine(networks, { name: network.id }),
      description: network.status,
    }))
    .filter(({ value }) => value.length <= LIMITS.optionValue)
    .slice(0, LIMITS.selectOptions);
}
