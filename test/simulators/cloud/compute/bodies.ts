// What the calls that create something share: the body under its one name, and the checks of Nova's schemas.

import { isRecord } from '../exchange.ts';
import type { ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { invalidField, missingProperty, python, requireNoOthers } from './schema.ts';

/** The object under `name`; refuses with 400 and 415. */
export function requireBody({ exchange }: ComputeCall, name: string): Record<string, unknown> {
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (type !== 'application/json') throw novaRefusal(415, 'Unsupported Content-Type');
  const body = parse(exchange.body);
  if (!isRecord(body)) throw novaRefusal(400, 'Malformed request body');
  const inner = body[name];
  if (!isRecord(inner)) throw invalidField('None', body, `'${name}' is a required property`);
  return inner;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The fields that must be there, and those that may; in this order, as the schemas complain. */
export function requireFields(
  name: string,
  value: Record<string, unknown>,
  { required, allowed }: { required: string[]; allowed: string[] },
): void {
  for (const field of required) if (value[field] === undefined) throw missingProperty(name, value, field);
  requireNoOthers(name, value, allowed);
}

/** Names of servers and key pairs. */
export function requireName(value: unknown): string {
  if (typeof value !== 'string') throw invalidField('name', value, `${python(value)} is not of type 'string'`);
  if (value === '') throw invalidField('name', value, "'' is too short");
  if (value.length > 255) throw invalidField('name', value, `'${value}' is too long`);
  if (value !== value.trim() || /\p{Cc}/u.test(value)) {
    const rule = 'printable characters. Can not start or end with whitespace.';
    throw novaRefusal(400, `An invalid 'name' value was provided. The name must be: ${rule}`);
  }
  return value;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export function requireUuid(field: string, value: unknown): string {
  if (typeof value !== 'string' || !UUID.test(value))
    throw invalidField(field, value, `${python(value)} is not a 'uuid'`);
  return value;
}
