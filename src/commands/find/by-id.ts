// What somebody typed, taken for an id: what looks like one, and what the cloud says when it is none.
import { isCloudError } from '../../openstack/errors.ts';

/** As Nova, Cinder and Glance make them, with or without hyphens. A thing may all the same be named like one. */
export const ID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Null: unknown, or in another project. Throws CloudError. */
export async function unlessUnknown<T>(shown: Promise<T>): Promise<T | null> {
  try {
    return await shown;
  } catch (error) {
    // Some clouds refuse what does not look like an id of theirs.
    if (isCloudError(error, 'not_found') || isCloudError(error, 'bad_request')) return null;
    throw error;
  }
}
