// Whether a failed call is made again, and when. Pure.
import { CloudError } from './errors.ts';
import type { HttpCall } from './http.ts';

export type Attempt = {
  /** 0 for the first. */
  number: number;
  /** Since the first one began. */
  spentMs: number;
  /** 0 … 1. */
  random: number;
};

const MOST_REPEATS = 2;

/** People wait for most of these calls: no repeat begins later than this after the start. */
const BUDGET_MS = 20_000;

/** First wait; doubled for each further one, then cut by up to a half so that many clients do not come back at once. */
const FIRST_WAIT_MS = 1000;

/** Added to what a service asks for, for the same reason. */
const SPREAD_MS = 500;

const WORTH_REPEATING = new Set(['throttled', 'unavailable', 'network', 'timeout']);

/** What a dead kept connection looks like: the other side had closed it before our request arrived. */
const RESET_CODES = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']);

/**
 * Ms to wait before the next attempt, or null: give up. Calls that change something are repeated only when they
 * certainly never left, the rest is for whoever can look at the server first.
 */
export function nextWait(call: HttpCall, error: unknown, attempt: Attempt): number | null {
  if (!(error instanceof CloudError) || attempt.number >= (call.repeats ?? MOST_REPEATS)) return null;
  const wait = mayRepeat(call, error, attempt) ? waitFor(error, attempt) : null;
  return wait !== null && attempt.spentMs + wait <= BUDGET_MS ? wait : null;
}

function mayRepeat(call: HttpCall, error: CloudError, attempt: Attempt): boolean {
  if (error.unsent) return error.kind === 'network';
  if (call.method === 'GET') return WORTH_REPEATING.has(error.kind);
  return call.repeatAfterReset === true && isReset(error) && attempt.number === 0;
}

function waitFor(error: CloudError, attempt: Attempt): number {
  if (error.retryAfterMs !== null) return error.retryAfterMs + Math.round(SPREAD_MS * attempt.random);
  if (isReset(error) && attempt.number === 0) return 0;
  return Math.round(FIRST_WAIT_MS * 2 ** attempt.number * (0.5 + attempt.random / 2));
}

/** Before any byte of an answer. */
function isReset(error: CloudError): boolean {
  return error.kind === 'network' && error.status === null && RESET_CODES.has(error.code ?? '');
}
