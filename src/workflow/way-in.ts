// The way into the cloud as some person, and what a failed attempt means: none as things are, or only not just now.
import { unreachable, UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError, type CloudError, type CloudErrorKind } from '../openstack/errors.ts';
import type { Person } from '../slack/reply.ts';

/** Throws UserError: `not_signed_in`, `not_allowed`, `bad_usage` (no way in for this person), `unavailable`; or CloudError. */
export type CloudFor = (person: Person, projectId: string) => Promise<Cloud>;

/** This person cannot get in as things are: no sign-in, no role, or the cloud no longer takes the token. */
export function isNoWayIn(error: unknown): boolean {
  if (error instanceof UserError) return error.code !== 'unavailable' && error.code !== 'busy';
  return isCloudError(error) && ['unauthorized', 'mfa_required', 'forbidden'].includes(error.kind);
}

/**
 * Who does not answer: the cloud, or the identity provider without which nobody gets in. `trust`: they do, and no longer
 * accept one another, or this bot; that is for the operator to mend. `answers`: the cloud does, with what is of no use.
 */
export type Away = 'cloud' | 'answers' | 'provider' | 'trust';

/** Said of a look that asks for nothing in particular, these say nothing about what was looked for. */
const NO_USE = new Set<CloudErrorKind>(['bad_request', 'not_found', 'unexpected']);

export function whoIsAway(error: UserError | CloudError): Away {
  if (!(error instanceof UserError)) return NO_USE.has(error.kind) ? 'answers' : 'cloud';
  return isAnswer(error.cause) ? 'trust' : 'provider';
}

/** What is behind a sign-in that cannot be renewed: a refusal by the cloud or the provider, or nobody's answer. */
function isAnswer(cause: unknown): boolean {
  return isCloudError(cause) || (cause instanceof Error && 'code' in cause && cause.code !== 'unavailable');
}

/** For a card, as mrkdwn; `since` as it is to be read. Records of older versions do not say who: it was the cloud. */
export function awaySentence(since: string, away: Away = 'cloud'): string {
  return `${awayWords(since, away)} Nothing is lost: it is asked again and again.`;
}

function awayWords(since: string, away: Away): string {
  switch (away) {
    case 'cloud':
      return `The cloud does not answer, since ${since}.`;
    case 'answers':
      return `The cloud answers, but not as it should, since ${since}. Tell this bot’s operator if it stays so.`;
    case 'provider':
      return `The identity provider does not answer, since ${since}.`;
    case 'trust':
      return `No sign-in can be renewed, since ${since}: the cloud, the identity provider and this bot do not accept one another as before. Tell this bot’s operator.`;
    default:
      return unreachable(away);
  }
}

/** Nothing wrong with us or the person: the way to the cloud, or the cloud. */
export function isAway(error: unknown): error is UserError | CloudError {
  return !isNoWayIn(error) && (error instanceof UserError || isCloudError(error));
}
