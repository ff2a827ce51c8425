// What a server could be resized to as things are: every flavor that would pass the preflight of a request for it.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Flavor } from '../openstack/flavors.ts';
import { showLimits } from '../openstack/limits.ts';
import { currentFlavor } from './look.ts';
import { offeredFlavors } from './offered.ts';
import { makePlan, type Project, type ServerSeen } from './plan.ts';
import { preflight } from './preflight.ts';

export type TargetsOf = { server: ServerSeen; project: Project; among: readonly Flavor[] };

/** In the order of `among`. Throws UserError `wrong_state` for a server that cannot be resized at all now; and CloudError. */
export async function possibleTargets(cloud: Cloud, { server, project, among }: TargetsOf): Promise<Flavor[]> {
  const [limits, offered, from] = await Promise.all([
    showLimits(cloud),
    offeredFlavors(cloud, server.id),
    currentFlavor(cloud, server, [...among]),
  ]);
  return among.filter((to) => {
    const plan = makePlan({ project, region: cloud.region, server, from, to, backend: cloud.profile.resizeBackend });
    const { objection } = preflight({ plan, server, targetDisabled: to.disabled, limits, offered });
    if (objection?.code === 'wrong_state') throw new UserError(objection.code, objection.sentence);
    return objection === null;
  });
}
