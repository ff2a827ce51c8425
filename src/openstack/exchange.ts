// One request and its answer: what goes out, the bound on what comes in, and what a broken connection means.
import type { Timers } from '../clock.ts';
import { CloudError, unusable } from './errors.ts';
import type { Fetch, FetchedAnswer, FetchInit, HttpCall } from './http.ts';
import { readRequestId, type Asked, type RawAnswer } from './refusal.ts';

/** A list with details takes Nova 3.6 s to fail when its network service is away; longer than this nobody waits. */
const READ_TIMEOUT_MS = 15_000;

/** Giving up on a change leaves us not knowing, so it gets longer. */
const CHANGE_TIMEOUT_MS = 30_000;

/** 1,000 servers with details are about 4 MB. */
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

type Way = { fetch: Fetch; limit: Timers['limit'] };

/** Any answer, whatever its status. Throws CloudError (`timeout`, `network`, `unexpected`). */
export async function exchange(way: Way, call: HttpCall, asked: Asked): Promise<RawAnswer> {
  const limitMs = call.timeoutMs ?? (call.method === 'GET' ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS);
  let response: FetchedAnswer | null = null;
  try {
    response = await way.fetch(call.url, toInit(call, way.limit(limitMs)));
    const raw = await readBody(response.body);
    const { headers, status } = response;
    return { status, header: (name) => headers.get(name), raw, json: parseJson(raw) };
  } catch (error) {
    throw toTransportError(asked, error, response);
  }
}

function toInit(call: HttpCall, signal: AbortSignal): FetchInit {
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const headers: Record<string, string> = {
    // Without it some services answer errors in HTML.
    accept: 'application/json',
    'user-agent': 'ecs-flight-deck',
    ...(body !== null && { 'content-type': 'application/json' }),
    ...call.headers,
  };
  // Following a redirect would carry the token to wherever it points.
  return { method: call.method, headers, body, signal, redirect: 'manual' };
}

async function readBody(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LARGEST_BODY_BYTES) throw new AnswerTooLarge('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

class AnswerTooLarge extends Error {}

/** Whatever the content type says: it is often wrong. Undefined when the text is not JSON. */
function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Certainly before anything was sent. */
const UNSENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

function toTransportError(asked: Asked, error: unknown, response: FetchedAnswer | null): CloudError {
  const { method, url } = asked;
  const status = response?.status ?? null;
  const requestId =
    response === null ? null : readRequestId({ header: (name) => response.headers.get(name), json: null });
  if (error instanceof AnswerTooLarge) return unusable({ method, url, status, requestId }, error.message);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  const unsent = response === null && UNSENT_CODES.has(code ?? '');
  const facts = { method, url, status, requestId, code, unsent, retryAfterMs: null, serviceMessage: '' };
  if (isTimeout(error, code)) return new CloudError({ ...facts, kind: 'timeout' }, { cause });
  if (code !== null) return new CloudError({ ...facts, kind: 'network' }, { cause });
  // Our own mistake, such as a header that cannot be sent. The error may quote the header, so it is not passed on.
  const serviceMessage = 'the request could not be sent';
  return new CloudError({ ...facts, kind: 'unexpected', serviceMessage, unsent: response === null });
}

function isTimeout(error: unknown, code: string | null): boolean {
  return (error instanceof Error && error.name === 'TimeoutError') || TIMEOUT_CODES.has(code ?? '');
}

function codeOf(cause: unknown): string | null {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' ? code : null;
}
