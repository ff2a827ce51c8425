// One HTTP call to a cloud: time limit, bounded body, errors as CloudError, and repeats where they can do no harm.
import { realTimers, type Now, type Timers } from '../clock.ts';
import { UserError } from '../errors.ts';
import { mayUseHttp } from '../http-allowed.ts';
import { isRefusal } from './error-body.ts';
import { CloudError, unusable, type CloudErrorKind } from './errors.ts';
import { exchange } from './exchange.ts';
import { readRequestId, toCloudError, type Asked, type RawAnswer } from './refusal.ts';
import { nextWait } from './retry.ts';

export type HttpCall = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON, also with DELETE. */
  body?: unknown;
  /** Strings that must not show up in errors, should a service quote them. */
  secrets?: string[];
  /** For a call that may be made twice without harm although it is no GET. */
  repeatAfterReset?: boolean;
  /** Time limit of one attempt, body included. */
  timeoutMs?: number;
  /** How often it may be repeated at most; 0: never. */
  repeats?: number;
  /** Statuses beside 2xx that are answers and not failures. */
  alsoAnswers?: number[];
};

/** A 2xx answer. `body` is parsed JSON, null when empty; `at` is the service's Date header in ms, else our clock. */
export type HttpAnswer = {
  status: number;
  body: unknown;
  requestId: string | null;
  at: number;
  header(name: string): string | null;
};

/**
 * Resolves with 2xx answers only. Throws CloudError for everything else, and `UserError` (`unavailable`) for an address
 * without TLS that is not on this machine.
 */
export type Http = { send(call: HttpCall): Promise<HttpAnswer> };

/** The part of `fetch` we use. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchedAnswer>;

export type FetchInit = {
  method: string;
  headers: Record<string, string>;
  body: string | null;
  signal: AbortSignal;
  redirect: 'manual';
};

export type FetchedAnswer = {
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
};

/** One attempt, for logs, metrics and the audit. Holds no secrets; `error` is null for an answer that was a success. */
export type HttpEvent = {
  method: string;
  url: string;
  status: number | null;
  ms: number;
  requestId: string | null;
  error: CloudErrorKind | null;
};

export type HttpOptions = {
  fetch: Fetch;
  now: Now;
  /** 0 … 1. */
  random(): number;
  delay(ms: number): Promise<void>;
  /** Default: after that time on the wall. */
  limit?: Timers['limit'];
  /** Plain http beyond this machine. */
  allowHttp: boolean;
  observe?(event: HttpEvent): void;
};

export function createHttp(options: HttpOptions): Http {
  return { send: async (call) => sendRepeatedly(options, call) };
}

async function sendRepeatedly(options: HttpOptions, call: HttpCall): Promise<HttpAnswer> {
  requireSecure(call.url, options.allowHttp);
  const startedAt = options.now();
  for (let number = 0; ; number += 1) {
    try {
      return await sendOnce(options, call);
    } catch (error) {
      const wait = nextWait(call, error, { number, spentMs: options.now() - startedAt, random: options.random() });
      if (wait === null) throw error;
      await options.delay(wait);
    }
  }
}

async function sendOnce(options: HttpOptions, call: HttpCall): Promise<HttpAnswer> {
  const asked = { method: call.method, url: publicUrl(call.url), secrets: call.secrets ?? [] };
  const startedAt = options.now();
  const observe = (seen: Pick<HttpEvent, 'status' | 'requestId' | 'error'>): void =>
    options.observe?.({ method: asked.method, url: asked.url, ms: options.now() - startedAt, ...seen });
  try {
    const { fetch, limit = realTimers.limit } = options;
    const raw = await exchange({ fetch, limit }, call, asked);
    const answer = toAnswer(asked, { ...raw, also: call.alsoAnswers ?? [] }, options.now());
    observe({ status: answer.status, requestId: answer.requestId, error: null });
    return answer;
  } catch (error) {
    if (error instanceof CloudError) observe({ status: error.status, requestId: error.requestId, error: error.kind });
    throw error;
  }
}

function toAnswer(asked: Asked, answer: RawAnswer & { also: number[] }, now: number): HttpAnswer {
  const { status, raw, json, header, also } = answer;
  const isAnswer = (status >= 200 && status <= 299) || also.includes(status);
  if (!isAnswer || isRefusal(json)) throw toCloudError(asked, answer, now);
  const requestId = readRequestId(answer);
  if (json === undefined && raw.trim() !== '') {
    throw unusable({ method: asked.method, url: asked.url, status, requestId }, 'the answer is not JSON');
  }
  const date = Date.parse(header('date') ?? '');
  return { status, body: json ?? null, requestId, at: Number.isNaN(date) ? now : date, header };
}

/** Throws `UserError` when a token would travel in clear. */
function requireSecure(address: string, allowHttp: boolean): void {
  if (mayUseHttp(address, allowHttp)) return;
  throw new UserError(
    'unavailable',
    `The cloud's address ${new URL(address).origin} is not protected by https, so nothing was sent. Ask the operator to use https, or to allow plain http with ALLOW_HTTP=1.`,
  );
}

function publicUrl(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}
