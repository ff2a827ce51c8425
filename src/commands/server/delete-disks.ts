// What becomes of a server's disks when it is deleted, said before.
import { unreachable, UserError } from '../../errors.ts';
import { type Attachment, listAttachments, showDiskFates } from '../../openstack/attachments.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Server } from '../../openstack/server.ts';
import { showVolume, type Volume } from '../../openstack/volumes.ts';
import { nameCode } from './words.ts';

/** `fate` null: the cloud does not tell before it is done. */
export type Disk = { name: string; sizeGiB: number | null; device: string | null; fate: 'goes' | 'stays' | null };

const DISKS_SHOWN = 10;

/** In the order in which they are attached. Throws CloudError when even the list cannot be had. */
export async function readDisks(cloud: Cloud, server: Server): Promise<Disk[]> {
  const attached = await withFates(cloud, await listAttachments(cloud, server.id));
  const shown = attached.slice(0, DISKS_SHOWN);
  const volumes = await Promise.all(shown.map(({ volumeId }) => volumeOf(cloud, volumeId)));
  return attached.map((attachment, place) => diskOf(attachment, volumes[place] ?? null));
}

/** Before microversion 2.79 only the server itself tells. */
async function withFates(cloud: Cloud, attached: Attachment[]): Promise<Attachment[]> {
  const [first] = attached.filter(({ deleteWithServer }) => deleteWithServer === null);
  if (!first) return attached;
  const fates = await whereTold(showDiskFates(cloud, first.serverId));
  return attached.map((one) => ({
    ...one,
    deleteWithServer: one.deleteWithServer ?? fates?.get(one.volumeId) ?? null,
  }));
}

/** What it is called is worth less than the question itself. */
async function volumeOf(cloud: Cloud, id: string): Promise<Volume | null> {
  return whereTold(showVolume(cloud, id));
}

async function whereTold<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isCloudError(error) || error instanceof UserError) return null;
    throw error;
  }
}

function diskOf({ volumeId, device, deleteWithServer }: Attachment, volume: Volume | null): Disk {
  const fate = deleteWithServer === null ? null : deleteWithServer ? 'goes' : 'stays';
  return { name: volume?.name || volumeId, sizeGiB: volume?.sizeGiB ?? null, device, fate };
}

function diskSentence({ name, sizeGiB, device, fate }: Disk): string {
  const facts = [sizeGiB === null ? null : `${sizeGiB} GiB`, device && nameCode(device)].filter(
    (part) => part !== null,
  );
  const disk = `Disk ${nameCode(name)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
  switch (fate) {
    case 'goes':
      return `🗑️ ${disk} *goes* with it, and everything on it.`;
    case 'stays':
      return `${disk} *stays* and keeps its data.`;
    case null:
      return `${disk}: this cloud does not tell before whether it goes with the server.`;
    default:
      return unreachable(fate);
  }
}

/** One for each disk, as mrkdwn. */
export function diskLines(disks: readonly Disk[], { imageId }: Pick<Server, 'imageId'>): string[] {
  const more = disks.length > DISKS_SHOWN ? [`… and ${disks.length - DISKS_SHOWN} more disks`] : [];
  // A server that boots from an image has its system on a disk that nobody else can see.
  const own = imageId === null ? [] : ['🗑️ Its own disk *goes* with it, and everything on it.'];
  return [...disks.slice(0, DISKS_SHOWN).map(diskSentence), ...more, ...own];
}

/** For a dialog of 300 characters. */
export function disksInShort(disks: readonly Disk[]): string {
  const count = (fate: Disk['fate']) => disks.filter((disk) => disk.fate === fate).length;
  const parts = [
    count('goes') > 0 && `${count('goes')} ${count('goes') === 1 ? 'goes' : 'go'} with all data`,
    count('stays') > 0 && `${count('stays')} ${count('stays') === 1 ? 'stays' : 'stay'}`,
    count(null) > 0 && `of ${count(null)} the cloud does not tell`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'What is on it is lost.' : `Of its disks: ${parts.join(', ')}.`;
}
