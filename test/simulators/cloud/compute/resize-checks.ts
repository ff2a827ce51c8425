// What Nova asks about a resize beyond the server's state: the flavor, the quota, the unfinished one before.

import { isRecord, Refusal } from '../exchange.ts';
import type { SimFlavor, SimServer } from '../model.ts';
import type { ComputeCall } from './caller.ts';
import { novaRefusal, unexpected } from './errors.ts';

type Attempt = { call: ComputeCall; server: SimServer; argument: unknown };

/** How long Nova goes by what the network service has told it about itself. */
const NETWORK_KNOWN_MS = 600_000;

/** Refuses with 400 for the flavor, 403 for the quota, 500 when the network service has to be asked and is not there. */
export function requireResizable(attempt: Attempt): void {
  const { call, server } = attempt;
  requireNetworkKnown(call);
  if (call.core.settings.resizeNeedsStop && server.vmState !== 'stopped') throw stopItFirst();
  const flavor = targetFlavor(attempt);
  if (flavor.id === server.flavorId) throw novaRefusal(400, 'When resizing, instances must change flavor!');
  // On OTC every disk is a volume and every flavor's own disk is 0.
  if (flavor.diskGiB === 0 && server.imageId !== null && call.core.settings.mode === 'openstack') {
    const reason = 'Resize to zero disk flavor is not allowed.';
    throw novaRefusal(400, `Server disk was unable to be resized because: ${reason}`);
  }
  requireQuota(attempt, flavor);
  requireDisk(server, flavor);
}

function requireNetworkKnown({ core }: ComputeCall): void {
  const now = core.timeline.now();
  const isDown = core.down.has('network');
  const isKnown = core.networkHeardAt !== null && now < core.networkHeardAt + NETWORK_KNOWN_MS;
  if (isDown && !isKnown) throw unexpected('keystoneauth1.exceptions.connection.ConnectFailure');
  if (!isKnown) core.networkHeardAt = now;
}

function stopItFirst(): Refusal {
  return new Refusal({
    status: 400,
    body: { error: { code: 'Ecs.0100', message: 'The ECS status does not meet requirements.' } },
  });
}

/** A flavor's address is as good as its id; a disabled flavor is as good as none. */
export function targetFlavor({ call, argument }: Pick<Attempt, 'call' | 'argument'>): SimFlavor {
  const reference = isRecord(argument) ? String(argument['flavorRef']) : '';
  const id = reference.slice(reference.lastIndexOf('/') + 1);
  const flavor = call.core.world.flavors.get(id);
  if (flavor === undefined || flavor.disabled) throw novaRefusal(400, `Flavor ${id} could not be found.`);
  return flavor;
}

// Only what grows counts, and the server itself is not counted twice.
function requireQuota({ call, server }: Attempt, to: SimFlavor): void {
  const { world } = call.core;
  const from = world.flavor(server.flavorId);
  const quota = world.project(server.projectId).quota;
  const used = world.usage(server.projectId);
  const grown = [
    { name: 'cores', asked: to.vcpus - from.vcpus, used: used.cores, limit: quota.cores },
    { name: 'ram', asked: to.ramMiB - from.ramMiB, used: used.ramMiB, limit: quota.ramMiB },
  ];
  const over = grown.filter(({ asked, used: taken, limit }) => asked > 0 && limit !== -1 && taken + asked > limit);
  if (over.length === 0) return;
  const list = (pick: (item: (typeof grown)[number]) => string | number): string => over.map(pick).join(', ');
  const names = list((item) => item.name);
  const [asked, taken, limit] = [list((item) => item.asked), list((item) => item.used), list((item) => item.limit)];
  throw novaRefusal(
    403,
    `Quota exceeded for ${names}: Requested ${asked}, but already used ${taken} of ${limit} ${names}`,
  );
}

// Whatever the server has become since: what it was booted with is written down as its image's least disk.
function requireDisk({ imageId, minDiskGiB }: SimServer, { diskGiB }: SimFlavor): void {
  if (imageId === null || diskGiB === 0 || diskGiB >= minDiskGiB) return;
  const [has, needs] = [diskGiB, minDiskGiB].map((gib) => gib * 1024 ** 3);
  throw novaRefusal(
    400,
    `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${has} bytes, minimum size is ${needs} bytes.`,
  );
}

/** The state alone allows it; the migration behind it may already be on its way. */
export function requireFinishedMigration({ server }: Pick<Attempt, 'server'>): void {
  if (server.migration !== 'finished') throw novaRefusal(400, 'Instance has not been resized.');
}
