// A flavor's name or id → the flavor, from a list that is remembered for a short while per project.
import type { Cloud } from '../openstack/cloud.ts';
import type { Flavor } from '../openstack/flavors.ts';

export type FlavorCache = {
  /** All flavors the project sees, smallest first; one cloud request when the last answer is older than a few minutes. */
  of(cloud: Cloud): Promise<Flavor[]>;
};
