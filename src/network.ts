// Connections of the process-wide fetch (Slack and the identity provider use it): kept between commands, proxied by the usual variables.
import { EnvHttpProxyAgent, install, setGlobalDispatcher } from 'undici';

/** Node drops idle connections after 4 s, so that at one command every few seconds each would connect anew. */
const KEEP_IDLE_MS = 60_000;

/** Process-wide, once: from now on every `fetch` keeps its connections. */
export function keepConnections(): void {
  // Node's own fetch would go through a translation of one undici's handlers to another's, at twice the CPU per call.
  install();
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      connections: 16,
      keepAliveTimeout: KEEP_IDLE_MS,
      keepAliveMaxTimeout: KEEP_IDLE_MS * 5,
      allowH2: false,
    }),
  );
}
