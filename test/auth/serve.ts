// Our routes behind a real HTTP server, as the Slack edge mounts them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRoute } from '../../src/http.ts';

export type Served = { url: string; mount(routes: HttpRoute[]): void; close(): Promise<void> };

/** The address is known before the routes are: they are told it. */
export async function serveRoutes(): Promise<Served> {
  let mounted: HttpRoute[] = [];
  const server = createServer((request, response) => void answer(mounted, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mount(routes) {
      mounted = routes;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(routes: HttpRoute[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const found = routes.find((route) => route.method === request.method && paramsOf(route.path, url.pathname));
  if (!found) return void response.writeHead(404).end();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const result = await found.handle({
    method: found.method,
    path: url.pathname,
    params: paramsOf(found.path, url.pathname) ?? {},
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  });
  response.writeHead(result.status, result.headers).end(result.body);
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}
