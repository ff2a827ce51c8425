// The form behind an incomplete `disk create`.
import type { InputBlock } from '@slack/types';
import { UserError } from '../../errors.ts';
import { listVolumeTypes, showVolumeLimits, type VolumeLimits } from '../../openstack/volumes.ts';
import { listVolumeZones } from '../../openstack/zones.ts';
import { modal, section } from '../../slack/blocks.ts';
import { input, select, textInput } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import type { Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import type { DiskWish } from './create.ts';
import { LARGEST_DISK_GIB, typeNamed, zoneNamed } from './words.ts';
import { formAbout, textIn } from '../forms.ts';
import { serverInput, serversToChoose } from '../server/menu.ts';
import { nameCode, shortName } from '../server/words.ts';

const NAME_LENGTH = 255;

/** Four cloud requests at once. What was typed is filled in. Throws UserError `not_found`, `ambiguous` for what there is not, `quota`. */
export async function diskForm(
  given: DiskWish,
  ctx: CommandContext,
  { planned }: { planned: boolean },
): Promise<Reply> {
  const cloud = await ctx.cloud();
  const [types, zones, servers, limits, project] = await Promise.all([
    listVolumeTypes(cloud),
    listVolumeZones(cloud),
    serversToChoose(cloud, given.attach),
    showVolumeLimits(cloud),
    ctx.project(),
  ]);
  const type = given.type === null ? null : typeNamed(types, given.type).name;
  const zone = given.zone === null ? null : zoneNamed(zones, given.zone);
  const { smallestDiskGiB: least, zonedDisks } = cloud.profile;
  refuseWithoutRoom(limits, least);
  const most = Math.min(LARGEST_DISK_GIB, roomIn(limits) ?? LARGEST_DISK_GIB);
  const about = { planned, least: String(least), most: String(most), ...(zonedDisks && { zoned: 'yes' }) };
  const view = modal({
    title: 'Create a disk',
    submit: planned ? 'Show the calls' : 'Create',
    callbackId: 'disk:create',
    privateMetadata: formAbout(ctx, about),
    blocks: [
      section(`Project ${nameCode(project.name)}: ${roomWords(limits)}.`),
      nameInput(given.name),
      sizeInput(least, most),
      ...menu('type', { choices: types.map(({ name }) => name), initial: type, optional: true }),
      ...menu('zone', {
        choices: zones.filter(({ available }) => available).map(({ name }) => name),
        initial: zone,
        optional: true,
        ...(zonedDisks && { hint: 'That of the server, unless you say. Without a server it is needed.' }),
      }),
      serverInput(servers, {
        actionId: 'disk:createfor',
        label: 'Attach to',
        optional: true,
        named: given.attach !== null,
      }),
    ],
  });
  return { kind: 'modal', view };
}

/** No size would do. */
function refuseWithoutRoom(limits: VolumeLimits, least: number): void {
  const room = roomIn(limits);
  if (room === null || room >= least) return;
  const { used, max } = limits.gigabytes;
  const rest = room > 0 ? `, and a disk has at least ${least} GiB in this cloud` : '';
  const sentence = `The project's quota for disks has no room for another one: ${used} of ${max} GiB are used${rest}. Remove a disk that nobody needs, or have the quota raised.`;
  throw new UserError('quota', sentence);
}

function nameInput(initial: string | null): InputBlock {
  const element = textInput({
    actionId: 'disk:name',
    maxLength: NAME_LENGTH,
    ...(initial !== null && { initial }),
  });
  return input({ blockId: 'name', label: 'Name', optional: true, element });
}

function sizeInput(least: number, most: number): InputBlock {
  const element = textInput({ actionId: 'disk:size', placeholder: String(Math.max(least, 10)), maxLength: 6 });
  return input({ blockId: 'size', label: 'Size in GiB', hint: `From ${least} to ${most}.`, element });
}

type MenuParts = { choices: string[]; initial: string | null; optional: boolean; hint?: string };

/** Nothing where there is nothing to choose from. */
function menu(id: 'type' | 'zone', { choices, initial, ...rest }: MenuParts) {
  const usable = choices.filter((name) => name.length <= LIMITS.optionValue);
  if (usable.length === 0) return [];
  const element = select({
    actionId: `disk:${id}`,
    placeholder: id === 'type' ? 'The cloud’s default' : 'Choose a zone',
    choices: usable.map((name) => ({ text: shortName(name), value: name })),
    ...(initial !== null && { initial }),
  });
  return [input({ blockId: id, label: id === 'type' ? 'Type' : 'Zone', element, ...rest })];
}

function roomIn({ gigabytes: { used, max } }: VolumeLimits): number | null {
  return used === null || max === null ? null : Math.max(0, max - used);
}

function roomWords(limits: VolumeLimits): string {
  const room = roomIn(limits);
  return room === null ? 'the cloud does not say how much room is left' : `${room} GiB of its quota are left`;
}

export function diskFormFields({ values }: Form): DiskWish {
  const size = textIn(values, 'size');
  return {
    name: textIn(values, 'name'),
    size: size !== null && /^\d{1,6}$/.test(size) ? Number(size) : null,
    type: textIn(values, 'type'),
    zone: textIn(values, 'zone'),
    attach: textIn(values, 'server'),
  };
}

/** Pure and instant; what it needs to know of the cloud is in the form's metadata. */
export function checkDiskForm(form: Form): Record<string, string> {
  const { size, zone, attach } = diskFormFields(form);
  const least = Number(form.about['least'] ?? 1);
  const most = Number(form.about['most'] ?? LARGEST_DISK_GIB);
  const zoneless = form.about['zoned'] === 'yes' && zone === null && attach === null;
  return {
    ...((size === null || size < least || size > most) && { size: sizeProblem({ size, least, most }) }),
    ...(zoneless && { zone: 'Choose the zone it shall be in, or a server to attach it to.' }),
  };
}

function sizeProblem({ size, least, most }: { size: number | null; least: number; most: number }): string {
  if (size !== null && size > most && most < LARGEST_DISK_GIB) return `The project's quota has room for ${most} GiB.`;
  return `A whole number from ${least} to ${most}, please.`;
}
