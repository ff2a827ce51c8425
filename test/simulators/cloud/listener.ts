// The simulated cloud's one port: reads requests, lets ordered faults happen, hands the rest to the services.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { fingerprint, type Call } from './calls.ts';
import { novaFault } from './compute/errors.ts';
import type { Core, Part } from './core.ts';
import { isRecord, Refusal, webobNotFound, type Answer, type Exchange } from './exchange.ts';
import type { FaultKind, Faults } from './faults.ts';
import { requireRegion } from './regions.ts';
import { readExchange, write } from './wire.ts';

/** A service and the root below which it answers; exchange paths are relative to the root. */
export type Service = { root: string; handle(exchange: Exchange): Promise<Answer> };

type Parts = { core: Core; services: Service[]; faults: Faults; calls: Call[]; onAnswered(): void };

export type Listener = {
  port: number;
  /** Connections opened since the start. */
  connections(): number;
  /** While on, every connection dies. */
  setOutage(on: boolean): void;
  close(): Promise<void>;
};

// Signed tokens are long, and the cloud takes them: twice what Node allows by itself.
const MAX_HEADER_BYTES = 32 * 1024;

export async function listen(parts: Parts): Promise<Listener> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let outage = false;
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 60_000 }, (request, response) => {
    void serve(parts, request, response);
  });
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (outage) socket.destroy();
  });
  const killAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listenOn(server, parts.core.settings.port);
  return {
    port,
    connections: () => opened,
    setOutage(on) {
      outage = on;
      if (on) killAll();
    },
    async close() {
      killAll();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the simulated cloud is not listening on a port');
  return address.port;
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { core, faults } = parts;
  const exchange = await readExchange(request);
  const call = logCall(parts, exchange);
  const began = performance.now();
  const finished = (answer: Answer | null): void => {
    call.status = answer?.status ?? 0;
    call.isOver = true;
    call.ms = Math.round(performance.now() - began);
    call.user ??= userOf(core, answer?.headers?.['X-Subject-Token']);
    parts.onAnswered();
  };
  if (core.settings.latencyMs > 0) await sleep(core.settings.latencyMs);
  const fault = faults.take({ method: call.method, path: exchange.fullPath, action: call.action });
  const answer = await answerOrDie(parts, exchange, fault);
  if (answer === 'die') {
    request.socket.destroy();
    return finished(null);
  }
  if (answer === 'silence') return finished(null);
  write(core, { request, response, requestId: exchange.requestId }, { answer, cut: fault === 'truncated' });
  finished(answer);
}

/** What goes back; `die`: the connection ends instead; `silence`: nothing ever. */
async function answerOrDie(
  parts: Parts,
  exchange: Exchange,
  fault: FaultKind | null,
): Promise<Answer | 'die' | 'silence'> {
  if (fault === 'reset') return 'die';
  if (fault === 'hang') return 'silence';
  const replaced = fault === null ? null : replacement(exchange, fault);
  if (replaced !== null) return replaced;
  if (fault !== null && typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
  const answer = await dispatch(parts, exchange);
  if (fault === 'reset_after') return 'die';
  if (fault === 'hang_after') return 'silence';
  return answer;
}

/** The answer that stands in for the service's, which then never sees the request. */
function replacement(exchange: Exchange, fault: FaultKind): Answer | null {
  if (typeof fault === 'number') return statusAnswer(exchange, fault);
  if (typeof fault === 'object') return 'status' in fault ? fault : null;
  switch (fault) {
    case 'html':
      return {
        status: 502,
        headers: { 'Content-Type': 'text/html' },
        body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
      };
    case 'empty':
      return { status: 200 };
    case 'flow_limit':
      return { status: 202, body: { error: { code: 'Common.0024', message: 'The system is busy. Try again later.' } } };
    case 'apigw_throttled':
      return {
        status: 429,
        body: {
          error_msg: 'The throttling threshold has been reached',
          error_code: 'APIGW.0308',
          request_id: exchange.requestId.slice(4),
        },
      };
    default:
      return null;
  }
}

function statusAnswer(exchange: Exchange, status: number): Answer {
  const headers = status === 429 || status === 503 ? { 'Retry-After': '1' } : {};
  const isKeystone = exchange.fullPath.includes('/identity/') || status === 401;
  const keystone = { error: { code: status, message: 'Ordered by the test.', title: 'Error' } };
  return { status, headers, body: isKeystone ? keystone : novaFault(status, 'Ordered by the test.') };
}

async function dispatch({ core, services }: Parts, exchange: Exchange): Promise<Answer | 'die'> {
  core.timeline.settle();
  // Further regions are the same world behind another address.
  const path = exchange.path.replace(/^\/r\/[^/]+/, '');
  const service = services.find(({ root }) => path === root || path.startsWith(`${root}/`));
  if (service === undefined) return webobNotFound(exchange);
  if (isDown(core, service)) return 'die';
  try {
    if (service.root !== '/identity') requireRegion(core, exchange);
    return await service.handle({ ...exchange, path: path.slice(service.root.length) });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    // A bug of the simulator must not look like a quirk of the cloud.
    return { status: 500, headers: { 'Content-Type': 'text/plain' }, body: `simulator bug: ${String(error)}` };
  }
}

/** Compute is not among them: it goes on speaking when the others do not. */
const PARTS: Record<string, Part[]> = {
  '/identity': ['identity', 'database'],
  '/network': ['network', 'database'],
  '/volume': ['volume', 'database'],
  '/image': ['image', 'database'],
};

function isDown({ down }: Core, { root }: Service): boolean {
  return (PARTS[root] ?? []).some((part) => down.has(part));
}

function logCall({ core, calls }: Parts, exchange: Exchange): Call {
  const token = exchange.headers['x-auth-token'];
  const call: Call = {
    at: core.settings.now(),
    method: exchange.method,
    path: exchange.fullPath,
    status: 0,
    isOver: false,
    user: userOf(core, token),
    ms: 0,
    tokenFingerprint: token === undefined ? null : fingerprint(token),
    requestId: exchange.requestId,
    action: exchange.path.endsWith('/action') ? actionIn(exchange.body) : null,
    body: exchange.path.startsWith('/identity/') ? '' : exchange.body,
    version: exchange.headers['openstack-api-version'] ?? null,
  };
  calls.push(call);
  return call;
}

function actionIn(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? (Object.keys(parsed)[0] ?? null) : null;
  } catch {
    return null;
  }
}

function userOf(core: Core, token: string | string[] | undefined): string | null {
  const record = typeof token === 'string' ? core.tokens.find(token) : null;
  return record === null ? null : (core.world.users.get(record.userId)?.name ?? null);
}
