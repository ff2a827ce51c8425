// `disk detach`: takes a disk off a server, after asking once more.
import { UserError } from '../../errors.ts';
import { listAttachments } from '../../openstack/attachments.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import type { Volume } from '../../openstack/volumes.ts';
import type { Reply } from '../../slack/reply.ts';
import { confirmDetach } from '../errand/confirm-detach.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { isRoot } from './words.ts';
import { begin, type Order, planned, refuseUnlessSteady } from '../errand/order.ts';
import { diskName, findDisk } from '../find/disk.ts';
import { withServer } from '../find/server.ts';
import { exactLine } from '../grammar/parse.ts';
import { type DetachLine, disksOf, serverDisksReply } from '../server/disks.ts';
import { plainName } from '../server/words.ts';

const args = {
  disk: { kind: 'text', positional: true, summary: 'name or id of the disk' },
  server: { kind: 'text', positional: true, summary: 'name or id of the server; the one that has it, unless told' },
  yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
} as const;

type Given = ArgsOf<typeof args>;

export const diskDetach = defineCommand({
  name: 'disk detach',
  summary: 'Take a disk off a server',
  details:
    'Unmount it inside the server first. The disk and what is on it stay; the one a server boots from cannot be detached.',
  examples: ['disk detach data-1 web-1', 'disk detach data-1'],
  args,
  signIn: 'required',
  changes: true,
  asksFirst: (given) => !given.yes || given.disk === null,
  async run(given, ctx) {
    const order = await prepare(given, ctx);
    if (order.kind !== 'order' || given.yes) return begin(order, ctx);
    return confirmDetach(order, { thing: 'disk', ctx, line: ctx.again({ ...idsOf(order), yes: true }) });
  },
  plan: async (given, ctx) => planned(await prepare(given, ctx)),
});

export const detachLine: DetachLine = (ids) => exactLine(diskDetach, ids);

async function prepare({ disk, server }: Given, ctx: CommandContext): Promise<Order | Reply> {
  // One of them is enough to offer the other.
  if (disk === null)
    return withServer(server, ctx, async (found, cloud) =>
      serverDisksReply(found, await disksOf(cloud, found), detachLine),
    );
  if (server !== null) {
    return withServer(server, ctx, async (found, cloud) =>
      orderFor(await findDisk(cloud, disk), { server: found, cloud, ctx }),
    );
  }
  const cloud = await ctx.cloud();
  const found = await findDisk(cloud, disk);
  const [only, another] = found.attachments;
  if (!only) throw new UserError('already_done', `${diskName(found)} is attached to no server.`);
  if (another) throw new UserError('ambiguous', `${diskName(found)} is attached to several servers: say which one.`);
  return orderFor(found, { server: await showServer(cloud, only.serverId), cloud, ctx });
}

/** Of what the person was asked about: a name may be another's by the time of the answer. */
function idsOf({ tasks }: Order): Partial<Given> {
  const [task] = tasks;
  return task?.kind === 'detach_disk' && 'id' in task.disk ? { disk: task.disk.id, server: task.server.id } : {};
}

type Target = { server: Server; cloud: Cloud; ctx: CommandContext };

async function orderFor(disk: Volume, { server, cloud, ctx }: Target): Promise<Order> {
  const attached = (await listAttachments(cloud, server.id)).find(({ volumeId }) => volumeId === disk.id);
  if (!attached) throw new UserError('already_done', `${diskName(disk)} is not attached to ${plainName(server)}.`);
  if (isRoot(server, attached)) {
    throw new UserError(
      'unsupported',
      `${plainName(server)} boots from ${diskName(disk)}: that disk cannot be detached.`,
    );
  }
  await refuseUnlessSteady(server, ctx);
  const ref = { id: server.id, name: plainName(server) };
  return {
    kind: 'order',
    cloud,
    title: `Detach disk ${diskName(disk)} from ${ref.name}`,
    server: ref,
    tasks: [{ kind: 'detach_disk', server: ref, disk: { id: disk.id, name: disk.name } }],
    undo: [],
  };
}
