// What an operator's machinery asks: alive, ready, numbers.
import type { HttpResponse, HttpRoute } from './http.ts';

type Deps = {
  /** Each resolves when that part works; its name is what /readyz reports otherwise. */
  checks: Record<string, () => Promise<unknown>>;
  metrics(): Promise<{ text: string; contentType: string }>;
};

/** A probe that waits longer than this has its answer: no. */
const CHECK_WITHIN_MS = 2_000;

export function probeRoutes({ checks, metrics }: Deps): HttpRoute[] {
  return [
    { method: 'GET', path: '/healthz', handle: async () => json(200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      async handle() {
        const down = await failing(checks);
        return down.length === 0 ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', down });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      async handle() {
        const { text, contentType } = await metrics();
        return { status: 200, headers: { 'content-type': contentType }, body: text };
      },
    },
  ];
}

async function failing(checks: Deps['checks']): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await works(check)) ? null : name)),
  );
  return results.filter((name) => name !== null);
}

async function works(check: () => Promise<unknown>): Promise<boolean> {
  return within(check()).then(
    () => true,
    () => false,
  );
}

/** Throws when it takes longer than a probe waits. */
export async function within<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('too late')), CHECK_WITHIN_MS).unref();
  });
  return Promise.race([work, late]);
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
