// A flavor's name or id → the flavor, from a list that is remembered for a short while per project.
import type { Now } from '../../clock.ts';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { type Flavor, listAllFlavors, showFlavor } from '../../openstack/flavors.ts';
import type { Server } from '../../openstack/server.ts';
import { unlessUnknown } from './by-id.ts';
import { findNamed } from './named.ts';

export type FlavorCache = {
  /** All flavors the project sees, smallest first; a cloud request only when the last answer is older than KEEP_MS. */
  of(cloud: Cloud): Promise<Flavor[]>;
};

/** Flavors change by the week; a flavor that is new is found after this at the latest. */
const KEEP_MS = 5 * 60_000;
const MOST_PROJECTS = 500;

type Kept = { at: number; flavors: Promise<Flavor[]> };

/** Shared by everybody in a project: which flavors there are is the project's matter, not the person's. */
export function createFlavorCache({ now }: { now: Now }): FlavorCache {
  const kept = new Map<string, Kept>();
  return {
    of(cloud) {
      const key = `${cloud.projectId} ${cloud.region ?? ''}`;
      const known = kept.get(key);
      if (known && now() - known.at < KEEP_MS) return known.flavors;
      const flavors = listAllFlavors(cloud).then((all) => all.toSorted(bySize));
      kept.delete(key);
      kept.set(key, { at: now(), flavors });
      flavors.catch(() => kept.delete(key));
      const [oldest] = kept.keys();
      if (kept.size > MOST_PROJECTS && oldest !== undefined) kept.delete(oldest);
      return flavors;
    },
  };
}

/** One of these, by id or name. Throws UserError `not_found` with the nearest names, `ambiguous` with the ids. */
export function findFlavor(flavors: readonly Flavor[], wanted: string): Flavor {
  return findNamed(flavors, wanted, { one: 'flavor', list: 'flavors', about: 'flavor' });
}

/** The same among all that the project sees; a disabled one is not listed but shown, so that it can be said to be disabled. */
export async function flavorNamed(
  wanted: string,
  { cloud, cache }: { cloud: Cloud; cache: FlavorCache },
): Promise<Flavor> {
  const flavors = await cache.of(cloud);
  try {
    return findFlavor(flavors, wanted);
  } catch (error) {
    const unknown = error instanceof UserError && error.code === 'not_found';
    const unlisted = unknown ? await unlessUnknown(showFlavor(cloud, wanted)) : null;
    if (unlisted) return unlisted;
    throw error;
  }
}

/** The flavor a server has; null when the cloud names it by an id it does not list any more. */
export function flavorOf(server: Server, flavors: readonly Flavor[]): Pick<Flavor, 'name' | 'vcpus' | 'ramMiB'> | null {
  const shown = server.flavor;
  if (!shown) return null;
  return 'id' in shown ? (flavors.find((flavor) => flavor.id === shown.id) ?? null) : shown;
}

/** Only a cloud below microversion 2.47 names a server's flavor by id, so only there the list is asked for. */
export async function flavorsFor(servers: readonly Server[], { cloud, cache }: { cloud: Cloud; cache: FlavorCache }) {
  return servers.some((server) => server.flavor !== null && 'id' in server.flavor) ? cache.of(cloud) : [];
}

function bySize(a: Flavor, b: Flavor): number {
  return a.vcpus - b.vcpus || a.ramMiB - b.ramMiB || a.diskGiB - b.diskGiB || a.name.localeCompare(b.name);
}
