// One call over a real connection: time limits, dead connections, repeats, and what never leaves the house.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { CloudError } from '../../src/openstack/errors.ts';
import type { HttpAnswer, HttpCall } from '../../src/openstack/http.ts';
import { createTransport, type Transport } from '../../src/openstack/transport.ts';
import { createTestHttp, NOW, thrown, type TestHttp } from './edge.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let base: string;
let transport: Transport;
let connections = 0;
let requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
/** One per request; the last one stays. */
let script: Handler[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const handler = script.length > 1 ? script.shift() : script[0];
      handler?.(request, response, body);
    });
  });
  // Otherwise Node itself would end idle connections, and say so.
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  transport = createTransport({ caCertificate: null });
});

afterEach(() => {
  requests = [];
  script = [];
});

afterAll(async () => {
  await transport.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
});

function answers(status: number, body: string, headers: Record<string, string> = {}): Handler {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

const resets: Handler = (request) => void request.socket.resetAndDestroy();
const neverAnswers: Handler = () => {};
const ok = answers(200, '{"ok":true}');

function http(): TestHttp {
  return createTestHttp({ fetch: transport.fetch });
}

function get(change: Partial<HttpCall> = {}): HttpCall {
  return { method: 'GET', url: `${base}/servers`, ...change };
}

function post(change: Partial<HttpCall> = {}): HttpCall {
  return { method: 'POST', url: `${base}/servers/s1/action`, body: { resize: {} }, ...change };
}

describe('what goes out and comes back', () => {
  test('asks for JSON always, and sends JSON with DELETE too', async () => {
    script = [answers(204, '')];
    const answer = await http().send({ method: 'DELETE', url: `${base}/x`, body: { a: 'Größe' } });
    expect(answer).toMatchObject({ status: 204, body: null });
    expect(requests[0]).toMatchObject({ method: 'DELETE', body: '{"a":"Größe"}' });
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' });
  });

  test('takes JSON whatever the content type says, and the cloud’s clock from its Date header', async () => {
    const date = 'Fri, 20 Nov 2026 20:30:00 GMT';
    script = [answers(200, '{"ok":true}', { 'content-type': 'text/html', date, 'x-compute-request-id': 'req-9' })];
    const answer = await http().send(get());
    expect(answer).toMatchObject({ body: { ok: true }, requestId: 'req-9', at: Date.parse(date) });
  });

  test('an answer without a Date is dated by our clock', async () => {
    script = [(_request, response) => void response.setHeader('Date', '').end('{}')];
    expect((await http().send(get())).at).toBe(NOW);
  });

  test('HTML in a 200 is not an answer', async () => {
    script = [answers(200, '<html>Please log in to this network</html>')];
    const error = await thrown(http().send(get()));
    expect(error).toMatchObject({ kind: 'unexpected', status: 200, serviceMessage: 'the answer is not JSON' });
  });

  test('a token of 12 KB fits, both ways', async () => {
    const token = 'M'.repeat(12_000);
    script = [answers(201, '{}', { 'x-subject-token': token })];
    const answer = await http().send(get({ headers: { 'x-auth-token': token } }));
    expect(answer.header('x-subject-token')).toBe(token);
    expect(requests[0]?.headers['x-auth-token']).toHaveLength(12_000);
  });

  test('a redirect is not followed, so no token goes where it points', async () => {
    script = [answers(302, '', { location: `${base}/elsewhere` })];
    const error = await thrown(http().send(get({ headers: { 'x-auth-token': 't' } })));
    expect(error).toMatchObject({ kind: 'unexpected', status: 302 });
    expect(requests).toHaveLength(1);
  });

  test('an answer without end is cut off', async () => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    script = [
      (_request, response) => {
        response.on('error', () => {});
        const pour = (): void => {
          while (!response.destroyed && response.write(piece));
        };
        response.on('drain', pour);
        pour();
      },
    ];
    const error = await thrown(http().send(get()));
    expect(error).toMatchObject({ kind: 'unexpected', serviceMessage: 'the answer is too large' });
  });

  test('a token that cannot be a header is not quoted in the error', async () => {
    const error = await thrown(http().send(get({ headers: { 'x-auth-token': 'ge\nheim' } })));
    expect(error).toMatchObject({ kind: 'unexpected', unsent: true });
    const { message, cause } = error as CloudError;
    expect(`${message} ${String(cause)}`).not.toMatch(/heim/);
  });

  test('neither is a password in the address', async () => {
    const url = base.replace('//', '//user:geheim@');
    const error = await thrown(http().send(get({ url })));
    expect((error as CloudError).message).toContain(base);
    expect((error as CloudError).message).not.toContain('geheim');
  });
});

