// Neutron's refusals, word for word where they were heard from a real one.

import { Refusal } from '../exchange.ts';

export function neutronRefusal(status: number, type: string, message: string): Refusal {
  return new Refusal({ status, body: { NeutronError: { type, message, detail: '' } } });
}

export function badAttribute(message: string): Refusal {
  return neutronRefusal(400, 'HTTPBadRequest', message);
}

export function invalidInput(message: string): Refusal {
  return neutronRefusal(400, 'InvalidInput', `Invalid input for operation: ${message}`);
}

export function notFound(kind: 'Network' | 'Subnet' | 'Port', id: string): Refusal {
  return neutronRefusal(404, `${kind}NotFound`, `${kind} ${id} could not be found.`);
}

export function overQuota(kind: string): Refusal {
  return neutronRefusal(409, 'OverQuota', `Quota exceeded for resources: ['${kind}'].`);
}

export function policyRefusal(rule: string): Refusal {
  return neutronRefusal(403, 'PolicyNotAuthorized', `rule:${rule} is disallowed by policy`);
}
