// From an answer that is not a success to a CloudError: the one place that decides what a status and a code mean.
import { readErrorBody, type ErrorBody } from './error-body.ts';
import { CloudError, type CloudErrorKind } from './errors.ts';
import { object, text } from './json.ts';

/** `json` is undefined where the text is not JSON. */
export type RawAnswer = {
  status: number;
  header(name: string): string | null;
  raw: string;
  json: unknown;
};

export type Asked = { method: string; url: string; secrets: string[] };

/** Codes that say more than their HTTP status, which is nearly always 400 (ecs-api C.7 and E). */
const KIND_BY_CODE: Record<string, CloudErrorKind> = {
  'APIGW.0307': 'unauthorized',
  'Common.0013': 'unauthorized',
  'Ecs.0003': 'forbidden',
  'Ecs.0001': 'quota',
  'Ecs.0021': 'quota',
  'EVS.1042': 'quota',
  OverQuota: 'quota',
  'Ecs.0114': 'not_found',
  'Ecs.0614': 'not_found',
  'Ecs.0100': 'conflict',
  'Ecs.0603': 'conflict',
  'Ecs.0605': 'conflict',
  'APIGW.0308': 'throttled',
  'Common.0024': 'throttled',
  'Common.1503': 'throttled',
  'IAM.0012': 'throttled',
};

const KIND_BY_STATUS: Record<number, CloudErrorKind> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'bad_request',
  406: 'bad_request',
  408: 'timeout',
  409: 'conflict',
  410: 'not_found',
  411: 'bad_request',
  413: 'bad_request',
  414: 'bad_request',
  415: 'bad_request',
  422: 'bad_request',
  429: 'throttled',
  494: 'bad_request',
  500: 'unavailable',
  // Of a driver that cannot do this: asking again does not help, and the sentence says what it is.
  501: 'bad_request',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Theirs have 40 characters or less. */
const LONGEST_ID = 200;

/** Longer waits are not worth remembering, and a mad value must not overflow a timer. */
const LONGEST_WAIT_MS = 3_600_000;

export function toCloudError(asked: Asked, answer: RawAnswer, now: number): CloudError {
  const body = readErrorBody(answer.raw, answer.json, (said) => withoutSecrets(said, asked.secrets));
  return new CloudError({
    kind: findKind(answer, body),
    method: asked.method,
    url: asked.url,
    status: answer.status,
    code: body.code,
    serviceMessage: body.message,
    requestId: readRequestId(answer) ?? body.requestId?.slice(0, LONGEST_ID) ?? null,
    retryAfterMs: readRetryAfter(answer, now),
    unsent: false,
  });
}

/** Every service has its own header for it; some have it only in the body. */
export function readRequestId(answer: Pick<RawAnswer, 'header' | 'json'>): string | null {
  const names = ['x-compute-request-id', 'x-openstack-request-id', 'x-iam-trace-id', 'x-request-id'];
  const found = names.map((name) => answer.header(name)).find((value) => value !== null && value !== '');
  return (found ?? text(object(answer.json)['request_id']))?.slice(0, LONGEST_ID) ?? null;
}

function findKind(answer: RawAnswer, body: ErrorBody): CloudErrorKind {
  const code = body.code?.replace(/^APIG\./, 'APIGW.') ?? '';
  const byCode = Object.hasOwn(KIND_BY_CODE, code) ? KIND_BY_CODE[code] : undefined;
  if (byCode !== undefined) return byCode;
  if (answer.status === 401) return findKindOf401(answer, body);
  if (answer.status === 413) return findKindOf413(answer, body);
  if (answer.status === 403 && isAboutQuota(body.message)) return 'quota';
  return KIND_BY_STATUS[answer.status] ?? 'unexpected';
}

function findKindOf401(answer: RawAnswer, body: ErrorBody): CloudErrorKind {
  if (answer.header('openstack-auth-receipt') !== null) return 'mfa_required';
  // A token that is not accepted is refused before Nova is reached. Nova's own 401 is about an image the person may not use.
  return body.from === 'fault' ? 'forbidden' : 'unauthorized';
}

/** Cinder's quota answers: `Retry-After: 0` is its way to say that waiting will not help. */
function findKindOf413(answer: RawAnswer, body: ErrorBody): CloudErrorKind {
  const wait = answer.header('retry-after')?.trim();
  if (wait === '0' || isAboutQuota(body.message)) return 'quota';
  return wait === undefined ? 'bad_request' : 'throttled';
}

/** Nova gives quotas, limits and policy the same status, name and code, so that here alone the text must decide. */
function isAboutQuota(message: string): boolean {
  return /quota|maximum (?:allowed )?number of/i.test(message) && !/^policy doesn't allow/i.test(message);
}

/** Seconds or an HTTP date in the header, or Nova's `retryAfter` in the body. */
function readRetryAfter(answer: RawAnswer, now: number): number | null {
  const fault = object(Object.values(object(answer.json))[0]);
  const written = (answer.header('retry-after') ?? text(fault['retryAfter']))?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.test(written);
  const wait = seconds ? Number(written) * 1000 : Date.parse(/^[a-z]/i.test(written) ? written : '') - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_WAIT_MS);
}

/** Validation errors quote what they refuse. */
function withoutSecrets(said: string, secrets: string[]): string {
  let cleaned = said;
  for (const secret of secrets) if (secret !== '') cleaned = cleaned.replaceAll(secret, '[secret]');
  return cleaned;
}
