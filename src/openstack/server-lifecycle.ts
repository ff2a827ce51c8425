// The beginning and the end of a server, and its name in between.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { correlationMetadata, isMadeBy } from './correlation.ts';
import { CloudError, isAmbiguous } from './errors.ts';
import { object, text } from './json.ts';
import { segment } from './path.ts';
import type { Profile } from './profile.ts';
import { held } from './read.ts';
import { Secret } from './secret.ts';
import type { Server } from './server.ts';
import { listServers } from './servers.ts';

/** What to create. Nothing is checked here: the cloud refuses with `bad_request`, `quota` or `conflict`. */
export type NewServer = {
  name: string;
  flavorId: string;
  imageId: string;
  /** A volume made from the image. Null: the flavor's own disk, where the cloud has such. */
  bootDisk: { sizeGiB: number; type: string | null; deleteWithServer: boolean } | null;
  /** OTC and Huawei want at least one; without any, Nova takes the project's network if there is only one. */
  nics: ({ networkId: string } | { portId: string })[];
  keyName: string | null;
  zone: string | null;
  /** Names or ids; none: the project's default group. */
  securityGroups?: string[];
  /** Ours: the same for every try of the same order, another for every other order. */
  correlation: string;
};

export type CreatedServer = {
  id: string;
  requestId: string | null;
  /** For the requester alone, and never again: null when the cloud gave none or its answer was lost. */
  adminPass: Secret | null;
};

/**
 * POST /servers (ecs-api B.5); the server is then in BUILD, and may end in ERROR, which its record of actions need not
 * tell. Nova counts only servers that have a place: of several orders at once more are taken than the quota allows, and
 * end in ERROR, perhaps all of them. When the answer is lost it looks for the server it may have made. Throws CloudError;
 * after an ambiguous one (`isAmbiguous`) call `findCreatedServer` before trying again: the cloud may still be working on
 * the first try.
 */
export async function createServer(cloud: Cloud, order: NewServer): Promise<CreatedServer> {
  const request = createServerRequest(order, cloud.profile);
  try {
    const answer = await cloud.call(request);
    const wire = object(object(answer.body)['server']);
    const id = held(text(wire['id']), { request, answer, name: 'server' });
    const adminPass = text(wire['adminPass']);
    return { id, requestId: answer.requestId, adminPass: adminPass === null ? null : new Secret(adminPass) };
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    return afterLostAnswer(cloud, order, error);
  }
}

async function afterLostAnswer(cloud: Cloud, order: NewServer, error: unknown): Promise<CreatedServer> {
  // A cloud that cannot even list says nothing new: the first failure is the one to tell.
  const made = await findCreatedServer(cloud, order).catch(() => null);
  if (made === null) throw error;
  const requestId = error instanceof CloudError ? error.requestId : null;
  return { id: made.id, adminPass: null, requestId };
}

export function createServerRequest(order: NewServer, profile: Profile): CloudRequest {
  const { name, flavorId, imageId, bootDisk, nics, keyName, zone, securityGroups = [], correlation } = order;
  const typeSince = bootDisk === null || bootDisk.type === null ? null : profile.bootDiskTypeSince;
  const server = {
    name,
    flavorRef: flavorId,
    ...(bootDisk === null ? { imageRef: imageId } : { block_device_mapping_v2: [toDevice(imageId, bootDisk)] }),
    ...(nics.length > 0 && { networks: nics.map(toNetwork) }),
    ...(keyName !== null && { key_name: keyName }),
    ...(zone !== null && { availability_zone: zone }),
    ...(securityGroups.length > 0 && { security_groups: securityGroups.map((group) => ({ name: group })) }),
    metadata: correlationMetadata(correlation),
  };
  const microversion = typeSince === null ? {} : { microversion: { least: typeSince, most: typeSince } };
  return { service: 'compute', method: 'POST', path: '/servers', body: { server }, ...microversion };
}

function toDevice(imageId: string, disk: NonNullable<NewServer['bootDisk']>): Record<string, unknown> {
  return {
    boot_index: 0,
    source_type: 'image',
    uuid: imageId,
    destination_type: 'volume',
    volume_size: disk.sizeGiB,
    ...(disk.type !== null && { volume_type: disk.type }),
    delete_on_termination: disk.deleteWithServer,
  };
}

function toNetwork(nic: NewServer['nics'][number]): Record<string, unknown> {
  return 'portId' in nic ? { port: nic.portId } : { uuid: nic.networkId };
}

/** The server that this order made, if the cloud shows one. GET /servers/detail (ecs-api B.2). Throws CloudError. */
export async function findCreatedServer(
  cloud: Cloud,
  order: Pick<NewServer, 'name' | 'correlation'>,
): Promise<Server | null> {
  const { servers } = await listServers(cloud, { name: order.name, limit: 1000 });
  return servers.find((server) => isMadeBy(server.metadata, order.correlation)) ?? null;
}

/** `step`: Nova's task, e.g. `scheduling`, `networking`, `block_device_mapping`, `spawning`; null: between two. */
export type CreationProgress =
  | { kind: 'building'; step: string | null }
  | { kind: 'ready' }
  | { kind: 'failed'; message: string };

/** How far a new server has come. A server in ERROR stays until somebody deletes it, and counts against the quota. */
export function readProgress(server: Server): CreationProgress {
  if (server.status === 'ERROR') return { kind: 'failed', message: server.fault?.message.trim() ?? '' };
  const building = server.status === 'BUILD' || (server.vmState === 'building' && server.launchedAt === null);
  return building ? { kind: 'building', step: server.taskState } : { kind: 'ready' };
}

/**
 * PUT /servers/{id} (ecs-api B.6). The name inside the guest stays. Taken, but perhaps lost, before the server has a place.
 * Throws CloudError.
 */
export async function renameServer(cloud: Cloud, id: string, name: string): Promise<Accepted> {
  return accepted(await cloud.call(renameServerRequest(id, name)));
}

export function renameServerRequest(id: string, name: string): CloudRequest {
  return { service: 'compute', method: 'PUT', path: `/servers/${segment(id)}`, body: { server: { name } } };
}

/**
 * DELETE /servers/{id} (ecs-api B.6): in any state, again and again, until it is gone. Disks without “delete with the
 * server” stay. Throws CloudError: `not_found` once it is gone, `conflict` while it is locked.
 */
export async function deleteServer(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(deleteServerRequest(id)));
}

export function deleteServerRequest(id: string): CloudRequest {
  return { service: 'compute', method: 'DELETE', path: `/servers/${segment(id)}` };
}
