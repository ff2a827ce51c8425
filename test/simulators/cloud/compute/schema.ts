// The words in which Nova's JSON schemas refuse; values are printed as Python prints them.

import type { Refusal } from '../exchange.ts';
import { novaRefusal } from './errors.ts';

export function missingProperty(field: string, value: unknown, property: string): Refusal {
  return invalidField(field, value, `'${property}' is a required property`);
}

export function notOneOf(field: string, value: unknown, allowed: string[]): Refusal {
  return invalidField(field, value, `${python(value)} is not one of ${python(allowed)}`);
}

export function requireNoOthers(field: string, value: Record<string, unknown>, allowed: string[]): void {
  const extra = Object.keys(value).filter((key) => !allowed.includes(key));
  if (extra.length === 0) return;
  const were = extra.length === 1 ? 'was' : 'were';
  throw invalidField(
    field,
    value,
    `Additional properties are not allowed (${extra.map(python).join(', ')} ${were} unexpected)`,
  );
}

export function invalidField(field: string, value: unknown, reason: string): Refusal {
  return novaRefusal(400, `Invalid input for field/attribute ${field}. Value: ${plain(value)}. ${reason}`);
}

export function invalidQuery(name: string, value: string, reason: string): Refusal {
  return novaRefusal(400, `Invalid input for query parameters ${name}. Value: ${value}. ${reason}`);
}

// Nova interpolates the value itself with %s, which leaves a bare string without quotes.
export function plain(value: unknown): string {
  return typeof value === 'string' ? value : python(value);
}

export function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `'${key}': ${python(item)}`)
      .join(', ')}}`;
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
