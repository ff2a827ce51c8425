// `flavors`: what servers of the project can be, filtered and sorted, a page at a time.
import type { Cloud } from '../../openstack/cloud.ts';
import { type Flavor, listFlavors } from '../../openstack/flavors.ts';
import type { Server } from '../../openstack/server.ts';
import { possibleTargets } from '../../resize/targets.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice, Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { isLike, matching } from '../find/named.ts';
import { withServer } from '../find/server.ts';
import { counted, finderId, listing } from '../pages.ts';
import { exactLine } from '../grammar/parse.ts';
import { nameCode, plainName, shortName, sizeWords } from '../server/words.ts';

const PAGE = 30;

const args = {
  name: { kind: 'text', positional: true, summary: 'part of the name, or the id' },
  minDisk: { kind: 'number', least: 0, most: 1_000_000, summary: 'at least so many GiB of disk', placeholder: 'GiB' },
  minRam: {
    kind: 'number',
    least: 0,
    most: 100_000_000,
    summary: 'at least so many MiB of memory',
    placeholder: 'MiB',
  },
  public: { kind: 'boolean', summary: 'only those that every project may use' },
  sortKey: {
    kind: 'enum',
    values: ['flavorid', 'name', 'memory_mb', 'vcpus', 'root_gb', 'created_at', 'updated_at'],
    summary: 'what to sort by, the size unless told',
    placeholder: 'vcpus',
  },
  sortDir: { kind: 'enum', values: ['asc', 'desc'], summary: 'direction of the sort' },
  for: { kind: 'text', summary: 'only what this server could be resized to', placeholder: 'server' },
  page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
} as const;

type FlavorArgs = ArgsOf<typeof args>;

export const flavors = defineCommand({
  name: 'flavors',
  summary: 'List the flavors a server can have',
  details:
    'With `--for` only what a resize of that server would accept now: the cloud’s own list where it has one, disk and quota.',
  examples: ['flavors', 'flavors c1', 'flavors --min-ram 8192 --sort-key memory_mb', 'flavors --for web-1'],
  args,
  signIn: 'required',
  changes: false,
  async run(given, ctx) {
    const cloud = await ctx.cloud();
    if (given.for === null) return flavorsReply(await readFlavors(given, cloud), { given, ctx, server: null });
    // The pick-list's buttons say `server`; this command calls it `for`.
    const asking = {
      cloud: ctx.cloud,
      again: ({ server }: Record<string, unknown>) => ctx.again({ for: String(server) }),
    };
    return withServer(given.for, asking, async (server) => {
      const [among, project] = await Promise.all([readFlavors(given, cloud), ctx.project()]);
      return flavorsReply(await possibleTargets(cloud, { server, project, among }), { given, ctx, server });
    });
  },
  suggestions: { [finderId('flavors')]: flavorLines },
});

/** One cloud request. Without a sort key the smallest come first. */
async function readFlavors(given: FlavorArgs, cloud: Cloud): Promise<Flavor[]> {
  const { flavors: all } = await listFlavors(cloud, {
    ...(given.minDisk !== null && { minDiskGiB: given.minDisk }),
    ...(given.minRam !== null && { minRamMiB: given.minRam }),
    ...(given.public && { isPublic: true }),
    ...(given.sortKey !== null && { sortKey: given.sortKey }),
    ...(given.sortDir !== null && { sortDir: given.sortDir }),
  });
  const found = all.filter((flavor) => given.name === null || isLike(flavor, given.name));
  if (given.sortKey !== null) return found;
  const sign = given.sortDir === 'desc' ? -1 : 1;
  return found.toSorted((a, b) => sign * (a.vcpus - b.vcpus || a.ramMiB - b.ramMiB || a.diskGiB - b.diskGiB));
}

type Shown = { given: FlavorArgs; ctx: CommandContext; server: Server | null };

function flavorsReply(found: readonly Flavor[], { given, ctx, server }: Shown): Reply {
  const like = given.name === null ? '' : ` like ${nameCode(given.name)}`;
  const purpose = server ? ` that ${nameCode(plainName(server))} could have` : '';
  const title = `${counted(found.length, 'flavor')}${like}${purpose}`;
  // What is found by searching is not checked against a server.
  const finder = server ? {} : { finder: { id: 'flavors', placeholder: 'Find a flavor' } };
  const narrowed = given.name !== null;
  return listing({ title, lines: found.map(flavorLine), page: given.page, perPage: PAGE, narrowed, ...finder }, ctx);
}

function flavorLine(flavor: Flavor): string {
  const parts = [
    `${nameCode(flavor.name)} ${sizeWords(flavor)}`,
    flavor.diskGiB > 0 ? `${flavor.diskGiB} GiB disk` : null,
    flavor.id === flavor.name ? null : `id ${escapeMrkdwn(shortName(flavor.id))}`,
    flavor.disabled ? 'not on offer any more' : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** For the search box. */
async function flavorLines(query: string, ctx: CommandContext): Promise<Choice[]> {
  const all = await ctx.flavors.of(await ctx.cloud());
  return matching(all, query)
    .map((flavor) => ({
      text: shortName(flavor.name),
      value: exactLine(flavors, { name: flavor.id }),
      description: sizeWords(flavor),
    }))
    .filter(({ value }) => value.length <= LIMITS.optionValue)
    .slice(0, LIMITS.selectOptions);
}
