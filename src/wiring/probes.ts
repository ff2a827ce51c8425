// The probes, told what to look at.
import type { HttpRoute } from '../http.ts';
import { probeRoutes } from '../probes.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';

export function buildProbes(
  { metrics }: Base,
  { memory, isReady }: { memory: Memory; isReady(): boolean },
): HttpRoute[] {
  return probeRoutes({
    checks: {
      redis: () => memory.redis.ping(),
      slack: () => (isReady() ? Promise.resolve() : Promise.reject(new Error('not connected'))),
    },
    metrics: async () => ({ text: await metrics.registry.metrics(), contentType: metrics.registry.contentType }),
  });
}
