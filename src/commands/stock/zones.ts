// `zones`: where servers and disks can be.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { listVolumeZones, listZones, type Zone } from '../../openstack/zones.ts';
import { defineCommand } from '../command.ts';
import { counted, listing } from '../pages.ts';
import { nameCode } from '../server/words.ts';

const PAGE = 30;

export const zones = defineCommand({
  name: 'zones',
  summary: 'List the availability zones for servers and disks',
  examples: ['zones', 'zones nova'],
  args: {
    name: { kind: 'text', positional: true, summary: 'part of the name' },
    page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
  },
  signIn: 'required',
  changes: false,
  async run({ name, page }, ctx) {
    const cloud = await ctx.cloud();
    const [forServers, forDisks] = await Promise.all([listZones(cloud), diskZones(cloud)]);
    const names = [...new Set([...forServers, ...(forDisks ?? [])].map((zone) => zone.name))].toSorted();
    const found = names.filter((one) => name === null || one.toLowerCase().includes(name.toLowerCase()));
    const lines = found.map((one) => zoneLine(one, { forServers, forDisks }));
    return listing({ title: counted(found.length, 'zone'), lines, page, perPage: PAGE }, ctx);
  },
});

/** Null where there is no disk service, or it does not say. */
async function diskZones(cloud: Cloud): Promise<Zone[] | null> {
  try {
    return await listVolumeZones(cloud);
  } catch (error) {
    const silent = isCloudError(error, 'not_found') || isCloudError(error, 'forbidden');
    if (silent || (error instanceof UserError && error.code === 'unsupported')) return null;
    throw error;
  }
}

function zoneLine(name: string, { forServers, forDisks }: { forServers: Zone[]; forDisks: Zone[] | null }): string {
  const parts = [`servers: ${stateOf(name, forServers)}`, ...(forDisks ? [`disks: ${stateOf(name, forDisks)}`] : [])];
  return `${nameCode(name)} ${parts.join(' · ')}`;
}

function stateOf(name: string, all: readonly Zone[]): string {
  const zone = all.find((one) => one.name === name);
  if (!zone) return 'none';
  return zone.available ? '🟢 available' : '🔴 not available';
}
