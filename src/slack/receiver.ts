// Slack's HTTP deliveries, handed to Bolt. Our own receiver behind Bolt's `Receiver` interface, because Bolt's HTTPReceiver accepts
// requests dated in the future, dies of a signed `payload=null`, answers 404 after three seconds to what nobody listens to, and takes
// more than twice the CPU per ack.
import { type App, AuthorizationError, type Receiver, type ReceiverEvent, verifySlackRequest } from '@slack/bolt';
import type { HttpRequest, HttpResponse } from '../http.ts';
import type { Log } from './ports.ts';
import type { Tracker } from './tracker.ts';
import type { ServedRoute } from './web-server.ts';

type Deps = { signingSecret: string; now: () => number; log: Log; tracker: Tracker };

/** Slack's own window, applied in both directions. https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MAX_SKEW_MS = 5 * 60_000;
/** A view may have 250 kB, and comes form-encoded. */
const MAX_BODY_BYTES = 1024 * 1024;

const OK: HttpResponse = { status: 200, headers: {}, body: '' };

/** One address for commands, interactivity, options and events. */
export function createHttpReceiver(deps: Deps): { receiver: Receiver; route: ServedRoute } {
  let app: App | null = null;

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const receivedAt = deps.now();
    const body = bodyOf(request);
    // Slack probes a command's address unsigned; nothing else in such a request is looked at.
    if (body?.['ssl_check'] === '1') return OK;
    if (!isFromSlack(deps, request)) {
      deps.log.warn({ path: request.path }, 'Refused a request that is not from Slack, or is too old or too new');
      return { ...OK, status: 401 };
    }
    if (!body) {
      deps.log.warn({ contentType: request.headers['content-type'] }, 'Slack sent something that cannot be read');
      return { ...OK, status: 400 };
    }
    if (body['type'] === 'url_verification') return json({ challenge: body['challenge'] });
    return dispatch(request, body, receivedAt);
  }

  async function dispatch(
    request: HttpRequest,
    body: Record<string, unknown>,
    receivedAt: number,
  ): Promise<HttpResponse> {
    const answer = Promise.withResolvers<HttpResponse>();
    const event: ReceiverEvent = {
      body,
      ack: async (content) => answer.resolve(contentAnswer(content)),
      ...retryOf(request),
      customProperties: { receivedAt },
    };
    deps.tracker.track(
      (app?.processEvent(event) ?? Promise.reject(new Error('Bolt is not ready'))).then(
        // Every listener of ours acks; so nobody listens to this.
        () => answer.resolve(OK),
        (err: unknown) => {
          deps.log.error({ err, type: body['type'] }, 'Something from Slack could not be handled');
          answer.resolve(err instanceof AuthorizationError ? { ...OK, status: 401 } : OK);
        },
      ),
    );
    return answer.promise;
  }

  return {
    receiver: { init: (bolt) => void (app = bolt), start: async () => {}, stop: async () => {} },
    route: { method: 'POST', path: '/slack/events', maxBodyBytes: MAX_BODY_BYTES, handle },
  };
}

function isFromSlack(deps: Deps, request: HttpRequest): boolean {
  const seconds = Number(request.headers['x-slack-request-timestamp'] ?? Number.NaN);
  if (!(Math.abs(deps.now() - seconds * 1000) <= MAX_SKEW_MS)) return false;
  try {
    verifySlackRequest({
      signingSecret: deps.signingSecret,
      body: request.body,
      headers: {
        'x-slack-signature': request.headers['x-slack-signature'] ?? '',
        'x-slack-request-timestamp': seconds,
      },
      nowMilliseconds: deps.now(),
    });
    return true;
  } catch {
    return false;
  }
}

/** Commands are forms, interactions are JSON in a form's `payload`, events are JSON. Null: none of these. */
function bodyOf(request: HttpRequest): Record<string, unknown> | null {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (!isForm) return parsed(request.body);
  const form = new URLSearchParams(request.body);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parsed(payload);
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** https://docs.slack.dev/apis/events-api/#retries */
function retryOf(request: HttpRequest): { retryNum?: number; retryReason?: string } {
  const retryNum = Number(request.headers['x-slack-retry-num'] ?? Number.NaN);
  const retryReason = request.headers['x-slack-retry-reason'];
  return { ...(Number.isInteger(retryNum) && { retryNum }), ...(retryReason && { retryReason }) };
}

function contentAnswer(content: unknown): HttpResponse {
  if (content === undefined || content === null || content === '') return OK;
  return typeof content === 'string' ? { ...OK, body: content } : json(content);
}

function json(value: unknown): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
