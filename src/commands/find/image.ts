// An image's name or id → its id.
import type { Cloud } from '../../openstack/cloud.ts';
import { listImages } from '../../openstack/images.ts';
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
