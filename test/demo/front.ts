// The demo's one address: the workspace page and its API, with the cloud's side panel beside it.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Panel, Stage } from './stage.ts';

export type Front = { url: string; close(): Promise<void> };

export async function openFront({ stage, port }: { stage: Stage; port: number }): Promise<Front> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://front');
    if (pathname === '/cloud/state') sendState(stage.panel, response);
    else if (pathname === '/cloud/events') streamChanges(stage.panel, response);
    else pass(stage.slackUrl, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendState(panel: Panel, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(panel.state()));
}

/** At most one note per 100 ms: the page fetches the state again for each. */
function streamChanges(panel: Panel, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let version = 0;
  let waiting: NodeJS.Timeout | null = null;
  const tell = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      response.write(`data: {"version": ${(version += 1)}}\n\n`);
    }, 100);
  };
  tell();
  panel.changed.on('change', tell);
  response.on('close', () => {
    panel.changed.off('change', tell);
    if (waiting) clearTimeout(waiting);
  });
}

function pass(to: string, request: IncomingMessage, response: ServerResponse): void {
  const target = new URL(request.url ?? '/', to);
  const onward = forward(target, { method: request.method ?? 'GET', headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
