// One look at the cloud for one creation, as its requester, told in the words that `advance` understands.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import { findCreatedServer } from '../openstack/server-lifecycle.ts';
import { showServer } from '../openstack/servers.ts';
import { type Away, type CloudFor, isNoWayIn, whoIsAway } from '../workflow/way-in.ts';
import type { Observation } from './advance.ts';
import type { Creation } from './creation.ts';

export type NoWay = { kind: 'signed_out' } | { kind: 'other_region' } | { kind: 'away'; away: Away };

/** The requester's connection to where the server is to be. Throws CloudError. */
export async function wayIn(
  { requester, project, region }: Creation,
  cloudFor: CloudFor,
): Promise<{ cloud: Cloud } | NoWay> {
  try {
    const cloud = await cloudFor(requester, project.id);
    return cloud.region === region ? { cloud } : { kind: 'other_region' };
  } catch (error) {
    if (isNoWayIn(error)) return { kind: 'signed_out' };
    if (error instanceof UserError) return { kind: 'away', away: whoIsAway(error) };
    throw error;
  }
}

/** What a cloud or a sign-in can do is an observation; only a bug, or Redis being away, is thrown. */
export async function lookAt(
  creation: Creation,
  by: 'id' | 'mark',
  { cloudFor, now }: { cloudFor: CloudFor; now: () => number },
): Promise<Observation> {
  const at = now();
  try {
    const way = await wayIn(creation, cloudFor);
    if ('kind' in way) return way.kind === 'away' ? { ...way, at, retryAfterMs: null } : { ...way, at };
    const server = await find(way.cloud, creation, by);
    return server ? { kind: 'server', at, server, listed: by === 'mark' } : { kind: 'missing', at };
  } catch (error) {
    if (!isCloudError(error)) throw error;
    if (isNoWayIn(error)) return { kind: 'signed_out', at };
    return { kind: 'away', at, away: whoIsAway(error), retryAfterMs: error.retryAfterMs };
  }
}

async function find(cloud: Cloud, { server, spec, correlation }: Creation, by: 'id' | 'mark') {
  if (by === 'mark' || !server) return findCreatedServer(cloud, { name: spec.name, correlation });
  try {
    return await showServer(cloud, server.id);
  } catch (error) {
    if (isCloudError(error, 'not_found')) return null;
    throw error;
  }
}
