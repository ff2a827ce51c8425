// `disk attach`: gives a disk to a server; an incomplete line opens a form with the free disks and the servers.
import type { InputBlock } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import { listVolumes, type Volume } from '../../openstack/volumes.ts';
import { modal, section } from '../../slack/blocks.ts';
import { externalSelect, input, select } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice, Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { refuseUnlessAttachable } from './words.ts';
import { errandActions } from '../errand/buttons.ts';
import { begin, beginFromForm, type Order, planned, refuseUnlessSteady } from '../errand/order.ts';
import { diskName, findDisk } from '../find/disk.ts';
import { matching } from '../find/named.ts';
import { withServer } from '../find/server.ts';
import { formAbout, textIn } from '../forms.ts';
import { fitsMenu, serverChoices, serverInput, serversToChoose } from '../server/menu.ts';
import { nameCode, plainName } from '../server/words.ts';

const args = {
  disk: { kind: 'text', positional: true, summary: 'name or id of the disk' },
  server: { kind: 'text', positional: true, summary: 'name or id of the server' },
} as const;

type Given = ArgsOf<typeof args>;

export const diskAttach = defineCommand({
  name: 'disk attach',
  summary: 'Attach a disk to a server',
  details: 'The card says under which device name the cloud attached it, and offers to undo it for a while.',
  examples: ['disk attach data-1 web-1', 'disk attach'],
  args,
  signIn: 'required',
  changes: true,
  opens: ({ disk, server }) => (disk === null || server === null ? 'Attach a disk' : null),
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  actions: errandActions,
  views: {
    'disk:attach': {
      changes: true,
      after: 'wait',
      check: (form) => checkForm(formFields(form)),
      args: formFields,
      run: async (form, ctx) => beginFromForm(await prepare(formFields(form), ctx, { planned: false }), ctx),
    },
  },
  suggestions: { 'disk:attachto': serverChoices, 'disk:free': diskChoices },
});

async function prepare(given: Given, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  const { disk, server } = given;
  if (disk === null || server === null) return attachForm(given, ctx, about);
  return withServer(server, ctx, async (found, cloud) =>
    orderFor(await findDisk(cloud, disk), { server: found, cloud, ctx }),
  );
}

type Target = { server: Server; cloud: Cloud; ctx: CommandContext };

async function orderFor(disk: Volume, { server, cloud, ctx }: Target): Promise<Order> {
  await refuseUnlessSteady(server, ctx);
  const holder = await holderOf(cloud, disk, server);
  refuseUnlessAttachable(disk, { server, profile: cloud.profile, holder });
  const ref = { id: server.id, name: plainName(server) };
  const it = { id: disk.id, name: disk.name };
  return {
    kind: 'order',
    cloud,
    title: `Attach disk ${diskName(disk)} to ${ref.name}`,
    server: ref,
    tasks: [{ kind: 'attach_disk', server: ref, disk: it }],
    undo: [{ kind: 'detach_disk', server: ref, disk: it }],
  };
}

/** The name of the server that has it, where that matters and can be found out. */
async function holderOf(cloud: Cloud, { attachments, shareable }: Volume, server: Server): Promise<string | null> {
  const other = attachments.find(({ serverId }) => serverId !== server.id);
  if (!other || shareable) return null;
  try {
    return plainName(await showServer(cloud, other.serverId));
  } catch (error) {
    if (isCloudError(error, 'not_found') || isCloudError(error, 'forbidden')) return null;
    throw error;
  }
}

async function attachForm(given: Given, ctx: CommandContext, about: { planned: boolean }): Promise<Reply> {
  const cloud = await ctx.cloud();
  const [free, servers, project] = await Promise.all([
    given.disk === null
      ? listVolumes(cloud, { status: 'available' }).then(({ items }) => items)
      : [await findDisk(cloud, given.disk)],
    serversToChoose(cloud, given.server),
    ctx.project(),
  ]);
  if (free.length === 0) {
    throw new UserError(
      'not_found',
      `No disk in project ${project.name} is free. Make one with ${ctx.slash} disk create.`,
    );
  }
  const usable = free.filter(fitsMenu);
  if (usable.length === 0) {
    const sentence = `No free disk of project ${project.name} fits a menu, their ids are too long. Type it with the server: ${ctx.slash} disk attach DISK SERVER.`;
    throw new UserError('not_found', sentence);
  }
  return {
    kind: 'modal',
    view: modal({
      title: 'Attach a disk',
      submit: about.planned ? 'Show the calls' : 'Attach',
      callbackId: 'disk:attach',
      privateMetadata: formAbout(ctx, about),
      blocks: [
        section(`Project ${nameCode(project.name)}. Only disks that no server has are listed.`),
        input({ blockId: 'disk', label: 'Disk', element: diskElement(usable) }),
        serverInput(servers, { actionId: 'disk:attachto' }),
      ],
    }),
  };
}

const DISK_BOX = { actionId: 'disk:free', placeholder: 'Choose a disk' };

/** More than one menu can hold: the choices come as the person types. */
function diskElement(free: readonly Volume[]): InputBlock['element'] {
  if (free.length > LIMITS.selectOptions) return externalSelect(DISK_BOX);
  const [only, another] = free;
  return select({ ...DISK_BOX, choices: choicesOf(free), ...(only && !another && { initial: only.id }) });
}

async function diskChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const { items } = await listVolumes(await ctx.cloud(), { status: 'available' });
  return choicesOf(matching(items, query)).slice(0, LIMITS.selectOptions);
}

function choicesOf(disks: readonly Volume[]): Choice[] {
  return disks.filter(fitsMenu).map((disk) => ({
    text: diskName(disk),
    value: disk.id,
    description: [`${disk.sizeGiB} GiB`, disk.type, disk.zone].filter((part) => part !== null).join(', '),
  }));
}

function formFields({ values }: Form): Given {
  return { disk: textIn(values, 'disk'), server: textIn(values, 'server') };
}

function checkForm({ disk, server }: Given): Record<string, string> {
  return {
    ...(disk === null && { disk: 'Choose a disk.' }),
    ...(server === null && { server: 'Choose a server.' }),
  };
}