describe('time limits and broken connections', () => {
  test('a service that never answers is a timeout, and a change is not sent again', async () => {
    script = [neverAnswers];
    const error = await thrown(http().send(post({ timeoutMs: 1_500 })));
    expect(error).toMatchObject({ kind: 'timeout', status: null, unsent: false });
    expect(requests).toHaveLength(1);
  });

  test('the limit holds for a body that never ends as well', async () => {
    script = [(_request, response) => void response.writeHead(200).write('{"servers":[')];
    const error = await thrown(http().send(get({ timeoutMs: 1_500, repeats: 0 })));
    expect(error).toMatchObject({ kind: 'timeout', status: 200 });
  });

  test('a body that breaks off is a network error; reading is tried again', async () => {
    const breaks: Handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"ser', () => request.socket.resetAndDestroy());
    };
    script = [breaks, ok];
    const client = http();
    expect((await client.send(get())).body).toEqual({ ok: true });
    expect(client.events.map((event) => event.error)).toEqual(['network', null]);
  });

  test('a reading that met a dead kept connection is repeated at once', async () => {
    script = [resets, ok];
    const client = http();
    expect((await client.send(get())).body).toEqual({ ok: true });
    expect(client.waits).toEqual([0]);
  });

  test('an action that met a dead connection is not repeated: it may have been carried out', async () => {
    script = [resets, ok];
    const error = await thrown(http().send(post()));
    expect(error).toMatchObject({ kind: 'network', unsent: false });
    expect(requests).toHaveLength(1);
  });

  test('asking for a token is repeated once after a dead connection, and only once', async () => {
    script = [resets, ok];
    expect((await http().send(post({ repeatAfterReset: true }))).status).toBe(200);
    requests = [];
    script = [resets];
    const error = await thrown(http().send(post({ repeatAfterReset: true })));
    expect(error).toMatchObject({ kind: 'network' });
    expect(requests).toHaveLength(2);
  });

  test('a connection that is refused was never used, so even an action is tried again', async () => {
    const client = http();
    const error = await thrown(client.send(post({ url: await unusedAddress() })));
    expect(error).toMatchObject({ kind: 'network', code: 'ECONNREFUSED', unsent: true });
    expect(client.events).toHaveLength(3);
  });
});

async function unusedAddress(): Promise<string> {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;
  await new Promise((done) => other.close(done));
  return `http://127.0.0.1:${port}/`;
}

describe('repeats', () => {
  test.each([429, 500, 502, 503, 504])('reading is tried three times on %i, with growing waits', async (status) => {
    script = [answers(status, '')];
    const client = http();
    const error = await thrown(client.send(get()));
    expect(error).toMatchObject({ status });
    expect(requests).toHaveLength(3);
    expect(client.waits).toEqual([750, 1500]);
  });

  test.each([400, 401, 403, 404, 409, 501])('%i is final', async (status) => {
    script = [answers(status, '')];
    await thrown(http().send(get()));
    expect(requests).toHaveLength(1);
  });

  test.each([429, 500, 503])('a change is not tried again on %i', async (status) => {
    script = [answers(status, '')];
    await thrown(http().send(post()));
    expect(requests).toHaveLength(1);
  });

  test('the wait a service asks for is kept, and spread a little', async () => {
    script = [answers(429, '', { 'retry-after': '3' }), ok];
    const client = http();
    await client.send(get());
    expect(client.waits).toEqual([3250]);
  });

  test('nobody is kept waiting for minutes: a long Retry-After ends it and is passed on', async () => {
    script = [answers(429, '', { 'retry-after': '600' })];
    const client = http();
    expect(await thrown(client.send(get()))).toMatchObject({ kind: 'throttled', retryAfterMs: 600_000 });
    expect(client.waits).toEqual([]);
  });

  test('no repeat begins later than 20 s after the start', async () => {
    script = [answers(503, '')];
    const client: TestHttp = createTestHttp({
      fetch: async (url, init) => {
        client.advance(11_000);
        return transport.fetch(url, init);
      },
    });
    await thrown(client.send(get()));
    expect(requests).toHaveLength(2);
  });

  test('a storm of throttled readers comes back spread out', async () => {
    const spread = [0, 0.25, 0.99].map(async (random) => {
      const waits: number[] = [];
      const delay = async (ms: number): Promise<void> => void waits.push(ms);
      const throttled = { status: 429, headers: { get: () => null }, body: null };
      const client = createTestHttp({ fetch: async () => throttled, random: () => random, delay });
      await thrown(client.send(get()));
      return waits[0];
    });
    expect(await Promise.all(spread)).toEqual([500, 625, 995]);
  });
});

