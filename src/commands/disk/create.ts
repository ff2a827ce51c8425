// `disk create`: makes a disk, and with `--attach` gives it to a server as soon as it is available.
import { UserError } from '../../errors.ts';
import type { Task } from '../../errands/task.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { listVolumeTypes, showVolumeLimits, type VolumeLimits, type VolumeType } from '../../openstack/volumes.ts';
import { listVolumeZones } from '../../openstack/zones.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { hereButton } from '../buttons.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { checkDiskForm, diskForm, diskFormFields } from './form.ts';
import { LARGEST_DISK_GIB, typeNamed, zoneNamed } from './words.ts';
import { begin, beginFromForm, type Order, orderId, planned, refuseUnlessSteady } from '../errand/order.ts';
import { withServer } from '../find/server.ts';
import { serverChoices } from '../server/menu.ts';
import { plainName, shortName } from '../server/words.ts';

const args = {
  name: { kind: 'text', positional: true, summary: 'what to call it' },
  size: { kind: 'number', least: 1, most: LARGEST_DISK_GIB, summary: 'how large, in GiB', placeholder: 'GiB' },
  type: { kind: 'text', summary: 'disk type, as “limits” and the form name them', placeholder: 'SSD' },
  zone: { kind: 'text', summary: 'availability zone; that of the server, unless told', placeholder: 'eu-de-01' },
  attach: { kind: 'text', summary: 'attach it to this server as soon as it is there', placeholder: 'server' },
} as const;

export type DiskWish = ArgsOf<typeof args>;

export const diskCreate = defineCommand({
  name: 'disk create',
  summary: 'Create a disk, and attach it to a server if you like',
  details:
    'Without a size a form opens. If attaching does not work, the card names the new disk and offers to remove it.',
  examples: ['disk create data-1 --size 10', 'disk create data-2 --size 10 --type fast --attach web-1', 'disk create'],
  args,
  signIn: 'required',
  changes: true,
  opens: ({ size }) => (size === null ? 'Create a disk' : null),
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  views: {
    'disk:create': {
      changes: true,
      after: 'wait',
      check: checkDiskForm,
      args: diskFormFields,
      run: async (form, ctx) => beginFromForm(await prepare(diskFormFields(form), ctx, { planned: false }), ctx),
    },
  },
  suggestions: { 'disk:createfor': serverChoices },
});

async function prepare(given: DiskWish, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  const { size, attach } = given;
  if (size === null) return diskForm(given, ctx, about);
  if (attach === null) return orderFor({ ...given, size }, { server: null, cloud: await ctx.cloud(), ctx });
  // The pick-list's buttons say `server`; this command calls it `attach`.
  const asking = {
    cloud: ctx.cloud,
    again: ({ server }: Record<string, unknown>) => ctx.again({ attach: String(server) }),
  };
  return withServer(attach, asking, async (server, cloud) => {
    await refuseUnlessSteady(server, ctx);
    return orderFor({ ...given, size }, { server, cloud, ctx });
  });
}

type Target = { server: Server | null; cloud: Cloud; ctx: CommandContext };

async function orderFor(wish: DiskWish & { size: number }, { server, cloud, ctx }: Target): Promise<Order | Reply> {
  const [limits, type, zones] = await Promise.all([
    showVolumeLimits(cloud),
    wish.type === null ? null : listVolumeTypes(cloud).then((types) => typeNamed(types, wish.type ?? '')),
    zonesFor(wish.zone, { server, cloud }),
  ]);
  refuseBeyondLimits(wish.size, { limits, cloud });
  const [zone = null, another] = zones;
  if (another !== undefined) return zonePicks(zones, ctx);
  refuseOtherZone(zone, { server, type, cloud });
  const id = orderId(ctx);
  const name = wish.name ?? (server ? `${plainName(server)}-${id}` : `disk-${id}`);
  const make: Task = { kind: 'make_disk', name, sizeGiB: wish.size, type: type?.name ?? null, zone, correlation: id };
  if (!server) {
    return {
      kind: 'order',
      cloud,
      title: `Create disk ${name}`,
      server,
      tasks: [make],
      undo: [{ kind: 'remove', thing: 'disk', it: MADE }],
    };
  }
  const ref = { id: server.id, name: plainName(server) };
  return {
    kind: 'order',
    cloud,
    title: `Create disk ${name} and attach it to ${ref.name}`,
    server: ref,
    tasks: [make, { kind: 'attach_disk', server: ref, disk: MADE }],
    undo: [{ kind: 'detach_disk', server: ref, disk: MADE }],
  };
}

/** What the first step makes. */
const MADE = { step: 0 };

/** Where it may be made; none: the cloud chooses. Throws UserError `not_found`. */
async function zonesFor(wanted: string | null, { server, cloud }: Pick<Target, 'server' | 'cloud'>): Promise<string[]> {
  if (wanted === null && !cloud.profile.zonedDisks) return [];
  if (wanted === null && server?.zone) return [server.zone];
  const zones = await listVolumeZones(cloud);
  if (wanted !== null) return [zoneNamed(zones, wanted)];
  return zones.filter(({ available }) => available).map(({ name }) => name);
}

const MOST_PICKS = 20;

/** When all that is missing is the zone, it is offered. */
function zonePicks(zones: readonly string[], ctx: CommandContext): Reply {
  const text = 'In which zone? A server can have only disks of its own.';
  const buttons = zones.slice(0, MOST_PICKS).map((zone, place) =>
    hereButton({
      id: `zone${place}`,
      text: shortName(zone),
      label: `Create it in zone ${zone}`,
      line: ctx.again({ zone }),
    }),
  );
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions(buttons)] };
}

function refuseBeyondLimits(size: number, { limits, cloud }: { limits: VolumeLimits; cloud: Cloud }): void {
  const { smallestDiskGiB } = cloud.profile;
  if (size < smallestDiskGiB)
    throw new UserError('bad_usage', `A disk has at least ${smallestDiskGiB} GiB in this cloud.`, { about: 'size' });
  const { volumes, gigabytes } = limits;
  const room = left(gigabytes);
  if (room !== null && size > room) {
    throw new UserError(
      'quota',
      `The project's quota for disks is too small: ${size - room} GiB are missing (${gigabytes.used} of ${gigabytes.max} GiB are used). Make it smaller, or have the quota raised.`,
      { about: 'size' },
    );
  }
  if (left(volumes) === 0) {
    throw new UserError(
      'quota',
      `The project may have no more disks (${volumes.used} of ${volumes.max}). Use one that is there, or have the quota raised.`,
    );
  }
}

/** Null: unknown or unlimited, so the cloud itself will say. */
function left({ used, max }: VolumeLimits['volumes']): number | null {
  return used === null || max === null ? null : Math.max(0, max - used);
}

function refuseOtherZone(
  zone: string | null,
  { server, type, cloud }: Pick<Target, 'server' | 'cloud'> & { type: VolumeType | null },
): void {
  if (zone === null) return;
  if (type?.zones && !type.zones.includes(zone)) {
    throw new UserError(
      'unsupported',
      `Disks of type ${type.name} are not to be had in zone ${zone}, only in ${type.zones.join(', ')}.`,
      { about: 'type' },
    );
  }
  if (cloud.profile.zonedDisks && server?.zone && server.zone !== zone) {
    throw new UserError(
      'unsupported',
      `${plainName(server)} is in zone ${server.zone}: in this cloud a disk of zone ${zone} cannot be attached to it.`,
      { about: 'zone' },
    );
  }
}
