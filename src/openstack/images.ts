// Images: what a server boots from (Glance, IMS).
import type { Cloud, CloudRequest } from './cloud.ts';
import { boolean, instant, number, object, text, texts } from './json.ts';
import { segment } from './path.ts';
import type { Profile } from './profile.ts';
import { held, readPage, toQuery, type Page } from './read.ts';

/** Always sent: IMS's own default is 25. */
const LARGEST_PAGE = 1000;

/** Times are ms since the epoch. */
export type Image = {
  id: string;
  name: string;
  /** Glance's word, lower case, e.g. `active`, `queued`, `deactivated`; may be one we do not know. */
  status: string;
  /** `public`, `private`, `shared`, `community`. */
  visibility: string | null;
  /** What a disk made from it must hold at least. */
  minDiskGiB: number;
  minRamMiB: number;
  /** Null while it is still being filled. */
  sizeBytes: number | null;
  diskFormat: string | null;
  /** Readable, e.g. `debian`, `CentOS 7.3 64bit`; null where the cloud does not say. */
  system: string | null;
  owner: string | null;
  createdAt: number | null;
  updatedAt: number | null;
  tags: string[];
  /** False only on OTC and Huawei, for images that cannot be booted. */
  registered: boolean;
};

export type ImageFilter = {
  /** The whole name, exactly. */
  name?: string;
  status?: string;
  visibility?: 'public' | 'private' | 'shared' | 'community' | 'all';
  /** Only what a server can be made from now. */
  bootable?: boolean;
  /** OTC and Huawei only, left out elsewhere: provided by the cloud, one's own, or given by others. */
  kind?: 'gold' | 'private' | 'shared';
  limit?: number;
  /** Id of the last image seen. */
  marker?: string;
};

/** One page. GET /v2/images (ecs-api D.2). Throws CloudError. */
export async function listImages(cloud: Cloud, filter: ImageFilter = {}): Promise<Page<Image>> {
  const page = await readPage(cloud, listImagesRequest(filter, cloud.profile), { name: 'images', parse: parseImage });
  return filter.bootable === true ? { ...page, items: page.items.filter(isBootable) } : page;
}

export function listImagesRequest(filter: ImageFilter, profile: Profile): CloudRequest {
  const { name, visibility, bootable = false, limit = LARGEST_PAGE, marker } = filter;
  const status = bootable ? 'active' : filter.status;
  const kinds = profile.imageKinds
    ? toQuery({ __imagetype: filter.kind, __isregistered: bootable ? 'true' : undefined })
    : [];
  const query = [...toQuery({ name, status, visibility, limit, marker }), ...kinds];
  return { service: 'image', method: 'GET', path: '/images', query };
}

/** Whether a server can be made from it now. */
export function isBootable(image: Image): boolean {
  return image.status === 'active' && image.registered;
}

/** For an image that is only mentioned: nobody waits long for its name. */
export const IN_PASSING = { timeoutMs: 2_000, repeats: 0 };

/** GET /v2/images/{id} (ecs-api D.2), answered without a wrapper. Throws CloudError, `not_found`. */
export async function showImage(
  cloud: Cloud,
  id: string,
  patience: Pick<CloudRequest, 'timeoutMs' | 'repeats'> = {},
): Promise<Image> {
  const request: CloudRequest = { service: 'image', method: 'GET', path: `/images/${segment(id)}`, ...patience };
  const answer = await cloud.call(request);
  return held(parseImage(answer.body), { request, answer, name: 'image' });
}

/** Null only for a record without an id. */
function parseImage(value: unknown): Image | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? id,
    status: text(wire['status'])?.toLowerCase() ?? 'unknown',
    visibility: text(wire['visibility']),
    minDiskGiB: number(wire['min_disk']) ?? 0,
    minRamMiB: number(wire['min_ram']) ?? 0,
    sizeBytes: number(wire['size']),
    diskFormat: text(wire['disk_format']),
    system: text(wire['__os_version']) ?? text(wire['__platform']) ?? text(wire['os_distro']),
    owner: text(wire['owner']),
    createdAt: instant(wire['created_at']),
    updatedAt: instant(wire['updated_at']),
    tags: texts(wire['tags']),
    registered: boolean(wire['__isregistered']) ?? true,
  };
}
