// A compute service and an address for answers that cost next to nothing, so that the bot is measured and not its surroundings.
// What it says is what a real Nova said, with the names changed.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type LightCloud = {
  /** For OS_ENDPOINT_OVERRIDE_COMPUTE. */
  computeUrl: string;
  /** From now on it has so many servers. */
  show(count: number): void;
  /** Requests for servers so far. */
  requests(): number;
  /** Connections opened so far, to either. */
  connections(): number;
  /** A response_url of its own, and when something was posted to it. */
  newAnswer(): { url: string; answered: Promise<void> };
  close(): Promise<void>;
};

const FIXTURES = new URL('../fixtures/openstack/edge/', import.meta.url);
const LONGEST_PAGE = 1_000;
/** Longer than anything measured here is idle. */
const KEEP_ALIVE_MS = 60_000;

export async function startLightCloud(count: number): Promise<LightCloud> {
  const waiting = new Map<string, () => void>();
  const sockets = new Set<Socket>();
  let [requests, connections, answers] = [0, 0, 0];
  let pages = createPages(count);

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname.startsWith('/answer/')) return takeAnswer(request, response, url.pathname);
    if (url.pathname.includes('/servers/')) {
      requests += 1;
      return send(response, pages(url.searchParams));
    }
    return send(response, fixture('nova-v21.json'));
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  function takeAnswer(request: IncomingMessage, response: ServerResponse, path: string): void {
    request.resume();
    request.on('end', () => {
      send(response, '{"ok":true}');
      waiting.get(path)?.();
      waiting.delete(path);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    computeUrl: `${url}/v2.1`,
    show: (wanted) => void (pages = createPages(wanted)),
    requests: () => requests,
    connections: () => connections,
    newAnswer() {
      const path = `/answer/${(answers += 1)}`;
      return { url: url + path, answered: new Promise((resolve) => waiting.set(path, resolve)) };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One page by `limit` and `marker`; built once, so that its length costs whoever reads it and not us. */
function createPages(count: number): (query: URLSearchParams) => string {
  const template = fixture('server-verify-resize-max.json')
    .replace('VERIFY_RESIZE', 'ACTIVE')
    .replace('resized', 'active');
  const { server } = JSON.parse(template) as { server: Record<string, unknown> };
  const ids = Array.from({ length: count }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  const built = new Map<string, string>();
  const build = (query: URLSearchParams) => {
    const from = query.has('marker') ? ids.indexOf(query.get('marker') ?? '') + 1 : 0;
    const to = Math.min(from + Math.min(Number(query.get('limit') ?? LONGEST_PAGE), LONGEST_PAGE), count);
    const servers = ids.slice(from, to).map((id, n) => ({ ...server, id, name: `server-${from + n}` }));
    const next = new URLSearchParams({ limit: query.get('limit') ?? '', marker: ids[to - 1] ?? '' });
    const links = [{ rel: 'next', href: `http://127.0.0.1/v2.1/servers/detail?${next.toString()}` }];
    return JSON.stringify({ servers, ...(to < count && { servers_links: links }) });
  };
  return (query) => {
    const known = built.get(query.toString()) ?? build(query);
    built.set(query.toString(), known);
    return known;
  };
}

function fixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(body);
}
