// The probes, told what to look at.
import type { HttpRoute } from '../http.ts';
import { probeRoutes, within } from '../probes.ts';
import { countUnfinished } from '../redis/lanes.ts';
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
    async metrics() {
      // Counted when somebody asks; what cannot be counted is not a number.
      metrics.outboxWaiting.set(await within(countUnfinished(memory)).catch(() => Number.NaN));
      return { text: await metrics.registry.metrics(), contentType: metrics.registry.contentType };
    },
  });
}
