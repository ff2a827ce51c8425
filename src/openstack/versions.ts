// Microversions: what an endpoint offers, asked once, and which one a call is made with (ecs-api B.1).
import type { Now } from '../clock.ts';
import { UserError } from '../errors.ts';
import { isCloudError } from './errors.ts';
import type { Http } from './http.ts';
import { list, object, text } from './json.ts';

/** Compared as integer pairs: 2.9 < 2.10 < 2.100. */
export type Microversion = [major: number, minor: number];

export type VersionRange = { min: Microversion; max: Microversion };

export type Versions = {
  /**
   * What the endpoint at `url` (up to and with its version, no slash) offers; null: no microversions, or it did not say.
   * Never throws. Callers at the same time share one request.
   */
  discover(url: string, token: string): Promise<VersionRange | null>;
  /** Asks again the next time: a version of `offered` was refused. Not if it has been asked again since. */
  forget(url: string, offered: VersionRange): void;
};

/** What did not answer is asked again after this, not at every call. */
const FORGET_FAILURE_MS = 60_000;

/** Everything works without microversions, so nobody waits long for them. */
const TIMEOUT_MS = 5000;

export function createVersions(http: Http, now: Now): Versions {
  const known = new Map<string, Discovery>();
  return {
    discover: async (url, token) => {
      const found = known.get(url);
      if (found !== undefined && now() < found.until) return found.range;
      const fresh = startDiscovery(http, { url, token, now });
      known.set(url, fresh);
      return fresh.range;
    },
    forget: (url, offered) => {
      if (known.get(url)?.offered === offered) known.delete(url);
    },
  };
}

/** `until`: our clock in ms. `offered`: what `range` has come to; null before that, and where it came to nothing. */
type Discovery = { range: Promise<VersionRange | null>; offered: VersionRange | null; until: number };

function startDiscovery(http: Http, asked: { url: string; token: string; now: Now }): Discovery {
  const discovery: Discovery = { range: Promise.resolve(null), offered: null, until: Infinity };
  const keep = (range: VersionRange | null): VersionRange | null => {
    discovery.offered = range;
    return range;
  };
  discovery.range = fetchRange(http, asked.url, asked.token).then(keep, (error: unknown) => {
    // A refused token says nothing about the endpoint: the next one will do.
    const refused = isCloudError(error, 'unauthorized');
    discovery.until = refused ? -Infinity : asked.now() + FORGET_FAILURE_MS;
    return null;
  });
  return discovery;
}

/** GET /v2.1/. Upstream wants no token here; gateways and older Novas may. */
async function fetchRange(http: Http, url: string, token: string): Promise<VersionRange | null> {
  const call = { method: 'GET', url: `${url}/`, timeoutMs: TIMEOUT_MS, repeats: 0 } as const;
  try {
    return readRange((await http.send(call)).body, url);
  } catch (error) {
    if (!isCloudError(error, 'unauthorized')) throw error;
    const answer = await http.send({ ...call, headers: { 'x-auth-token': token }, secrets: [token] });
    return readRange(answer.body, url);
  }
}

/** One version's own document, or the list of a service root. No maximum (`""`, null, missing): no microversions. */
export function readRange(body: unknown, url: string): VersionRange | null {
  const wire = object(body);
  const id = url.slice(url.lastIndexOf('/') + 1);
  const found = wire['version'] ?? list(wire['versions']).find((entry) => isVersion(text(object(entry)['id']), id));
  const max = parseMicroversion(text(object(found)['version']));
  const min = parseMicroversion(text(object(found)['min_version']));
  return max === null ? null : { min: min ?? max, max };
}

/** Cinder lists `v3.0` for what is served at /v3. */
function isVersion(listed: string | null, wanted: string): boolean {
  return listed === wanted || listed === `${wanted}.0`;
}

/** Null for anything but `major.minor`. */
export function parseMicroversion(written: string | null): Microversion | null {
  const found = /^(\d+)\.(\d+)$/.exec(written ?? '');
  return found === null ? null : [Number(found[1]), Number(found[2])];
}

export function compareMicroversions(a: Microversion, b: Microversion): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** `least`: what the call cannot do without. `most`: the highest whose answers we understand. */
export type WantedVersion = { least?: string; most: string };

/**
 * The version to ask for: the highest that the call, the endpoint and the operator (`ceiling`) all allow. Null: send no
 * header. Throws `UserError` (`unsupported`) when that is less than the call needs.
 */
export function chooseMicroversion(
  wanted: WantedVersion,
  range: VersionRange | null,
  ceiling: string | null,
): string | null {
  const limits = [parseMicroversion(wanted.most), range?.max ?? null, parseMicroversion(ceiling)];
  const [lowest] = limits.filter((limit) => limit !== null).toSorted(compareMicroversions);
  const usable = range !== null && lowest !== undefined && compareMicroversions(lowest, range.min) >= 0;
  const chosen = usable ? lowest : null;
  const least = parseMicroversion(wanted.least ?? null);
  if (least !== null && (chosen === null || compareMicroversions(chosen, least) < 0)) {
    throw new UserError(
      'unsupported',
      `This needs API version ${wanted.least}, which this cloud does not offer or its operator does not allow. Ask again without that option.`,
    );
  }
  return chosen === null ? null : chosen.join('.');
}
