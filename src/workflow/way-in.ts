// The way into the cloud as some person, and what a failed attempt means: none as things are, or only not just now.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError, type CloudError } from '../openstack/errors.ts';
import type { Person } from '../slack/reply.ts';

/** Throws UserError: `not_signed_in`, `not_allowed`, `bad_usage` (no way in for this person), `unavailable`; or CloudError. */
export type CloudFor = (person: Person, projectId: string) => Promise<Cloud>;

/** This person cannot get in as things are: no sign-in, no role, or the cloud no longer takes the token. */
export function isNoWayIn(error: unknown): boolean {
  if (error instanceof UserError) return error.code !== 'unavailable' && error.code !== 'busy';
  return isCloudError(error) && ['unauthorized', 'mfa_required', 'forbidden'].includes(error.kind);
}

/** Who does not answer: the cloud, or the identity provider without which nobody gets in. */
export type Away = 'cloud' | 'provider';

export function whoIsAway(error: UserError | CloudError): Away {
  return error instanceof UserError ? 'provider' : 'cloud';
}

/** For a card; `since` as it is to be read. Records of older versions do not say who: it was the cloud. */
export function awaySentence(since: string, away: Away = 'cloud'): string {
  const who = away === 'cloud' ? 'The cloud' : 'The identity provider';
  return `${who} does not answer, since ${since}. Nothing is lost: it is asked again and again.`;
}

/** Nothing wrong with us or the person: the way to the cloud, or the cloud. */
export function isAway(error: unknown): error is UserError | CloudError {
  return !isNoWayIn(error) && (error instanceof UserError || isCloudError(error));
}
