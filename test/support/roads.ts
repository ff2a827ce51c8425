// Ways to a server on this machine that real networks have: another address, TLS in front, a proxy in between.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, request as forward, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export type Road = { port: number; close(): Promise<void> };

/** PEM files of a private authority and of a server on this machine that it vouches for. */
export function tlsFile(name: 'authority' | 'certificate' | 'key'): string {
  return new URL(`../fixtures/tls/${name}.pem`, import.meta.url).pathname;
}

/** Whatever comes in at `host` goes on to the port, out of TLS when it came in with it. */
export async function openRelay(toPort: number, { host = '127.0.0.1', tls = false } = {}): Promise<Road> {
  const relay = (socket: Socket): void => join(socket, connect(toPort, '127.0.0.1'));
  const certificate = { key: readFileSync(tlsFile('key')), cert: readFileSync(tlsFile('certificate')) };
  return listening(tls ? createTlsServer(certificate, relay) : createServer(relay), host);
}

/** A proxy for both kinds of address; `asked`: what it was asked to reach, and as whom. */
export type Proxy = Road & { asked: { target: string; authorization: string | null }[] };

export async function openProxy(): Promise<Proxy> {
  const asked: Proxy['asked'] = [];
  const note = (request: IncomingMessage): void => {
    const authorization = request.headers['proxy-authorization'] ?? null;
    asked.push({ target: `${request.method} ${request.url}`, authorization });
  };
  const server = createHttpServer((request, response) => {
    note(request);
    const onward = forward(request.url ?? '', { method: request.method ?? 'GET', headers: request.headers });
    onward.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    note(request);
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join(socket as Socket, onward);
    });
  });
  return { ...(await listening(server, '127.0.0.1')), asked };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}

/** Rejects where the host is not an address of this machine. */
async function listening(server: Server, host: string): Promise<Road> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
