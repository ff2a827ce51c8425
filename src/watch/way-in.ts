// What a failed attempt to look means: this person has no way in as things are, or it is only not possible just now.
import { UserError } from '../errors.ts';
import { isCloudError, type CloudError } from '../openstack/errors.ts';

/** This person cannot get in as things are: no sign-in, no role, or the cloud no longer takes the token. */
export function isNoWayIn(error: unknown): boolean {
  if (error instanceof UserError) return error.code !== 'unavailable' && error.code !== 'busy';
  return isCloudError(error) && ['unauthorized', 'mfa_required', 'forbidden'].includes(error.kind);
}

/** Nothing wrong with us or the person: the way to the cloud, or the cloud. */
export function isAway(error: unknown): error is UserError | CloudError {
  return !isNoWayIn(error) && (error instanceof UserError || isCloudError(error));
}
