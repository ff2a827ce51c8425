// What a volume goes through after an accepted order: creating, attaching, detaching, deleting, and into error.

import type { Core } from '../core.ts';
import type { Pace } from '../options.ts';
import type { SimVolume } from '../stock/model.ts';

export function beginCreation(core: Core, volume: SimVolume): void {
  plan(core, volume, [
    { pace: 'volumeMs', part: 1, run: () => setStatus(core, volume, isSpoilt(core, volume) ? 'error' : 'available') },
  ]);
}

/** `isRoot` disks cannot be taken away again. */
export function beginAttachment(
  core: Core,
  volume: SimVolume,
  to: { id: string; serverId: string; device: string; isRoot: boolean },
): void {
  volume.attachment = { ...to, at: null };
  setStatus(core, volume, 'reserved');
  plan(core, volume, [
    { pace: 'attachMs', part: 1 / 2, run: () => setStatus(core, volume, 'attaching') },
    { pace: 'attachMs', part: 1 / 2, run: () => finishAttachment(core, volume) },
  ]);
}

// A disk that cannot be attached ends free again or in error, long after the order was accepted.
function finishAttachment(core: Core, volume: SimVolume): void {
  const { attachment } = volume;
  if (attachment === null) return;
  const server = core.world.servers.get(attachment.serverId);
  if (isSpoilt(core, volume)) {
    if (server !== undefined) server.volumeIds = server.volumeIds.filter((id) => id !== volume.id);
    volume.attachment = null;
    return setStatus(core, volume, 'error');
  }
  attachment.at = core.timeline.now();
  setStatus(core, volume, 'in-use');
}

export function beginDetachment(core: Core, volume: SimVolume): void {
  setStatus(core, volume, 'detaching');
  plan(core, volume, [{ pace: 'detachMs', part: 1, run: () => finishDetachment(core, volume) }]);
}

function finishDetachment(core: Core, volume: SimVolume): void {
  if (isSpoilt(core, volume)) return setStatus(core, volume, 'in-use');
  const server = core.world.servers.get(volume.attachment?.serverId ?? '');
  if (server !== undefined) server.volumeIds = server.volumeIds.filter((id) => id !== volume.id);
  volume.attachment = null;
  setStatus(core, volume, 'available');
}

export function beginDeletion(core: Core, volume: SimVolume): void {
  setStatus(core, volume, 'deleting');
  plan(core, volume, [
    {
      pace: 'volumeMs',
      part: 1,
      run: () => {
        if (isSpoilt(core, volume)) setStatus(core, volume, 'error_deleting');
        else core.world.stock.volumes.delete(volume.id);
      },
    },
  ]);
}

/** Used up by being asked. */
function isSpoilt(core: Core, volume: SimVolume): boolean {
  return core.volumeSpoils.delete(volume.id) || core.volumeSpoils.delete(volume.name);
}

function setStatus(core: Core, volume: SimVolume, status: string): void {
  volume.status = status;
  volume.updatedAt = core.timeline.now();
}

function plan(core: Core, volume: SimVolume, steps: { pace: keyof Pace; part: number; run: () => void }[]): void {
  const { pace } = core.settings;
  const timed = steps.map((step) => ({ afterMs: pace === 'manual' ? 0 : pace[step.pace] * step.part, run: step.run }));
  core.timeline.plan(volume.id, timed, pace === 'manual' ? 'held' : 'timed');
}
