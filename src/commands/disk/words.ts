// What can be said about a disk before the cloud is asked to do anything with it. Pure.
import { UserError } from '../../errors.ts';
import type { Attachment } from '../../openstack/attachments.ts';
import type { Profile } from '../../openstack/profile.ts';
import type { Server } from '../../openstack/server.ts';
import type { Volume, VolumeType } from '../../openstack/volumes.ts';
import type { Zone } from '../../openstack/zones.ts';
import { diskName } from '../find/disk.ts';
import { findNamed } from '../find/named.ts';
import { plainName } from '../server/words.ts';

/** EVS takes no larger ones, and nobody should ask for one by a slip of the finger. */
export const LARGEST_DISK_GIB = 32_768;

/** The disk a server boots from: the first one, where it does not boot from an image. */
export function isRoot({ imageId }: Pick<Server, 'imageId'>, { device }: Pick<Attachment, 'device'>): boolean {
  return imageId === null && device !== null && /^\/dev\/(?:[vsxh]|xv)da$/.test(device);
}

/** Throws UserError `already_done`, `wrong_state`, `unsupported`. `holder`: the name of the server that has it, if known. */
export function refuseUnlessAttachable(
  disk: Volume,
  { server, profile, holder }: { server: Server; profile: Profile; holder: string | null },
): void {
  const name = diskName(disk);
  const here = disk.attachments.find(({ serverId }) => serverId === server.id);
  if (here) {
    const as = here.device === null ? '' : ` as ${here.device}`;
    throw new UserError('already_done', `${name} is attached to ${plainName(server)} already${as}.`, { about: 'disk' });
  }
  const usable = disk.status === 'available' || (disk.shareable && disk.status === 'in-use');
  if (!usable) throw new UserError('wrong_state', `${name} ${stateWords(disk.status, holder)}`, { about: 'disk' });
  if (profile.zonedDisks && disk.zone !== null && server.zone !== null && disk.zone !== server.zone) {
    throw new UserError(
      'unsupported',
      `${name} is in zone ${disk.zone} and ${plainName(server)} in ${server.zone}: in this cloud a disk goes only to servers of its own zone.`,
      { about: 'disk' },
    );
  }
}

/** What a disk's state means to somebody who wants to attach it. Follows the name. */
function stateWords(status: string, holder: string | null): string {
  switch (status) {
    case 'in-use':
      return `is attached to ${holder ?? 'another server'}: detach it there first, or choose another one.`;
    case 'creating':
    case 'downloading':
      return 'is still being made: try again when it is available.';
    case 'attaching':
    case 'reserved':
      return 'is being attached somewhere just now: look with “disk list”, and try again.';
    case 'detaching':
      return 'is being detached just now: try again in a moment.';
    case 'deleting':
      return 'is being deleted: take another disk.';
    default:
      return status.startsWith('error')
        ? `is in state ${status}: it cannot be used until the cloud operators have looked at it.`
        : `is ${status}: it can be attached when it is available.`;
  }
}

/** Throws UserError `not_found` with the nearest names, `ambiguous`. */
export function typeNamed(types: readonly VolumeType[], wanted: string): VolumeType {
  return findNamed(types, wanted, { one: 'disk type', list: 'disk create', about: 'type' });
}

/** The name of an open one. Throws UserError `not_found` with the nearest names. */
export function zoneNamed(zones: readonly Zone[], wanted: string): string {
  const open = zones.filter(({ available }) => available).map(({ name }) => ({ id: name, name }));
  return findNamed(open, wanted, { one: 'zone for disks', list: 'zones', about: 'zone' }).name;
}
