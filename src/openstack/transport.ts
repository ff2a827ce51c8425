// The connections under `http.ts`: undici's own fetch over one dispatcher that keeps them.
import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Fetch } from './http.ts';

export type Transport = { fetch: Fetch; close(): Promise<void> };

/** Undici's default drops idle connections after 4 s: at one command every few seconds each would connect anew. */
const KEEP_IDLE_MS = 60_000;

/** Tokens of Huawei and OTC are several KB, and come in a header. */
const LARGEST_HEADERS = 64 * 1024;

/**
 * `caCertificate`: PEM text of OS_CACERT, trusted beside the usual authorities. Proxies are taken from HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY. Not the global fetch: it cannot use a dispatcher of another undici than its own.
 */
export function createTransport(options: { caCertificate: string | null }): Transport {
  const tls = options.caCertificate === null ? {} : { ca: [...getCACertificates('default'), options.caCertificate] };
  const dispatcher = new EnvHttpProxyAgent({
    connections: 16,
    keepAliveTimeout: KEEP_IDLE_MS,
    keepAliveMaxTimeout: KEEP_IDLE_MS * 5,
    maxHeaderSize: LARGEST_HEADERS,
    allowH2: false,
    connect: { ...tls, timeout: 5000 },
    requestTls: tls,
  });
  return {
    fetch: async (url, init) => fetch(url, { ...init, dispatcher }),
    close: async () => dispatcher.close(),
  };
}
