// Brings deliveries to the app, signed, and waits for the ack as long as Slack does.
import { request, type IncomingMessage } from 'node:http';
import { unreachable } from '../../../src/errors.ts';
import type { Faults } from './faults.ts';
import type { Delivery } from './journal.ts';
import type { Settings } from './options.ts';
import type { Payload } from './payloads.ts';
import { signedHeaders } from './signature.ts';

/** The app's answer as Slack takes it. */
export type Answer =
  | { kind: 'answered'; status: number; headers: Record<string, string | string[] | undefined>; body: string }
  /** Too late: whatever comes afterwards is thrown away. */
  | { kind: 'timeout' }
  /** Refused, reset, or nobody there. */
  | { kind: 'unreachable' };

export type Outgoing = {
  kind: Delivery['kind'];
  payload: Payload;
  /** Extra headers of a repeated event, and which attempt this is. */
  retry?: { num: number; reason: string };
};

/** How an envelope travels: over HTTP, or over an open socket. */
export type Transport = (outgoing: Outgoing) => Promise<Answer>;

type Dependencies = {
  settings: Settings;
  faults: Faults;
  deliveries: Delivery[];
  /** Null unless the app holds a socket open. */
  socket: () => Transport | null;
};

export class Sender {
  /** The app's request URL for commands, interactivity, options and events. */
  appUrl: string | null = null;
  readonly #closing = new AbortController();
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when the app has answered or its time is up. A duplicate is sent, but its answer does not count. */
  async send(outgoing: Outgoing): Promise<Answer> {
    const { faults } = this.#dependencies;
    await faults.mayArrive(outgoing.kind);
    await pause(faults.deliveryDelayMs(outgoing.kind));
    const first = this.#once(outgoing);
    if (faults.duplicateDeliveries) void this.#once(outgoing);
    return first;
  }

  async #once(outgoing: Outgoing): Promise<Answer> {
    const { settings, deliveries, socket } = this.#dependencies;
    const record: Delivery = {
      kind: outgoing.kind,
      body: structuredClone(outgoing.payload),
      at: settings.now(),
      attempt: outgoing.retry?.num ?? 0,
      status: null,
    };
    deliveries.push(record);
    const transport = socket() ?? ((each: Outgoing) => this.#post(each));
    const answer = await withinLimit(transport(outgoing), settings.ackLimitMs);
    if (answer.kind === 'answered') record.status = answer.status;
    if (answer.kind === 'unreachable') record.status = 0;
    return answer;
  }

  #post(outgoing: Outgoing): Promise<Answer> {
    const { type, body } = encode(outgoing);
    const { settings } = this.#dependencies;
    const retry: Record<string, string> =
      outgoing.retry === undefined
        ? {}
        : { 'x-slack-retry-num': String(outgoing.retry.num), 'x-slack-retry-reason': outgoing.retry.reason };
    const signed = signedHeaders(settings.signingSecret, Math.floor(settings.now() / 1000), body);
    return this.post(body, { 'content-type': type, ...signed, ...retry });
  }

  /** Any body with any headers, for what no well-behaved Slack would send. */
  post(body: string, headers: Record<string, string>): Promise<Answer> {
    const { appUrl } = this;
    if (appUrl === null) return Promise.resolve({ kind: 'unreachable' });
    return new Promise((resolve) => {
      const length = String(Buffer.byteLength(body));
      const all = {
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'content-length': length,
        ...headers,
      };
      // A connection each: one kept from before a restart of the app would fail for no fault of the new one.
      const options = { method: 'POST', agent: false, headers: all, signal: this.#closing.signal };
      const sent = request(appUrl, options, (answer) => {
        read(answer).then(resolve, () => resolve({ kind: 'unreachable' }));
      });
      sent.on('error', () => resolve({ kind: 'unreachable' }));
      sent.end(body);
    });
  }

  /** Gives up on whatever is still unanswered. */
  close(): void {
    this.#closing.abort();
  }
}

/** Commands are bare forms, interactions a form with one `payload` field, events JSON. No charset, as Slack sends them. */
function encode({ kind, payload }: Outgoing): { type: string; body: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'event':
      return { type: 'application/json', body: JSON.stringify(payload) };
    case 'command':
      return { type: form, body: new URLSearchParams(payload as Record<string, string>).toString() };
    case 'interaction':
    case 'options':
      return { type: form, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
    default:
      return unreachable(kind);
  }
}

async function read(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return { kind: 'answered', status: answer.statusCode ?? 0, headers: answer.headers, body };
}

async function withinLimit(answer: Promise<Answer>, limitMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(resolve, limitMs, { kind: 'timeout' });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
