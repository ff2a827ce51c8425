// The disks of one server, with a button to detach each but the one it boots from.
import type { KnownBlock } from '@slack/types';
import { type Attachment, listAttachments } from '../../openstack/attachments.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import type { Volume } from '../../openstack/volumes.ts';
import { context, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { runButton } from '../buttons.ts';
import { isRoot } from '../disk/words.ts';
import { allDisks, diskLine, diskName } from '../find/disk.ts';
import { counted } from '../pages.ts';
import { nameCode, plainName, shortName } from './words.ts';

export type ServerDisk = { attachment: Attachment; disk: Volume | null };

/** Two cloud requests. Disks that the person may not see have no more than an id and a device. */
export async function disksOf(cloud: Cloud, { id }: Pick<Server, 'id'>): Promise<ServerDisk[]> {
  const [attachments, disks] = await Promise.all([listAttachments(cloud, id), allDisks(cloud)]);
  const byId = new Map(disks.map((disk) => [disk.id, disk]));
  return attachments.map((attachment) => ({ attachment, disk: byId.get(attachment.volumeId) ?? null }));
}

/** A message holds no more buttons comfortably. */
const MOST_SHOWN = 20;

/** The line that detaches a disk. */
export type DetachLine = (ids: { disk: string; server: string }) => string;

export function serverDisksReply(server: Server, disks: readonly ServerDisk[], detachLine: DetachLine): Reply {
  const title = `${counted(disks.length, 'disk')} on ${nameCode(plainName(server))}`;
  const shown = disks.slice(0, MOST_SHOWN).map((disk) => diskBlock(server, disk, detachLine));
  const rest = disks.length - shown.length;
  const blocks = [section(title), ...shown, ...(rest > 0 ? [context(`… and ${rest} more.`)] : [])];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function diskBlock(server: Server, { attachment, disk }: ServerDisk, detachLine: DetachLine): KnownBlock {
  const { volumeId } = attachment;
  const text = serverDiskLine(server, { attachment, disk });
  if (isRoot(server, attachment)) return section(text);
  const accessory = runButton({
    id: 'detach',
    text: 'Detach',
    label: `Detach the disk ${disk ? diskName(disk) : volumeId}`,
    line: detachLine({ disk: volumeId, server: server.id }),
  });
  return section(text, { accessory });
}

export function serverDiskLine(server: Server, { attachment, disk }: ServerDisk): string {
  const device = attachment.device === null ? null : escapeMrkdwn(shortName(attachment.device));
  const more = [
    device,
    isRoot(server, attachment) ? 'boots from it' : null,
    attachment.deleteWithServer === true ? 'deleted with the server' : null,
  ];
  if (disk) return diskLine(disk, more);
  return [nameCode(attachment.volumeId), ...more].filter((part) => part !== null).join(' · ');
}
