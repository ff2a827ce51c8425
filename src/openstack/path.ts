// Ids that become part of a URL path.
import { UserError } from '../errors.ts';

/**
 * One path segment. Ids come from people: an empty one would turn `show` into a list, and a dot segment would walk up the
 * path, so both are refused (`not_found`).
 */
export function segment(id: string): string {
  if (/^\.{0,2}$/.test(id)) {
    throw new UserError('not_found', `“${id}” is not an id in this cloud. Give the full id or a name.`);
  }
  return encodeURIComponent(id);
}
