// What can go wrong at the identity provider, without anything secret: the library's own errors carry tokens in `cause`.
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

/**
 * `denied`: the person or the provider said no on the way; `invalid_grant`: a code or refresh token is used up, revoked
 * or expired; `unavailable`: no answer, may be tried again; `refused`: the provider does not accept us (client id,
 * secret, redirect address); `bad_answer`: it answered something we must not trust; `misconfigured`: our own settings.
 */
export type OidcErrorCode = 'denied' | 'invalid_grant' | 'unavailable' | 'refused' | 'bad_answer' | 'misconfigured';

/** `reason` is the provider's or library's short code, e.g. `access_denied`, safe to show and to log. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly code: OidcErrorCode;
  readonly reason: string | null;

  constructor(code: OidcErrorCode, message: string, reason: string | null = null) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** Codes are tokens of the protocol (RFC 6749 5.2); anything longer or stranger is not shown. */
const SHORT_CODE = /^[\w.-]{1,64}$/;
/** Provider errors that pass by themselves (RFC 6749 4.1.2.1). */
const PASSING = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);
const NO_ANSWER = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);
const NOT_CONFORM = 'OAUTH_RESPONSE_IS_NOT_CONFORM';

export function toOidcError(error: unknown): OidcError {
  if (error instanceof OidcError) return error;
  if (error instanceof AuthorizationResponseError) return fromRedirect(error);
  if (error instanceof ResponseBodyError) return fromBody(error);
  if (error instanceof WWWAuthenticateChallengeError) return fromChallenge(error);
  if (error instanceof ClientError) return fromLibrary(error);
  // fetch throws a TypeError when there is no connection.
  if (error instanceof TypeError) return new OidcError('unavailable', 'the identity provider cannot be reached');
  return new OidcError('bad_answer', 'the identity provider answered something unexpected');
}

function fromRedirect({ error }: AuthorizationResponseError): OidcError {
  const code = PASSING.has(error) ? 'unavailable' : 'denied';
  return new OidcError(code, 'the identity provider ended the sign-in', short(error));
}

function fromBody({ error, status }: ResponseBodyError): OidcError {
  const reason = short(error);
  if (error === 'invalid_grant') return new OidcError('invalid_grant', 'the grant is no longer accepted', reason);
  if (status >= 500 || status === 429 || PASSING.has(error)) {
    return new OidcError('unavailable', 'the identity provider has trouble', reason);
  }
  return new OidcError('refused', 'the identity provider refused the request', reason);
}

/** RFC 6749 5.2: a client that tried HTTP Basic in vain is told so by a challenge instead of a body. */
function fromChallenge({ cause }: WWWAuthenticateChallengeError): OidcError {
  const reason = short(cause[0]?.parameters.error) ?? 'invalid_client';
  return new OidcError('refused', 'the identity provider refused the request', reason);
}

function fromLibrary(error: ClientError): OidcError {
  const reason = short(error.code);
  if (NO_ANSWER.has(error.code ?? '')) {
    return new OidcError('unavailable', 'the identity provider did not answer in time', reason);
  }
  if (error.code === NOT_CONFORM && isPassingStatus(error.cause)) {
    return new OidcError('unavailable', 'the identity provider has trouble', reason);
  }
  return new OidcError('bad_answer', 'the identity provider answered something that cannot be trusted', reason);
}

function isPassingStatus(cause: unknown): boolean {
  return cause instanceof Response && (cause.status >= 500 || cause.status === 429);
}

function short(code: string | undefined): string | null {
  return code !== undefined && SHORT_CODE.test(code) ? code : null;
}
