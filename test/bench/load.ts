// Slack's side of the load: signed requests over kept connections, so many at a time or so many per second.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { signedHeaders } from '../simulators/slack/signature.ts';

export type Caller = {
  /** Ms until the ack; throws for anything but 200. */
  send(form: Record<string, string>): Promise<number>;
  close(): void;
};

export function createCaller({ port, signingSecret }: { port: number; signingSecret: string }): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send(form) {
      const body = new URLSearchParams(form).toString();
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
        ...signedHeaders(signingSecret, Math.floor(Date.now() / 1_000), body),
      };
      const options = { host: '127.0.0.1', port, path: '/slack/events', method: 'POST', agent, headers };
      const from = performance.now();
      return new Promise((resolve, reject) => {
        const sent = request(options, (answer) => {
          answer.resume();
          answer.on('end', () => {
            if (answer.statusCode === 200) resolve(performance.now() - from);
            else reject(new Error(`answered ${answer.statusCode}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

/** `count` in all, `width` at a time. Resolves with each one's ms. */
export async function closedLoop(count: number, width: number, once: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      times.push(await once());
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return times;
}

/** One every so often, whether or not the ones before have been answered. Resolves with each one's ms. */
export async function openLoop(count: number, perSecond: number, once: () => Promise<number>): Promise<number[]> {
  const from = performance.now();
  const running: Promise<number>[] = [];
  for (let n = 0; n < count; n += 1) {
    const wait = from + (n * 1_000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    running.push(once());
  }
  return Promise.all(running);
}

/** `share` 0.5: the median. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}
