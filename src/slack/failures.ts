// What a failed call to Slack means: come back later, refused for good, or nobody knows whether it happened.
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

export type Failure =
  /** Certainly not done; Slack wants no more calls of this method for a while. */
  | { kind: 'rate_limited'; afterMs: number }
  /** Certainly not done, for the reason that Slack names, e.g. `not_in_channel`. */
  | { kind: 'refused'; error: string }
  /** Certainly not done: no connection to Slack came about. */
  | { kind: 'unreached'; error: string }
  /** Timeout, lost connection, 5xx: it may have been done. */
  | { kind: 'unknown'; error: string };

/** Slack refused a response_url: used five times, older than 30 minutes, or gone with its message. */
export class ResponseUrlError extends Error {
  override readonly name = 'ResponseUrlError';
  readonly status: number;

  constructor(status: number) {
    super(`Slack refused the response_url (status ${status})`);
    this.status = status;
  }
}

/** Slack names no time with a 429 in a 200 answer (`{"ok":false,"error":"ratelimited"}`). */
const DEFAULT_RETRY_AFTER_MS = 5000;

/** Errors inside a 200 answer that say nothing about whether the call took effect. */
const OUTCOME_UNKNOWN = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** Node's and undici's codes for a connection that never stood. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const RATE_LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

export function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate_limited', afterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error);
  if (error instanceof ResponseUrlError) return { kind: 'refused', error: `response_url_${error.status}` };
  if (error instanceof WebAPIHTTPError && error.statusCode < 500)
    return { kind: 'refused', error: `http_${error.statusCode}` };
  const code = codeOf(error);
  if (code !== null && NO_CONNECTION.has(code)) return { kind: 'unreached', error: code };
  return { kind: 'unknown', error: code ?? 'no_answer' };
}

/** The client wraps what fetch threw, which wraps what the socket said. */
function codeOf(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at instanceof WebAPIRequestError ? at.original : at.cause) {
    if (!(at instanceof WebAPIRequestError) && 'code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}

function platformFailure(error: string): Failure {
  if (RATE_LIMITED.has(error)) return { kind: 'rate_limited', afterMs: DEFAULT_RETRY_AFTER_MS };
  // A body that is not JSON arrives here as the "error": a proxy's page, cut so that it can be logged.
  if (OUTCOME_UNKNOWN.has(error) || !/^[a-z0-9_:.-]+$/i.test(error))
    return { kind: 'unknown', error: error.slice(0, 60) };
  return { kind: 'refused', error };
}
