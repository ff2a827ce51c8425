// The sentences of sign-in that people read in Slack.
import { UserError } from '../errors.ts';
import { isCloudError } from '../openstack/errors.ts';
import { OidcError } from './oidc-error.ts';

export type Words = ReturnType<typeof createWords>;

/** `command` is SLACK_COMMAND, e.g. `/ecs`. */
export function createWords(command: string) {
  const login = `“${command} login”`;
  return {
    notSignedIn: () => new UserError('not_signed_in', `You are not signed in to the cloud. Type ${login} first.`),

    ended: () =>
      new UserError(
        'not_signed_in',
        `Your sign-in to the cloud has ended and could not be renewed. Type ${login} to sign in again.`,
      ),

    notAccepted: (cause: unknown) =>
      new UserError(
        'not_signed_in',
        `The cloud does not accept your sign-in at the moment. Type ${login} to sign in again; if that fails too, ask the cloud's administrator.`,
        { cause },
      ),

    /** `unavailable`: the sign-in is good again once that is mended. */
    providerUnknown: (cause: unknown) =>
      new UserError(
        'unavailable',
        "The cloud does not know the identity provider you signed in with any more. Tell this bot's operator; nothing is lost meanwhile.",
        { cause },
      ),

    signedOutMeanwhile: () =>
      new UserError(
        'not_signed_in',
        `Your sign-in to the cloud was ended or replaced meanwhile. Type ${login}, then try again.`,
      ),

    noRole: (project: string) =>
      new UserError(
        'not_allowed',
        `You have no role in the project ${project} (any more), or it is gone. Choose another with “${command} project”, or ask the project's owner.`,
      ),

    noProjectChosen: () =>
      new UserError(
        'bad_usage',
        `Several projects are open to you and none is chosen. Choose one with “${command} project”.`,
      ),

    noProjects: () =>
      new UserError(
        'not_allowed',
        'Your account has no role in any project of the cloud. Ask its administrator for one.',
      ),

    unknownProject: (project: string) =>
      new UserError('not_found', `There is no project ${project} among yours. See them with “${command} project”.`),

    noIdentityProvider: () =>
      new UserError(
        'unsupported',
        `No identity provider is set up here. Type “${command} login --application-credential” instead, or ask the operator.`,
      ),

    noApplicationCredentials: () =>
      new UserError('unsupported', `This cloud has no application credentials. Type ${login} instead.`),

    nothingWaiting: () =>
      new UserError(
        'sign_in_failed',
        `No sign-in of yours is waiting for a code. Type ${login} and open the link first.`,
      ),

    codeExpired: () => new UserError('expired', `That code has expired. Type ${login} for a new link.`),

    wrongCode: (triesLeft: number) =>
      new UserError(
        'sign_in_failed',
        `That is not the code of your sign-in page; it looks like 123-456. You have ${triesLeft === 1 ? 'one try' : `${triesLeft} tries`} left.`,
      ),

    noTriesLeft: () =>
      new UserError(
        'sign_in_failed',
        `That was the wrong code too often, so the sign-in was dropped. Type ${login} for a new link.`,
      ),

    codeUsed: () => new UserError('already_done', `That sign-in is over already. Type ${login} to sign in again.`),

    /** Refusals as ecs-api A.7 and Keystone have them; Keystone does not tell a wrong secret from an expired credential. */
    credentialRefused(error: unknown): UserError | null {
      if (isCloudError(error, 'not_found')) return refusal(CREDENTIAL_GONE, error);
      if (isCloudError(error, 'unauthorized')) return refusal(CREDENTIAL_WRONG, error);
      if (isCloudError(error, 'bad_request')) return refusal(CREDENTIAL_MALFORMED, error);
      if (isCloudError(error, 'forbidden')) return refusal(CREDENTIAL_FORBIDDEN, error);
      return null;
    },

    /** The same while a sign-in is renewed. */
    credentialEnded: (error: unknown) =>
      new UserError(
        'not_signed_in',
        isCloudError(error, 'not_found')
          ? `The application credential you signed in with has been deleted. Create another, then type “${command} login --application-credential”.`
          : `The cloud no longer accepts the application credential you signed in with: it has expired, your account is disabled, or you have not signed in to the cloud by your identity provider for too long. Create another, then type “${command} login --application-credential”.`,
        { cause: error },
      ),

    /** `unavailable` throughout: work that waits may go on once the provider works again. */
    fromProvider(error: unknown): unknown {
      if (!(error instanceof OidcError)) return error;
      const sentence =
        error.code === 'unavailable'
          ? 'The identity provider does not answer. Try again in a few minutes.'
          : `The identity provider does not accept this bot${reasonOf(error)}. Tell its operator.`;
      return new UserError('unavailable', sentence, { cause: error });
    },
  };
}

const CREDENTIAL_GONE =
  'The cloud knows no application credential with this ID: it was deleted or the ID is mistyped. Check it, or create another.';
const CREDENTIAL_WRONG =
  'The cloud does not accept this application credential: the secret is wrong, the credential has expired, its owner is disabled or has not signed in by their identity provider for too long. Check the secret, or create another.';
const CREDENTIAL_MALFORMED =
  'The cloud could not read this application credential. Copy ID and secret again, without anything around them.';
const CREDENTIAL_FORBIDDEN =
  'The cloud does not allow this application credential to sign in. Create one with the roles member and reader.';

function refusal(sentence: string, cause: unknown): UserError {
  return new UserError('sign_in_failed', sentence, { cause });
}

function reasonOf({ reason }: OidcError): string {
  return reason === null ? '' : ` (${reason})`;
}
