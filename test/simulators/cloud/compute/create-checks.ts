// What Nova asks about a new server beyond the shape of the order: does everything exist, fit, and stay within the quota.

import type { Core } from '../core.ts';
import type { SimFlavor } from '../model.ts';
import { mayUse } from '../image/service.ts';
import type { ComputeQuota } from '../seeds.ts';
import type { SimImage, SimNetwork } from '../stock/model.ts';
import type { Caller, ComputeCall } from './caller.ts';
import { invalidMapping, type CreateOrder } from './create-order.ts';
import { novaRefusal } from './errors.ts';

const GIB = 1024 ** 3;

/** The flavor to build from. Refuses with 400, 403 for the quota, 409 for a port that is taken. */
export function requireBuildable(call: ComputeCall, order: CreateOrder): SimFlavor {
  const flavor = requireFlavor(call, order.flavorId);
  requireKey(call, order.keyName);
  requireZone(call, order.zone);
  requireGroups(order.groups);
  const image = requireImage(call, order);
  requireRoom(flavor, image, order);
  requireDiskType(call, order);
  requireNics(call, order.nics);
  requireQuota(call, flavor);
  return flavor;
}

function requireFlavor({ core }: ComputeCall, id: string): SimFlavor {
  const flavor = core.world.flavors.get(id);
  if (flavor === undefined) throw novaRefusal(400, `Flavor ${id} could not be found.`);
  if (!flavor.disabled) return flavor;
  // Named by the number of its row, which is nobody's business but the database's.
  const row = [...core.world.flavors.keys()].indexOf(id) + 1;
  throw novaRefusal(400, `Flavor ${row} could not be found.`);
}

function requireKey({ core, caller }: ComputeCall, name: string | null): void {
  if (name !== null && !core.world.stock.keyPairs.has(`${caller.userId} ${name}`)) {
    throw novaRefusal(400, 'Invalid key_name provided.');
  }
}

function requireZone({ core }: ComputeCall, zone: string | null): void {
  if (zone !== null && !core.world.stock.zones.includes(zone)) {
    throw novaRefusal(400, 'The requested availability zone is not available');
  }
}

function requireGroups(groups: string[]): void {
  const unknown = groups.find((group) => group !== 'default');
  if (unknown !== undefined) throw novaRefusal(400, `Unable to find security_group with name or id '${unknown}'`);
}

function requireImage({ core, caller }: ComputeCall, order: CreateOrder): SimImage {
  const id = order.bootDisk?.imageId ?? order.imageId ?? '';
  const image = core.world.stock.images.get(id);
  if (image === undefined || !mayUse(image, caller.projectId)) {
    throw order.bootDisk === null
      ? novaRefusal(400, 'Can not find requested image')
      : invalidMapping(`failed to get image ${id}.`);
  }
  // Nova looks for the id in the order's `imageRef`, which an order with a boot disk does not have.
  if (image.status !== 'active') throw novaRefusal(400, `Image ${order.imageId ?? 'None'} is not active.`);
  return image;
}

function requireRoom(flavor: SimFlavor, image: SimImage, { bootDisk }: CreateOrder): void {
  if (flavor.ramMiB < image.minRamMiB) throw novaRefusal(400, "Flavor's memory is too small for requested image.");
  if (bootDisk === null && flavor.diskGiB === 0) {
    throw novaRefusal(403, 'Only volume-backed servers are allowed for flavors with zero disk.');
  }
  const [what, sizeGiB] =
    bootDisk === null ? (["Flavor's disk", flavor.diskGiB] as const) : (['Volume', bootDisk.sizeGiB] as const);
  if (sizeGiB >= image.minDiskGiB) return;
  const size = bootDisk === null ? 'Flavor disk' : 'Volume size';
  const bytes = `${size} is ${sizeGiB * GIB} bytes, minimum size is ${image.minDiskGiB * GIB} bytes.`;
  throw novaRefusal(400, `${what} is smaller than the minimum size specified in image metadata. ${bytes}`);
}

function requireDiskType({ core }: ComputeCall, { bootDisk }: CreateOrder): void {
  const type = bootDisk?.type ?? null;
  if (type === null || core.world.stock.volumeTypes.some(({ name, id }) => name === type || id === type)) return;
  throw novaRefusal(400, `Volume type ${type} could not be found.`);
}

function requireNics({ core, caller }: ComputeCall, nics: CreateOrder['nics']): void {
  const { stock } = core.world;
  if (nics === null && ownNetworks(core, caller).length > 1) {
    throw novaRefusal(409, 'Multiple possible networks found, use a Network ID to be more specific.');
  }
  for (const nic of nics ?? []) {
    if ('portId' in nic) {
      const port = stock.ports.get(nic.portId);
      if (port === undefined || port.projectId !== caller.projectId) {
        throw novaRefusal(400, `Port id ${nic.portId} could not be found.`);
      }
      if (port.deviceId !== '') throw novaRefusal(409, `Port ${nic.portId} is still in use.`);
      continue;
    }
    const network = stock.networks.get(nic.networkId);
    const isTheirs = network !== undefined && (network.projectId === caller.projectId || network.shared);
    if (!isTheirs) throw novaRefusal(400, `Network ${nic.networkId} could not be found.`);
    if (stock.subnetsOf(network.id).length === 0) {
      throw novaRefusal(400, `Network ${network.id} requires a subnet in order to boot instances on.`);
    }
  }
}

/** What a server is put into that names no network: only if there is no choice. */
export function ownNetworks({ world }: Core, { projectId }: Pick<Caller, 'projectId'>): SimNetwork[] {
  return [...world.stock.networks.values()].filter(
    (network) => (network.projectId === projectId || network.shared) && !network.external,
  );
}

function requireQuota({ core, caller }: ComputeCall, { vcpus, ramMiB }: SimFlavor): void {
  const over = overQuota(core, caller.projectId ?? '', { instances: 1, cores: vcpus, ramMiB });
  if (over !== null) throw novaRefusal(403, over);
}

/** For those that are there already. */
export const NOTHING_MORE: ComputeQuota = { instances: 0, cores: 0, ramMiB: 0 };

/** What would be too much, in the order of the alphabet; null: nothing. */
export function overQuota({ world }: Core, projectId: string, more: ComputeQuota): string | null {
  const { quota } = world.project(projectId);
  const used = world.usage(projectId);
  const wanted = [
    { name: 'cores', asked: more.cores, used: used.cores, limit: quota.cores },
    { name: 'instances', asked: more.instances, used: used.instances, limit: quota.instances },
    { name: 'ram', asked: more.ramMiB, used: used.ramMiB, limit: quota.ramMiB },
  ];
  const over = wanted.filter(({ asked, used: taken, limit }) => limit !== -1 && taken + asked > limit);
  if (over.length === 0) return null;
  const all = (pick: (item: (typeof wanted)[number]) => string | number): string => over.map(pick).join(', ');
  const [asked, taken, limit] = [all((item) => item.asked), all((item) => item.used), all((item) => item.limit)];
  const names = all((item) => item.name);
  return `Quota exceeded for ${names}: Requested ${asked}, but already used ${taken} of ${limit} ${names}`;
}
