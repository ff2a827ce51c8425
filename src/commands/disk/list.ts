// `disk list`: the project's disks and where they are attached, or one server's.
import { listServers } from '../../openstack/servers.ts';
import type { Volume } from '../../openstack/volumes.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { detachLine } from './detach.ts';
import { allDisks, diskLine, diskName } from '../find/disk.ts';
import { withServer } from '../find/server.ts';
import { counted, listing } from '../pages.ts';
import { disksOf, serverDisksReply } from '../server/disks.ts';
import { nameCode, plainName, shortName } from '../server/words.ts';

const PAGE = 20;

export const diskList = defineCommand({
  name: 'disk list',
  summary: 'List the disks of the project, or of one server',
  examples: ['disk list', 'disk list web-1'],
  args: {
    server: { kind: 'text', positional: true, summary: 'only the disks of this server' },
    page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
  },
  signIn: 'required',
  changes: false,
  async run({ server, page }, ctx) {
    if (server === null) return projectDisks(page, ctx);
    return withServer(server, ctx, async (found, cloud) =>
      serverDisksReply(found, await disksOf(cloud, found), detachLine),
    );
  },
});

/** Two cloud requests, of which the second is only for the servers' names. */
async function projectDisks(page: number | null, ctx: CommandContext): Promise<Reply> {
  const cloud = await ctx.cloud();
  const disks = (await allDisks(cloud)).toSorted((a, b) => diskName(a).localeCompare(diskName(b)));
  const attached = disks.some(({ attachments }) => attachments.length > 0);
  const servers = attached ? (await listServers(cloud, { limit: 1_000 })).servers : [];
  const names = new Map(servers.map((server) => [server.id, plainName(server)]));
  const lines = disks.map((disk) => diskLine(disk, [whereWords(disk, names)]));
  return listing({ title: counted(disks.length, 'disk'), lines, page, perPage: PAGE }, ctx);
}

function whereWords({ attachments }: Volume, names: ReadonlyMap<string, string>): string | null {
  const places = attachments.map(({ serverId, device }) => {
    const as = device === null ? '' : ` as ${escapeMrkdwn(shortName(device))}`;
    return `on ${nameCode(names.get(serverId) ?? serverId)}${as}`;
  });
  return places.length === 0 ? null : places.join(', ');
}
