// A twenty-line app for the simulator's own tests: keeps what it was sent and answers as told.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './http.ts';

export type Received = { headers: IncomingHttpHeaders; raw: string; form: URLSearchParams };
export type AppAnswer = { status?: number; body?: string; headers?: Record<string, string> };

export class FakeApp {
  readonly received: Received[] = [];
  answer: (received: Received) => AppAnswer | Promise<AppAnswer> = () => ({});
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request);
    const received = { headers: request.headers, raw, form: new URLSearchParams(raw) };
    this.received.push(received);
    const { status = 200, body = '', headers = {} } = await this.answer(received);
    response.writeHead(status, headers).end(body);
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/slack/events`;
  }

  /** The JSON of the newest interaction. */
  lastPayload(): Record<string, unknown> & { trigger_id: string; response_url: string } {
    return JSON.parse(this.received.at(-1)?.form.get('payload') ?? 'null');
  }

  lastCommand(): URLSearchParams {
    return this.received.at(-1)?.form ?? new URLSearchParams();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
