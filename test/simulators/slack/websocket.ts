// The server's side of a WebSocket (RFC 6455), as much of it as Socket Mode needs.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

type Frame = { final: boolean; opcode: number; payload: Buffer; size: number };

export class WebSocketPeer {
  onText: (text: string) => void = () => {};
  onClose: () => void = () => {};
  readonly #socket: Duplex;
  #buffered = Buffer.alloc(0);
  #parts: Buffer[] = [];

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClose());
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  ping(): void {
    this.#write(PING, Buffer.alloc(0));
  }

  /** A closing handshake; the other side ends the connection. */
  close(code: number): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#write(CLOSE, payload);
    this.#socket.end();
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.#socket.writable) this.#socket.write(Buffer.concat([header(opcode, payload.length), payload]));
  }

  #receive(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    for (let frame = parse(this.#buffered); frame !== null; frame = parse(this.#buffered)) {
      this.#buffered = this.#buffered.subarray(frame.size);
      this.#handle(frame);
    }
  }

  #handle(frame: Frame): void {
    if (frame.opcode === PING) return this.#write(PONG, frame.payload);
    if (frame.opcode === PONG) return;
    if (frame.opcode === CLOSE) {
      this.#write(CLOSE, frame.payload);
      this.#socket.end();
      return;
    }
    this.#parts.push(frame.payload);
    if (!frame.final) return;
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.onText(text);
  }
}

/** Answers the upgrade request; null when it is none. */
export function accept(request: IncomingMessage, socket: Duplex): WebSocketPeer | null {
  const key = request.headers['sec-websocket-key'];
  if (key === undefined) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return null;
  }
  const proof = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`,
  );
  return new WebSocketPeer(socket);
}

function header(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(10);
  long.set([first, 127]);
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

/** The first whole frame, or null until more has come. Frames of a client are always masked. */
function parse(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const short = buffer.readUInt8(1) & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + lengthBytes + 4;
  if (buffer.length < start) return null;
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  const size = start + length;
  if (buffer.length < size) return null;
  const mask = buffer.subarray(start - 4, start);
  const payload = Buffer.from(buffer.subarray(start, size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  const first = buffer.readUInt8(0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size };
}
