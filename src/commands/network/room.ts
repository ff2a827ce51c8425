// Whether the project may have more networks, subnets or ports, asked before anything is made.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { type NetworkLimits, showNetworkLimits } from '../../openstack/networks.ts';

/** Throws UserError `quota`. Where the cloud does not say what is used, it will refuse itself. */
export async function refuseWithoutRoom(cloud: Cloud, things: readonly (keyof NetworkLimits)[]): Promise<void> {
  const limits = await limitsIfTold(cloud);
  for (const thing of things) {
    const { used, max } = limits?.[thing] ?? { used: null, max: null };
    if (used === null || max === null || used < max) continue;
    throw new UserError(
      'quota',
      `The project may have no more ${thing} (${used} of ${max}). Remove one, or have the quota raised.`,
    );
  }
}

/** Some clouds let only administrators look at quotas. */
async function limitsIfTold(cloud: Cloud): Promise<NetworkLimits | null> {
  try {
    return await showNetworkLimits(cloud);
  } catch (error) {
    if (isCloudError(error, 'forbidden') || isCloudError(error, 'not_found')) return null;
    throw error;
  }
}
