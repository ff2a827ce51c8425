// A few lines of Slack: answers Web API calls and response_urls over HTTP, remembers what it was told, fails on command.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;
export type SlackCall = { method: string; args: Json };
/**
 * `lost`: done, but the connection breaks before the answer. `late`: the connection breaks first, and it is done at `arrive()`.
 * `body` without `status`: a 200 answer.
 */
export type Fault = {
  status?: number;
  headers?: Record<string, string>;
  body?: Json | string;
  lost?: true;
  late?: true;
};
export type Posted = Json & { ts: string; channel: string };

export type FakeSlack = {
  url: string;
  responseUrl: string;
  calls: SlackCall[];
  messages: Posted[];
  /** The next calls of `method` go wrong in these ways, one after the other. */
  fail(method: string, ...faults: Fault[]): void;
  /** What was late is done now. */
  arrive(): void;
  /** Nothing goes wrong any more. */
  forgive(): void;
  of(method: string): Json[];
  close(): Promise<void>;
};

export function refusal(error: string): Fault {
  return { body: { ok: false, error } };
}

export async function startFakeSlack(port = 0): Promise<FakeSlack> {
  const calls: SlackCall[] = [];
  const messages: Posted[] = [];
  const faults = new Map<string, Fault[]>();
  const late: (() => Json)[] = [];
  let serial = 0;

  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing);
  });
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const method = (incoming.url ?? '').replace(/^\/(api\/)?/, '').split('/')[0] ?? '';
    const args = argsOf(await textOf(incoming));
    calls.push({ method, args });
    const fault = faults.get(method)?.shift();
    if (fault?.late) {
      late.push(() => perform(method, args));
      outgoing.destroy();
      return;
    }
    const answer = fault && !fault.lost ? (fault.body ?? '') : perform(method, args);
    if (fault?.lost) {
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(fault?.status ?? 200, { 'content-type': 'application/json', ...fault?.headers });
    outgoing.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  }

  function perform(method: string, args: Json): Json {
    serial += 1;
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: 'T1', user_id: 'UBOT', bot_id: 'BBOT' };
      case 'views.open':
      case 'views.push':
        return { ok: true, view: { id: `V${serial}`, hash: `hash-${serial}` } };
      case 'chat.postMessage': {
        const ts = `1700000000.${String(serial).padStart(6, '0')}`;
        messages.push({ ...args, ts, channel: String(args['channel']) });
        return { ok: true, channel: args['channel'], ts };
      }
      case 'chat.update': {
        const message = messages.find(({ ts }) => ts === args['ts']);
        if (!message) return { ok: false, error: 'message_not_found' };
        Object.assign(message, { text: args['text'], blocks: args['blocks'] });
        return { ok: true, channel: args['channel'], ts: args['ts'] };
      }
      case 'conversations.open':
        return { ok: true, channel: { id: `D-${String(args['users'])}` } };
      case 'conversations.history':
        return {
          ok: true,
          messages: messages.filter((message) => message.channel === args['channel'] && !message['thread_ts']),
        };
      case 'conversations.replies':
        return { ok: true, messages: messages.filter((message) => message['thread_ts'] === args['ts']) };
      case 'users.info':
        return { ok: true, user: { id: args['user'], profile: { display_name: `name of ${String(args['user'])}` } } };
      case 'team.info':
        return { ok: true, team: { id: args['team'], name: 'Acme' } };
      default:
        return { ok: true };
    }
  }

  return {
    url: `${base}/api/`,
    responseUrl: `${base}/response_url/1`,
    calls,
    messages,
    fail: (method, ...more) => void faults.set(method, [...(faults.get(method) ?? []), ...more]),
    arrive: () => {
      for (const finish of late.splice(0)) finish();
    },
    forgive: () => faults.clear(),
    of: (method) => calls.filter((call) => call.method === method).map(({ args }) => args),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Web API calls are forms whose structured fields are JSON; response_urls take JSON. */
function argsOf(body: string): Json {
  if (body.startsWith('{')) return JSON.parse(body) as Json;
  const entries = [...new URLSearchParams(body)];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value]),
  );
}
