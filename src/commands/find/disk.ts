// A disk's name or id → the disk; and how disks look in an answer.
import type { Cloud } from '../../openstack/cloud.ts';
import { readAllPages } from '../../openstack/read.ts';
import { listVolumes, showVolume, type Volume } from '../../openstack/volumes.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { ID, unlessUnknown } from './by-id.ts';
import { findNamed } from './named.ts';
import { nameCode, shortName } from '../server/words.ts';

/** One cloud request unless there is none of exactly that name. Throws UserError `not_found` with the nearest names, `ambiguous`. */
export async function findDisk(cloud: Cloud, wanted: string): Promise<Volume> {
  const byId = ID.test(wanted) ? await unlessUnknown(showVolume(cloud, wanted)) : null;
  if (byId) return byId;
  const { items } = await listVolumes(cloud, { name: wanted });
  const [only, another] = items.filter(({ name }) => name === wanted);
  if (only && !another) return only;
  return findNamed(await allDisks(cloud), wanted, { one: 'disk', list: 'disk list' });
}

export async function allDisks(cloud: Cloud): Promise<Volume[]> {
  return readAllPages((marker) => listVolumes(cloud, marker === undefined ? {} : { marker }));
}

/** As plain text. A disk without a name is called by its id. */
export function diskName({ id, name }: Pick<Volume, 'id' | 'name'>): string {
  return shortName(name) || id;
}

const LIGHTS: Record<string, string> = { available: '⚪', 'in-use': '🟢' };

/** ``🟢 `data-1` in-use · 10 GiB SSD · eu-de-01``, as mrkdwn; what follows is the caller's. */
export function diskLine(disk: Volume, more: (string | null)[] = []): string {
  const light = LIGHTS[disk.status] ?? (disk.status.startsWith('error') ? '🔴' : '🟡');
  const type = disk.type === null ? '' : ` ${escapeMrkdwn(shortName(disk.type))}`;
  const parts = [
    `${light} ${nameCode(diskName(disk))} ${escapeMrkdwn(disk.status)}`,
    `${disk.sizeGiB} GiB${type}`,
    disk.zone && escapeMrkdwn(shortName(disk.zone)),
    ...more,
    disk.name === '' ? null : nameCode(disk.id),
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
