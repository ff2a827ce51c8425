// `limits`: how much of the project's quota is used, over all services that tell.
import { UserError } from '../../errors.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { type Allowance, showLimits } from '../../openstack/limits.ts';
import { showNetworkLimits } from '../../openstack/networks.ts';
import { showVolumeLimits } from '../../openstack/volumes.ts';
import { context } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { defineCommand } from '../command.ts';
import { inSections } from '../lines.ts';
import { nameCode } from '../server/words.ts';

type Row = { what: string; allowance: Allowance; unit?: 'GiB' };

export const limits = defineCommand({
  name: 'limits',
  summary: 'Show how much of the project’s quota is used',
  examples: ['limits'],
  args: {},
  signIn: 'required',
  changes: false,
  async run(_given, ctx) {
    const cloud = await ctx.cloud();
    const [compute, disks, nets, project] = await Promise.all([
      showLimits(cloud),
      whereTold(showVolumeLimits(cloud)),
      whereTold(showNetworkLimits(cloud)),
      ctx.project(),
    ]);
    const rows: Row[] = [
      { what: 'Servers', allowance: compute.servers },
      { what: 'vCPUs', allowance: compute.cores },
      { what: 'Memory', allowance: inGiB(compute.ramMiB), unit: 'GiB' },
      ...(disks ? [{ what: 'Disks', allowance: disks.volumes }] : []),
      ...(disks ? [{ what: 'Disk space', allowance: disks.gigabytes, unit: 'GiB' } as const] : []),
      ...(nets ? [{ what: 'Networks', allowance: nets.networks }] : []),
      ...(nets ? [{ what: 'Subnets', allowance: nets.subnets }] : []),
      ...(nets ? [{ what: 'Ports', allowance: nets.ports }] : []),
    ];
    return limitsReply(rows, { project: project.name, silent: [!disks && 'disks', !nets && 'networks'] });
  },
});

/** Not every cloud lets everybody see these, or has the service. */
async function whereTold<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const silent = (['not_found', 'forbidden', 'bad_request'] as const).some((kind) => isCloudError(error, kind));
    if (silent || (error instanceof UserError && error.code === 'unsupported')) return null;
    throw error;
  }
}

function inGiB({ used, max }: Allowance): Allowance {
  const gib = (mib: number | null) => (mib === null ? null : Math.round((mib / 1024) * 10) / 10);
  return { used: gib(used), max: gib(max) };
}

function limitsReply(
  rows: readonly Row[],
  { project, silent }: { project: string; silent: (string | false)[] },
): Reply {
  const title = `Quota of project ${nameCode(project)}`;
  const untold = silent.filter((part) => part !== false);
  const note = untold.length > 0 ? [context(`This cloud does not tell about ${untold.join(' and ')}.`)] : [];
  const blocks = [...inSections([`*${title}*`, ...rows.map(rowLine)]), ...note];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

/** `🟡 vCPUs: 18 of 20, 2 left`. The light only repeats what the words say. */
function rowLine({ what, allowance: { used, max }, unit }: Row): string {
  const of = (amount: number) => (unit ? `${amount} ${unit}` : String(amount));
  const taken = used === null ? 'use not told' : `${of(used)} used`;
  if (max === Number.POSITIVE_INFINITY) return `⚪ *${what}*: ${taken}, unlimited`;
  if (max === null) return `⚪ *${what}*: ${taken}, limit not told`;
  if (used === null) return `⚪ *${what}*: ${taken}, at most ${of(max)}`;
  const left = Math.round((max - used) * 10) / 10;
  const light = left <= 0 ? '🔴' : left < max / 5 ? '🟡' : '🟢';
  return `${light} *${what}*: ${of(used)} of ${of(max)} used, ${left <= 0 ? 'none left' : `${of(left)} left`}`;
}
