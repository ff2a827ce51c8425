// The ECS API of Huawei and OTC beside Nova: a resize as one job without a confirm step, and what a server can become.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudAnswer, CloudRequest } from './cloud.ts';
import { isCloudError } from './errors.ts';
import { parseFlavor, type Flavor } from './flavors.ts';
import { object, text } from './json.ts';
import { segment } from './path.ts';
import { held, readList } from './read.ts';

export type NativeResize = {
  flavorId: string;
  /** Huawei only: a running server is stopped for it. Without, it must be stopped before, else `conflict`. */
  stopFirst?: boolean;
};

export type JobAccepted = Accepted & { jobId: string };

/**
 * POST /v1/{project}/cloudservers/{id}/resize (ecs-api C.3); done, without a confirmation, when the job is. Throws CloudError:
 * `conflict` for the server's state or lock, `quota`, `bad_request` for the flavor.
 */
export async function nativeResize(cloud: Cloud, serverId: string, order: NativeResize): Promise<JobAccepted> {
  const request = nativeResizeRequest(serverId, order);
  const answer = await cloud.call(request);
  const jobId = held(text(object(answer.body)['job_id']), { request, answer, name: 'job_id' });
  return { ...accepted(answer), jobId };
}

export function nativeResizeRequest(serverId: string, order: NativeResize): CloudRequest {
  return resizeRequest(serverId, order, {});
}

/** The same checks without doing it (`dry_run`). Throws what `nativeResize` would throw. */
export async function tryNativeResize(cloud: Cloud, serverId: string, order: NativeResize): Promise<void> {
  await cloud.call(tryNativeResizeRequest(serverId, order));
}

export function tryNativeResizeRequest(serverId: string, order: NativeResize): CloudRequest {
  return resizeRequest(serverId, order, { dry_run: true });
}

function resizeRequest(serverId: string, order: NativeResize, extra: { dry_run?: true }): CloudRequest {
  const resize = { flavorRef: order.flavorId, ...(order.stopFirst === true && { mode: 'withStopServer' }) };
  const path = `/cloudservers/${segment(serverId)}/resize`;
  return { service: 'ecs', method: 'POST', path, body: { resize, ...extra } };
}

/**
 * The flavors a server can be resized to; they may be sold out all the same (`isOnSale`). Null: the cloud has no such list.
 * GET /v1/{project}/cloudservers/resize_flavors, or where that is unknown /v2.1/{project}/resize_flavors (ecs-api C.4).
 * Throws CloudError.
 */
export async function listResizeFlavors(cloud: Cloud, serverId: string): Promise<Flavor[] | null> {
  if (!cloud.profile.nativeApi) return null;
  const query: [string, string][] = [['instance_uuid', serverId]];
  const answer =
    (await callIfKnown(cloud, { service: 'ecs', method: 'GET', path: '/cloudservers/resize_flavors', query })) ??
    (await callIfKnown(cloud, { service: 'compute', method: 'GET', path: '/resize_flavors', query }));
  return answer === null ? null : readList(object(answer.body)['flavors'], parseFlavor);
}

async function callIfKnown(cloud: Cloud, request: CloudRequest): Promise<CloudAnswer | null> {
  try {
    return await cloud.call(request);
  } catch (error) {
    if (isUnknownAddress(error)) return null;
    throw error;
  }
}

/** The gateway knows no such address; what the service behind it does not know has a code of its own. */
export function isUnknownAddress(error: unknown): boolean {
  return isCloudError(error, 'not_found') && error.code?.startsWith('Ecs.') !== true;
}