describe('connections', () => {
  test('are kept: a hundred calls one after the other open no more than two', async () => {
    script = [ok];
    connections = 0;
    const own = createTransport({ caCertificate: null });
    const client = createTestHttp({ fetch: own.fetch });
    for (let call = 0; call < 100; call += 1) await client.send(get());
    await own.close();
    expect(requests).toHaveLength(100);
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('are at most 16 to one host, however many ask at once', async () => {
    script = [ok];
    connections = 0;
    const own = createTransport({ caCertificate: null });
    const client = createTestHttp({ fetch: own.fetch });
    await Promise.all(Array.from({ length: 60 }, async () => client.send(get())));
    await own.close();
    expect(connections).toBeLessThanOrEqual(16);
  });
});

describe('a cloud with its own certificate authority', () => {
  const tls = (name: string): string =>
    readFileSync(new URL(`../fixtures/openstack/edge/tls/${name}.pem`, import.meta.url), 'utf8');

  async function callSecurely(caCertificate: string | null): Promise<HttpAnswer> {
    const secure = createSecureServer({ key: tls('key'), cert: tls('certificate') }, (_request, response) => {
      response.end('{"ok":true}');
    });
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const own = createTransport({ caCertificate });
    try {
      const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
      return await createTestHttp({ fetch: own.fetch }).send(get({ url, repeats: 0 }));
    } finally {
      await own.close();
      secure.closeAllConnections();
      await new Promise((done) => secure.close(done));
    }
  }

  test('is trusted with OS_CACERT', async () => {
    expect((await callSecurely(tls('certificate'))).body).toEqual({ ok: true });
  });

  test('is not trusted without it', async () => {
    expect(await thrown(callSecurely(null))).toMatchObject({ kind: 'network', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

describe('addresses', () => {
  test.each(['http://cloud.example.test/v3', 'http://10.0.0.5/v3', 'http://127.0.0.1.evil.test/', 'ftp://localhost/'])(
    '%s is refused before anything is sent',
    async (url) => {
      const client = createTestHttp({ fetch: async () => expect.unreachable('nothing may be sent') });
      const error = await thrown(client.send(get({ url })));
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toContain('ALLOW_HTTP=1');
    },
  );

  test.each(['https://cloud.example.test/', 'http://localhost:1/', 'http://127.0.0.1:1/', 'http://[::1]:1/'])(
    '%s is fine',
    async (url) => {
      const empty = { status: 204, headers: { get: () => null }, body: null };
      expect((await createTestHttp({ fetch: async () => empty }).send(get({ url }))).status).toBe(204);
    },
  );

  test('plain http is sent where the operator allows it', async () => {
    const empty = { status: 204, headers: { get: () => null }, body: null };
    const client = createTestHttp({ fetch: async () => empty, allowHttp: true });
    expect((await client.send(get({ url: 'http://cloud.example.test/' }))).status).toBe(204);
  });
});

test('every attempt is told to whoever keeps the records, without secrets', async () => {
  script = [answers(503, ''), answers(200, '{}', { 'x-openstack-request-id': 'req-7' })];
  const client = http();
  await client.send(get({ url: `${base}/servers?limit=5`, headers: { 'x-auth-token': 'geheim' } }));
  expect(client.events).toEqual([
    { method: 'GET', url: `${base}/servers?limit=5`, status: 503, ms: 0, requestId: null, error: 'unavailable' },
    { method: 'GET', url: `${base}/servers?limit=5`, status: 200, ms: 0, requestId: 'req-7', error: null },
  ]);
});
