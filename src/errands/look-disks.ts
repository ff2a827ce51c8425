// How disks look in the cloud, for a step that makes, attaches, detaches or removes one.
import { listAttachments } from '../openstack/attachments.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { findCreatedVolume, showVolume, type Volume } from '../openstack/volumes.ts';
import { type Errand, nameOf } from './errand.ts';
import { ABSENT, known, orNull, ready, type Seen, type TaskOf } from './seen.ts';
import type { Ref } from './task.ts';
import { brokenDiskSentence, brokenSentence, elsewhereSentence, goneSentence, notDeletedSentence } from './words.ts';

export async function seeNewDisk(cloud: Cloud, task: TaskOf<'make_disk'>, id: string | null): Promise<Seen> {
  const volume = id === null ? await findCreatedVolume(cloud, task) : await orNull(showVolume(cloud, id));
  // Just made, and not to be seen yet, or removed again by somebody: time will tell which.
  if (!volume) return { kind: 'absent', before: [] };
  if (isBroken(volume))
    return { kind: 'broken', id: volume.id, said: brokenSentence('disk', task.name, volume.status) };
  if (volume.status === 'available') return { kind: 'ready', id: volume.id, detail: null };
  return { kind: 'pending', id: volume.id, word: volume.status };
}

function isBroken({ status }: Pick<Volume, 'status'>): boolean {
  return status.startsWith('error');
}

const TO_BE_ATTACHED = new Set(['attaching', 'reserved']);

export async function seeDisk(
  cloud: Cloud,
  errand: Errand,
  { kind, server, disk }: TaskOf<'attach_disk' | 'detach_disk'>,
): Promise<Seen> {
  const id = known(errand, disk);
  const name = nameOf(errand, disk);
  const volume = await orNull(showVolume(cloud, id));
  const attaching = kind === 'attach_disk';
  if (!volume) return attaching ? { kind: 'broken', id, said: goneSentence('disk', name) } : ready(id);
  if (isBroken(volume)) return { kind: 'broken', id, said: wordsOnBroken(disk, name, volume.status) };
  const here = volume.attachments.some(({ serverId }) => serverId === server.id);
  if (here && volume.status === 'in-use') return attaching ? seeDevice(cloud, server.id, id) : ABSENT;
  if (attaching && TO_BE_ATTACHED.has(volume.status)) return { kind: 'pending', id, word: volume.status };
  if (volume.status === 'detaching') return { kind: attaching ? 'busy' : 'pending', id, word: volume.status };
  if (!attaching) return here ? { kind: 'busy', word: volume.status } : ready(id);
  if (volume.status === 'available' || (volume.shareable && volume.status === 'in-use')) return ABSENT;
  return volume.status === 'in-use'
    ? { kind: 'blocked', said: elsewhereSentence('disk', name) }
    : { kind: 'busy', word: volume.status };
}

/** What this errand has made holds nothing yet. */
function wordsOnBroken(disk: Ref, name: string, word: string): string {
  return 'step' in disk ? brokenSentence('disk', name, word) : brokenDiskSentence(name, word);
}

/** The server's own list names the device best; the volume's is as good where that cannot be had. */
async function seeDevice(cloud: Cloud, serverId: string, id: string): Promise<Seen> {
  const attached = await listAttachments(cloud, serverId);
  return ready(id, attached.find(({ volumeId }) => volumeId === id)?.device ?? null);
}

export async function seeRemovedDisk(cloud: Cloud, id: string): Promise<Seen> {
  const volume = await orNull(showVolume(cloud, id));
  if (!volume) return ready(id);
  if (volume.status === 'deleting') return { kind: 'pending', id, word: volume.status };
  if (volume.status === 'error_deleting') {
    return { kind: 'broken', id, said: notDeletedSentence(volume.name || id, volume.status) };
  }
  return volume.status === 'available' || isBroken(volume) ? ABSENT : { kind: 'busy', word: volume.status };
}
