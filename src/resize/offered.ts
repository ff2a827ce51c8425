// What the cloud itself says a server can become, where it says so.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import type { Flavor } from '../openstack/flavors.ts';
import { listResizeFlavors } from '../openstack/native.ts';

/** Null: it does not say, or not to this person; then the resize itself will tell. Throws CloudError. */
export async function offeredFlavors(cloud: Cloud, serverId: string): Promise<Flavor[] | null> {
  try {
    return await listResizeFlavors(cloud, serverId);
  } catch (error) {
    const silent = error instanceof UserError && error.code === 'unsupported';
    if (silent || isCloudError(error, 'forbidden')) return null;
    throw error;
  }
}
