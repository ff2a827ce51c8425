// Cinder's refusals, word for word where they were heard from a real one; EVS's codes in the commercial modes.

import { novaFault } from '../compute/errors.ts';
import { Refusal } from '../exchange.ts';
import type { ServiceCall } from '../resource-service.ts';

export function cinderRefusal(status: number, message: string): Refusal {
  return new Refusal({ status, body: novaFault(status, message) });
}

export function volumeNotFound(id: string): Refusal {
  return cinderRefusal(404, `Volume ${id} could not be found.`);
}

export function invalidSize(value: unknown, reason: string): Refusal {
  return cinderRefusal(400, `Invalid input for field/attribute size. Value: ${String(value)}. ${reason}`);
}

export function policyRefusal(rule: string): Refusal {
  return cinderRefusal(403, `Policy doesn't allow ${rule} to be performed.`);
}

/** A quota answer looks like one about too many requests, and says by `Retry-After: 0` that waiting will not help. */
export function overQuota({ core }: ServiceCall, message: string): Refusal {
  if (core.settings.mode !== 'openstack') {
    const error = { code: 'EVS.1042', message: 'The quota of disks or gigabytes is insufficient.' };
    return new Refusal({ status: 400, body: { error } });
  }
  const overLimit = { code: 413, message, retryAfter: '0' };
  return new Refusal({ status: 413, headers: { 'Retry-After': '0' }, body: { overLimit } });
}
