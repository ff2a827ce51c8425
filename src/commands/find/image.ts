// An image's name or id → its id; and back, for cards that mention it.
import type { Now } from '../../clock.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { IN_PASSING, listImages, showImage } from '../../openstack/images.ts';
import { readAllPages } from '../../openstack/read.ts';
import { findNamed } from './named.ts';

/** Ids of images have this form in every cloud. */
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id is taken as it is: servers outlive the images they were made from. Throws UserError `not_found`, `ambiguous`. */
export async function imageIdOf(cloud: Cloud, wanted: string): Promise<string> {
  if (ID.test(wanted)) return wanted;
  const all = await readAllPages((marker) => listImages(cloud, marker === undefined ? {} : { marker }));
  return findNamed(all, wanted, { one: 'image', list: 'images' }).id;
}

export type ImageNames = {
  /** Null where it cannot be told. A cloud request only when it is not remembered. Never throws. */
  of(cloud: Cloud, id: string): Promise<string | null>;
};

/** Images are hardly ever renamed. */
const KEEP_MS = 3_600_000;
/** An image service that is away must not slow down every look at a server. */
const KEEP_NOTHING_MS = 60_000;
const MOST_IMAGES = 2_000;

type Kept = { until: number; name: Promise<string | null> };

/** Per project: who sees an image is a matter of the project. */
export function createImageNames({ now }: { now: Now }): ImageNames {
  const kept = new Map<string, Kept>();

  async function read(cloud: Cloud, id: string, entry: Pick<Kept, 'until'>): Promise<string | null> {
    try {
      return (await showImage(cloud, id, IN_PASSING)).name || null;
    } catch {
      entry.until = now() + KEEP_NOTHING_MS;
      return null;
    }
  }

  return {
    of(cloud, id) {
      const key = `${cloud.projectId} ${cloud.region ?? ''} ${id}`;
      const known = kept.get(key);
      if (known && now() < known.until) return known.name;
      const entry = { until: now() + KEEP_MS };
      const name = read(cloud, id, entry);
      kept.delete(key);
      kept.set(key, Object.assign(entry, { name }));
      const [oldest] = kept.keys();
      if (kept.size > MOST_IMAGES && oldest !== undefined) kept.delete(oldest);
      return name;
    },
  };
}
