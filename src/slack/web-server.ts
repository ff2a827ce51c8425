// Serves our routes over node:http: bodies read and bounded, every error caught, and a stop that lets requests finish.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse, HttpRoute } from '../http.ts';
import type { Log } from './ports.ts';

export type ServedRoute = HttpRoute & { maxBodyBytes?: number };
export type WebServer = {
  start(): Promise<{ port: number }>;
  /** Takes no new connections, and closes those that still have a request after `limitMs`. */
  stop(limitMs: number): Promise<void>;
  isListening(): boolean;
};

type Deps = { listen: { host: string; port: number }; routes: ServedRoute[]; log: Log };
type Compiled = { route: ServedRoute; pattern: RegExp };

/** A sign-in form is a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;
/** Slow senders hold nothing up: Slack and browsers send at once. */
const REQUEST_MS = 10_000;
/** Longer than a load balancer's usual minute, so that it is never us who closes first. */
const KEEP_ALIVE_MS = 65_000;

export function createWebServer(deps: Deps): WebServer {
  const routes = deps.routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  const server = createServer({ requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    serve(incoming, outgoing).catch((err: unknown) => {
      deps.log.error({ err, method: incoming.method, path: pathOf(incoming) }, 'A page could not be sent');
      outgoing.destroy();
    });
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answer = await answerTo(routes, incoming).catch((err: unknown) => {
      deps.log.error({ err, method: incoming.method, path: pathOf(incoming) }, 'A page failed');
      return page(500, 'Something went wrong here. Please try again; if it happens again, tell the operator.');
    });
    if (!server.listening) outgoing.setHeader('connection', 'close');
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }

  return {
    start: async () => listen(server, deps.listen),
    stop: async (limitMs) => close(server, limitMs),
    isListening: () => server.listening,
  };
}

async function answerTo(routes: Compiled[], incoming: IncomingMessage): Promise<HttpResponse> {
  const url = URL.parse(incoming.url ?? '', 'http://localhost');
  if (!url) return page(400, 'This address cannot be read.');
  const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
  const found = routes.find(({ route, pattern }) => route.method === method && pattern.test(url.pathname));
  if (!found) return page(404, 'There is no page at this address.');
  const params = paramsOf(found.pattern, url.pathname);
  if (!params) return page(400, 'This address cannot be read.');
  const body = await readBody(incoming, found.route.maxBodyBytes ?? MAX_BODY_BYTES);
  if (body === null) return { ...page(413, 'That is too much at once.'), headers: { connection: 'close' } };
  const request: HttpRequest = {
    method: found.route.method,
    path: url.pathname,
    params,
    query: url.searchParams,
    headers: headersOf(incoming),
    body,
  };
  return found.route.handle(request);
}

/** `/login/:ticket` → a pattern with one group per parameter. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll('.', String.raw`\.`);
  return new RegExp(`^${literal.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function paramsOf(pattern: RegExp, path: string): Record<string, string> | null {
  const groups = Object.entries(pattern.exec(path)?.groups ?? {});
  try {
    return Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    // A stray `%` in the address.
    return null;
  }
}

/** Null when there is more than `max` bytes. */
async function readBody(incoming: IncomingMessage, max: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed when we stop reading: the answer goes out over the same connection.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > max) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers = Object.entries(incoming.headers);
  return Object.fromEntries(
    headers.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function pathOf(incoming: IncomingMessage): string {
  // Without the query: it may hold an authorisation code.
  return (incoming.url ?? '').split('?')[0] ?? '';
}

function page(status: number, sentence: string): HttpResponse {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>ECS Flight Deck</title><p>${sentence}</p></html>\n`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" },
    body,
  };
}

async function listen(server: Server, where: { host: string; port: number }): Promise<{ port: number }> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(where.port, where.host, listening.resolve);
  await listening.promise;
  server.off('error', listening.reject);
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : where.port };
}

async function close(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  const timer = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed.promise;
  clearTimeout(timer);
}
