// What a project's disks take of its quota.

import type { Core } from '../core.ts';

export function volumeUsageOf(
  { world }: Pick<Core, 'world'>,
  projectId: string,
): { volumes: number; gigabytes: number } {
  const own = [...world.stock.volumes.values()].filter((volume) => volume.projectId === projectId);
  return { volumes: own.length, gigabytes: own.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0) };
}
