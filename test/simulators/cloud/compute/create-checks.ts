// What Nova asks about a new server beyond the shape of the order: does everything exist, fit, and stay within the quota.

import type { SimFlavor } from '../model.ts';
import type { SimImage } from '../stock/model.ts';
import type { ComputeCall } from './caller.ts';
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
  if (flavor === undefined || flavor.disabled) throw novaRefusal(400, `Flavor ${id} could not be found.`);
  return flavor;
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
  const mayUse = image !== undefined && (image.visibility !== 'private' || image.ownerId === caller.projectId);
  if (!mayUse && order.bootDisk !== null) throw invalidMapping(`failed to get image ${id}.`);
  if (!mayUse) throw novaRefusal(400, 'Can not find requested image');
  if (image.status !== 'active') throw novaRefusal(400, `Image ${id} is not active.`);
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

function requireQuota({ core, caller }: ComputeCall, flavor: SimFlavor): void {
  const project = core.world.project(caller.projectId ?? '');
  const used = core.world.usage(project.id);
  const wanted = [
    { name: 'instances', asked: 1, used: used.instances, limit: project.quota.instances },
    { name: 'cores', asked: flavor.vcpus, used: used.cores, limit: project.quota.cores },
    { name: 'ram', asked: flavor.ramMiB, used: used.ramMiB, limit: project.quota.ramMiB },
  ];
  const over = wanted.filter(({ asked, used: taken, limit }) => limit !== -1 && taken + asked > limit);
  if (over.length === 0) return;
  const all = (pick: (item: (typeof wanted)[number]) => string | number): string => over.map(pick).join(', ');
  const [asked, taken, limit] = [all((item) => item.asked), all((item) => item.used), all((item) => item.limit)];
  const names = all((item) => item.name);
  throw novaRefusal(
    403,
    `Quota exceeded for ${names}: Requested ${asked}, but already used ${taken} of ${limit} ${names}`,
  );
}
