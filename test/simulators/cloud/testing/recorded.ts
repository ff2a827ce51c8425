// Answers of a real OpenStack, made comparable: what differs from run to run is replaced by its kind.

import { readFileSync } from 'node:fs';

import { isRecord } from '../exchange.ts';
import type { Seen } from './person.ts';

const FOLDER = new URL('../../../fixtures/openstack/recorded/', import.meta.url);

export type Comparable = { status: number; headers: Record<string, string>; body: unknown };

/** A refusal: a file with status, headers and body in one, or (some races) with nothing but the body of a fault. */
export function recordedRefusal(file: string): Comparable {
  const whole: unknown = JSON.parse(read(`${file}.json`));
  if (!isRecord(whole)) throw new Error(`${file} is not a recorded refusal`);
  if (!('status' in whole)) {
    const [fault] = Object.values(whole);
    return { status: isRecord(fault) ? Number(fault['code']) : 0, headers: {}, body: masked(whole) };
  }
  const lines = Array.isArray(whole['headers']) ? whole['headers'].map(String) : [];
  return { status: Number(whole['status']), headers: comparableHeaders(lines), body: masked(whole['body']) };
}

/** A 2xx answer: body and headers in two files; the tokens' headers are not kept for every one. */
export function recordedAnswer(file: string): { status: number; headers: Record<string, string>; body: unknown } {
  const [first = '', ...lines] = read(`${file}.headers`).trim().split(/\r?\n/);
  return {
    status: Number(first.split(' ')[1]),
    headers: comparableHeaders(lines),
    body: JSON.parse(read(`${file}.json`)),
  };
}

/** The simulator's answer with only those headers that the recording has too. */
export function comparable(seen: Seen, recorded: Comparable): Comparable {
  const headers = [...seen.headers].map(([name, value]) => `${name}: ${value}`);
  const kept = Object.entries(comparableHeaders(headers)).filter(([name]) => name in recorded.headers);
  return { status: seen.status, headers: Object.fromEntries(kept), body: masked(seen.body ?? seen.text) };
}

/** Keys and kinds of values, without the values: for answers about servers that are not the same servers. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (!isRecord(value)) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, key === 'metadata' ? 'map' : shapeOf(item)] as const,
  );
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Ids, addresses and times replaced by what they are. */
export function masked(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? '')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replaceAll(/[0-9a-f]{32,56}/g, 'HEX')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+(\/identity|\/compute)?/g, 'ORIGIN')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, 'TIME'),
  ) as unknown;
}

function comparableHeaders(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || name.toLowerCase() === 'content-length') continue;
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  // Two services run on one port here, below a path; what follows the origin is compared all the same.
  const text = JSON.stringify(masked(headers)).replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, 'DATE');
  return JSON.parse(text) as Record<string, string>;
}

export function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}
