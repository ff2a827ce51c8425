// Socket Mode: deliveries through a WebSocket the app holds open (https://docs.slack.dev/apis/events-api/using-socket-mode).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Settings } from './options.ts';
import type { Answer, Outgoing, Transport } from './sender.ts';
import { accept, type WebSocketPeer } from './websocket.ts';

const MAX_SOCKETS = 10;
const PING_EVERY_MS = 10_000;
const TRY_AGAIN_LATER = 1013;

const ENVELOPE_TYPE = {
  command: 'slash_commands',
  interaction: 'interactive',
  options: 'interactive',
  event: 'events_api',
} as const;

/** Why Slack says goodbye: `warning` comes about ten seconds ahead and closes nothing. */
export type Goodbye = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export class SocketMode {
  readonly #settings: Settings;
  readonly #tickets = new Set<string>();
  readonly #peers = new Map<WebSocketPeer, NodeJS.Timeout>();
  readonly #waiting = new Map<string, { peer: WebSocketPeer; resolve: (answer: Answer) => void }>();
  #turn = 0;
  #count = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get open(): number {
    return this.#peers.size;
  }

  /** A fresh address for one connection, as `apps.connections.open` gives it. */
  address(origin: string): string {
    const ticket = this.#settings.random();
    this.#tickets.add(ticket);
    return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${this.#settings.bot.appId}`;
  }

  /** Takes an upgrade request that carries a ticket not used before. */
  connect(request: IncomingMessage, socket: Duplex): void {
    const ticket = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const peer = accept(request, socket);
    if (peer !== null) this.#welcome(peer);
  }

  #welcome(peer: WebSocketPeer): void {
    if (this.#peers.size >= MAX_SOCKETS) {
      this.#goodbye(peer, 'too_many_websockets');
      return;
    }
    this.#peers.set(
      peer,
      setInterval(() => peer.ping(), PING_EVERY_MS),
    );
    peer.onText = (text) => this.#acked(text);
    peer.onClose = () => this.#gone(peer);
    const hello = {
      type: 'hello',
      num_connections: this.#peers.size,
      debug_info: { host: 'simulator', approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#settings.bot.appId },
    };
    peer.send(JSON.stringify(hello));
  }

  /** Each envelope goes to one of the open sockets; null when there is none. */
  transport(): Transport | null {
    const peers = [...this.#peers.keys()];
    const peer = peers[this.#turn % Math.max(1, peers.length)];
    if (peer === undefined) return null;
    this.#turn += 1;
    return (outgoing) => this.#deliver(peer, outgoing);
  }

  #deliver(peer: WebSocketPeer, { kind, payload, retry }: Outgoing): Promise<Answer> {
    this.#count += 1;
    const id = `${this.#count}-${this.#settings.random()}`;
    const repeated = retry === undefined ? {} : { retry_attempt: retry.num, retry_reason: retry.reason };
    const envelope = {
      envelope_id: id,
      type: ENVELOPE_TYPE[kind],
      payload,
      accepts_response_payload: kind !== 'event',
      ...repeated,
    };
    return new Promise((resolve) => {
      this.#waiting.set(id, { peer, resolve });
      peer.send(JSON.stringify(envelope));
    });
  }

  #acked(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id?: string; payload?: unknown };
    const waiting = this.#waiting.get(id ?? '');
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.resolve({ kind: 'answered', status: 200, headers: {}, body: bodyOf(payload) });
  }

  #gone(peer: WebSocketPeer): void {
    clearInterval(this.#peers.get(peer));
    this.#peers.delete(peer);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.peer !== peer) continue;
      this.#waiting.delete(id);
      waiting.resolve({ kind: 'unreachable' });
    }
  }

  /** Says goodbye on every socket. */
  disconnect(reason: Goodbye): void {
    for (const peer of this.#peers.keys()) this.#goodbye(peer, reason);
  }

  #goodbye(peer: WebSocketPeer, reason: Goodbye): void {
    peer.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'simulator' } }));
    if (reason !== 'warning') peer.close(TRY_AGAIN_LATER);
  }

  /** Cuts every socket without a word. */
  drop(): void {
    for (const peer of this.#peers.keys()) peer.drop();
  }
}

/** An empty object is an ack without an answer, as an empty body is over HTTP. */
function bodyOf(payload: unknown): string {
  if (payload === undefined || payload === null || payload === '') return '';
  if (typeof payload === 'string') return payload;
  return Object.keys(payload).length === 0 ? '' : JSON.stringify(payload);
}
