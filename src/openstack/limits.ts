// How much of the project's quota is used.
import type { Cloud } from './cloud.ts';
import { number, object } from './json.ts';

/** `max` Infinity: unlimited. Either null: the cloud does not tell. */
export type Allowance = { used: number | null; max: number | null };

export type Limits = { servers: Allowance; cores: Allowance; ramMiB: Allowance };

/** GET /limits (ecs-api B.12). No microversion: what we read is the same in all of them. Throws CloudError. */
export async function showLimits(cloud: Cloud): Promise<Limits> {
  const answer = await cloud.call({ service: 'compute', method: 'GET', path: '/limits' });
  const absolute = object(object(object(answer.body)['limits'])['absolute']);
  return {
    servers: toAllowance(absolute['totalInstancesUsed'], absolute['maxTotalInstances']),
    cores: toAllowance(absolute['totalCoresUsed'], absolute['maxTotalCores']),
    ramMiB: toAllowance(absolute['totalRAMUsed'], absolute['maxTotalRAMSize']),
  };
}

/** Read from a count and a maximum as services write them. */
export function toAllowance(used: unknown, max: unknown): Allowance {
  const limit = number(max);
  // -1 is how Nova writes that there is none.
  return { used: number(used), max: limit !== null && limit < 0 ? Number.POSITIVE_INFINITY : limit };
}
