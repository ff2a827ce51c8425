// Everything that can go wrong between us and the cloud, as one error with one kind.

/** What a failed call means for whoever made it. */
export type CloudErrorKind =
  /** The token (or credential) was not accepted, also after a renewal. */
  | 'unauthorized'
  /** The account must give a second factor, which a bot cannot. */
  | 'mfa_required'
  /** A policy or an account restriction says no. */
  | 'forbidden'
  | 'quota'
  | 'not_found'
  /** The server is in a state that does not allow the call, or is locked. */
  | 'conflict'
  | 'bad_request'
  | 'throttled'
  /** The service failed: 500, 502, 503, 504. */
  | 'unavailable'
  | 'timeout'
  | 'network'
  /** An answer that makes no sense: a redirect, HTML instead of JSON, a missing token header. */
  | 'unexpected';

export type CloudErrorFacts = {
  kind: CloudErrorKind;
  method: string;
  /** Without user info and fragments. */
  url: string;
  /** Null when no answer came. */
  status: number | null;
  /** A service's own code (`Ecs.0100`), a fault name (`conflictingRequest`), a title, or a network code (`ECONNRESET`). */
  code: string | null;
  /** What the service said, markup removed and cut; '' when it said nothing. Hostile text. */
  serviceMessage: string;
  /** The cloud's id of this request, for its operators. */
  requestId: string | null;
  /** How long the service asked us to wait; null when it did not. At most an hour. */
  retryAfterMs: number | null;
  /** True when the call certainly never reached the service. */
  unsent: boolean;
};

export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly kind: CloudErrorKind;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly serviceMessage: string;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly unsent: boolean;

  constructor(facts: CloudErrorFacts, options?: ErrorOptions) {
    super(describe(facts), options);
    this.kind = facts.kind;
    this.method = facts.method;
    this.url = facts.url;
    this.status = facts.status;
    this.code = facts.code;
    this.serviceMessage = facts.serviceMessage;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.unsent = facts.unsent;
  }
}

export function isCloudError(error: unknown, kind?: CloudErrorKind): error is CloudError {
  return error instanceof CloudError && (kind === undefined || error.kind === kind);
}

/** An answer that was a success and cannot be used: `what` is wrong with it. */
export function unusable(answer: UnusableAnswer, what: string): CloudError {
  const facts = { code: null, retryAfterMs: null, unsent: false };
  return new CloudError({ ...answer, ...facts, kind: 'unexpected', serviceMessage: what });
}

type UnusableAnswer = Pick<CloudErrorFacts, 'method' | 'url' | 'status' | 'requestId'>;

/**
 * True when a call that changes something may have been carried out although it failed: look before repeating it.
 * A 500 belongs here: of two resizes at once Nova answers one with it and carries both out.
 */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof CloudError) || error.method === 'GET' || error.unsent) return false;
  if (error.kind === 'timeout' || error.kind === 'network') return true;
  const { status } = error;
  if (status === null) return true;
  if (status < 300) return error.kind === 'unexpected';
  return status === 500 || status === 502 || status === 504;
}

/** Real name, balance, payment, budget or suspension of the account (ecs-api C.7): no role would help. */
export function isAboutAccount({ code }: Pick<CloudErrorFacts, 'code'>): boolean {
  return /^Ecs\.00(?:6[6-9]|7[01])$/.test(code ?? '');
}

function describe(facts: CloudErrorFacts): string {
  const what = [facts.status, facts.code, facts.serviceMessage].filter((part) => part !== null && part !== '');
  const reference = facts.requestId === null ? '' : ` (${facts.requestId})`;
  return `${facts.method} ${facts.url}: ${facts.kind}, ${what.join(' ') || 'no answer'}${reference}`;
}
