// Microversions: reading the two headers, comparing as pairs of numbers, and the echo on every answer.

import { novaRefusal } from './errors.ts';

/** Minor number only: the major one has been 2 ever since. */
export type Microversion = number;

export const LOWEST: Microversion = 1;

export function minorOf(version: string): Microversion {
  return Number(version.slice(version.indexOf('.') + 1));
}

/** The text asked for; null when no header speaks to compute. The newer header wins. */
export function askedVersion(headers: Record<string, string>): string | null {
  for (const part of (headers['openstack-api-version'] ?? '').split(',')) {
    const [service, version] = part.trim().split(/\s+/);
    if (service === 'compute' && version !== undefined) return version;
  }
  return headers['x-openstack-nova-api-version']?.trim() ?? null;
}

/** Refuses with 400 for nonsense and 406 for what the cloud does not have. */
export function negotiate(asked: string | null, highest: string): Microversion {
  if (asked === null) return LOWEST;
  if (asked === 'latest') return minorOf(highest);
  if (!/^[1-9]\d*\.(0|[1-9]\d*)$/.test(asked)) {
    throw novaRefusal(400, `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`);
  }
  const minor = minorOf(asked);
  if (!asked.startsWith('2.') || minor < LOWEST || minor > minorOf(highest)) {
    const range = `Minimum is 2.1 and maximum is ${highest}.`;
    throw novaRefusal(406, `Version ${asked} is not supported by the API. ${range}`);
  }
  return minor;
}

/** What was asked for is echoed even when it is refused, `latest` as the number it stands for; nonsense is not. */
export function echoHeaders(asked: string | null, highest: string): Record<string, string | string[]> {
  const version = asked === null ? '2.1' : asked === 'latest' ? highest : asked;
  if (!/^\d+\.\d+$/.test(version)) return {};
  return {
    'Openstack-Api-Version': `compute ${version}`,
    'X-Openstack-Nova-Api-Version': version,
    Vary: ['OpenStack-API-Version', 'X-OpenStack-Nova-API-Version'],
  };
}
