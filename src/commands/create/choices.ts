// Everything a new server can be made of in the project of the moment, read at once.
import type { Project } from '../../auth/sessions.ts';
import type { FlavorFacts, ImageFacts, Room, Rules } from '../../creation/check.ts';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import { type Image, isBootable, listImages } from '../../openstack/images.ts';
import { listKeyPairs } from '../../openstack/keypairs.ts';
import { type Allowance, showLimits } from '../../openstack/limits.ts';
import { listNetworks, type Network } from '../../openstack/networks.ts';
import { readAllPages } from '../../openstack/read.ts';
import { listVolumeTypes, showVolumeLimits, type VolumeType } from '../../openstack/volumes.ts';
import { listZones, type Zone } from '../../openstack/zones.ts';
import type { CommandContext } from '../context.ts';
import { shortName } from '../server/words.ts';

/** Something that has no id of its own is called by its name. */
type Named<T> = T & { id: string };

export type Choices = {
  cloud: Cloud;
  project: Project;
  flavors: Flavor[];
  images: Image[];
  /** Those that servers can be plugged into. */
  networks: Network[];
  keys: { id: string; name: string }[];
  zones: Named<Zone>[];
  /** Null where there is no disk service: servers then take the flavor's own disk. */
  types: VolumeType[] | null;
  room: Room;
  rules: Rules;
};

export async function readChoices(ctx: Pick<CommandContext, 'cloud' | 'project' | 'flavors'>): Promise<Choices> {
  const [cloud, project] = await Promise.all([ctx.cloud(), ctx.project()]);
  const [flavors, images, networks, keys, zones, types, room] = await Promise.all([
    ctx.flavors.of(cloud),
    bootableImages(cloud),
    networksForServers(cloud),
    keyChoices(cloud),
    zoneChoices(cloud),
    diskTypes(cloud),
    readRoom(cloud),
  ]);
  return { cloud, project, flavors, images, networks, keys, zones, types, room, rules: rulesOf(cloud) };
}

function rulesOf({ profile: { plainServerNames, largestBootDiskGiB } }: Cloud): Rules {
  return { plainServerNames, largestBootDiskGiB };
}

export async function bootableImages(cloud: Cloud): Promise<Image[]> {
  const all = await readAllPages((marker) =>
    listImages(cloud, { bootable: true, ...(marker !== undefined && { marker }) }),
  );
  return all.filter(isBootable).toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Why an image that was named is not among the bootable ones, as a sentence; null: there is none of that name or id. */
export async function unusableImage(cloud: Cloud, wanted: string): Promise<string | null> {
  const all = await readAllPages((marker) => listImages(cloud, marker === undefined ? {} : { marker }));
  const found = all.find(({ id, name }) => id === wanted || name === wanted);
  if (!found || isBootable(found)) return null;
  const state = found.registered ? found.status : 'not registered';
  return `${shortName(found.name)} cannot be used now: it is ${shortName(state)}. Choose another image.`;
}

/** What only leads outside is for floating addresses. */
export async function networksForServers(cloud: Cloud): Promise<Network[]> {
  const all = await readAllPages((marker) => listNetworks(cloud, marker === undefined ? {} : { marker }));
  return all.filter(({ external }) => !external).toSorted((a, b) => a.name.localeCompare(b.name));
}

export async function keyChoices(cloud: Cloud): Promise<Choices['keys']> {
  return (await listKeyPairs(cloud))
    .map(({ name }) => ({ id: name, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

export async function zoneChoices(cloud: Cloud): Promise<Choices['zones']> {
  return (await listZones(cloud)).map((zone) => ({ ...zone, id: zone.name }));
}

/** Null where there is no disk service. */
export async function diskTypes(cloud: Cloud): Promise<VolumeType[] | null> {
  return whereOffered(listVolumeTypes(cloud));
}

async function whereOffered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError && error.code === 'unsupported') return null;
    throw error;
  }
}

/** A quota that cannot be read is left to the cloud to enforce. */
async function readRoom(cloud: Cloud): Promise<Room> {
  const [compute, disks] = await Promise.all([
    whereTold(showLimits(cloud)),
    whereTold(whereOffered(showVolumeLimits(cloud))),
  ]);
  return {
    servers: left(compute?.servers),
    cores: left(compute?.cores),
    ramMiB: left(compute?.ramMiB),
    disks: left(disks?.volumes),
    gigabytes: left(disks?.gigabytes),
  };
}

async function whereTold<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isCloudError(error) && error.kind !== 'unauthorized') return null;
    throw error;
  }
}

function left(allowance: Allowance | undefined): number | null {
  if (!allowance || allowance.max === null || allowance.used === null) return null;
  return allowance.max - allowance.used;
}

export function flavorFacts({ id, name, vcpus, ramMiB, diskGiB }: Flavor): FlavorFacts {
  return { id, name, vcpus, ramMiB, diskGiB };
}

const GIB = 1024 ** 3;

/** What lies on a disk may need more room than the image says. */
export function imageFacts({ id, name, minDiskGiB, minRamMiB, sizeBytes, diskFormat }: Image): ImageFacts {
  // Of a compressed format the size says nothing about the disk.
  const sizeGiB = diskFormat === 'raw' ? Math.ceil((sizeBytes ?? 0) / GIB) : 0;
  return { id, name, minDiskGiB, minRamMiB, sizeGiB };
}
