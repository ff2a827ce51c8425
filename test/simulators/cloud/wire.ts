// Between node:http and the exchange: reading a request whole, writing an answer as OpenStack's servers write it.

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Core } from './core.ts';
import type { Answer, Exchange } from './exchange.ts';
import { newRequestId } from './world.ts';

export async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const fullPath = request.url ?? '/';
  const url = new URL(fullPath, 'http://simulated.invalid');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    fullPath,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    requestId: newRequestId(),
  };
}

export type Channel = { request: IncomingMessage; response: ServerResponse; requestId: string };

/** `cut`: the body ends in the middle, and the connection with it. */
export function write(core: Core, channel: Channel, { answer, cut }: { answer: Answer; cut: boolean }): void {
  const { request, response, requestId } = channel;
  // The response lets go of its socket before it says that it is finished.
  const { socket } = request;
  response.sendDate = false;
  const { status, body } = answer;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Record<string, string | string[]> = {
    // Clients take the cloud's clock from here, so it is the simulated one.
    Date: new Date(core.settings.now()).toUTCString(),
    ...(status === 204
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }),
    'X-Openstack-Request-Id': requestId,
    ...(status === 204 && core.settings.after204 === 'closed' ? { Connection: 'close' } : {}),
    ...answer.headers,
  };
  response.writeHead(status, headers);
  if (cut) {
    response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
    return;
  }
  response.end(status === 204 || request.method === 'HEAD' ? undefined : text);
  // What some servers do: gone without a word, and the client's next request falls into the hole.
  if (status === 204 && core.settings.after204 === 'dropped') response.on('finish', () => socket.end());
}
