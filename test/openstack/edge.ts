// What the tests of the cloud edge share: recorded answers, an http on real connections, and nock that must be used up.
import { readFileSync } from 'node:fs';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { parseCatalog } from '../../src/openstack/catalog.ts';
import { connectCloud, type Connection, type ScopedToken, type TokenSource } from '../../src/openstack/client.ts';
import { createHttp, type Http, type HttpEvent, type HttpOptions } from '../../src/openstack/http.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { createTransport } from '../../src/openstack/transport.ts';
import { createVersions } from '../../src/openstack/versions.ts';

export const CLOUD = 'https://cloud.example.test';
export const COMPUTE = `${CLOUD}/v2.1`;

/** Paths of the other services, below `CLOUD`. */
export const VOLUME = '/volume/v3/p1';
export const IMAGE = '/image/v2';
export const NETWORK = '/network/v2.0';
export const ECS = '/ecs/v1/p1';
export const NOW = Date.parse('2026-11-20T21:00:00Z');

/** A recorded answer of a real OpenStack. */
export function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/openstack/edge/${name}.json`, import.meta.url), 'utf8'));
}

export type TestHttp = Http & { waits: number[]; events: HttpEvent[]; advance(ms: number): void };

/** Waits are noted instead of waited for; the clock stands still unless moved. */
export function createTestHttp(options: Partial<HttpOptions> = {}): TestHttp {
  const waits: number[] = [];
  const events: HttpEvent[] = [];
  let time = NOW;
  const http = createHttp({
    fetch: sharedTransport().fetch,
    now: () => time,
    random: () => 0.5,
    delay: async (ms) => void waits.push(ms),
    allowHttp: false,
    observe: (event) => events.push(event),
    ...options,
  });
  const advance = (ms: number): void => {
    time += ms;
  };
  return { ...http, waits, events, advance };
}

let transport: ReturnType<typeof createTransport> | null = null;

function sharedTransport(): ReturnType<typeof createTransport> {
  transport ??= createTransport({ caCertificate: null });
  return transport;
}

/** Any call nobody expected, and any expected one nobody made, fails the test. */
export function useNock(): void {
  const unexpected: string[] = [];
  const note = (request: Request): void => void unexpected.push(`${request.method} ${request.url}`);
  beforeAll(() => {
    nock.disableNetConnect();
    nock.emitter.on('no match', note);
  });
  beforeEach(() => void unexpected.splice(0));
  afterEach(() => {
    const missing = nock.pendingMocks();
    nock.cleanAll();
    expect(unexpected, 'calls nobody expected').toEqual([]);
    expect(missing, 'calls that were expected').toEqual([]);
  });
  afterAll(async () => {
    nock.emitter.off('no match', note);
    nock.restore();
    await transport?.close();
  });
}

export function scopedToken(value = 'token-1', computeUrl = COMPUTE): ScopedToken {
  const urls = {
    compute: computeUrl,
    volumev3: `${CLOUD}/volume/v3/p1`,
    image: `${CLOUD}/image`,
    network: `${CLOUD}/network`,
    ecs: `${CLOUD}/ecs/v1/p1`,
  };
  const services = Object.entries(urls).map(([type, url]) => ({
    type,
    name: type,
    endpoints: [{ interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url }],
  }));
  const catalog = parseCatalog(services) ?? [];
  return { value, expiresAt: NOW + 3_600_000, projectId: 'p1', catalog };
}

/** One token for ever; a renewal is a failure of the test. */
export function fixedToken(token: ScopedToken): TokenSource {
  return {
    current: async () => token,
    renew: async () => {
      throw new Error('nobody should renew this token');
    },
  };
}

export function connection(overrides: Partial<Connection> = {}): Connection {
  const http = overrides.http ?? createTestHttp();
  return {
    tokens: fixedToken(scopedToken()),
    http,
    profile: profiles.openstack,
    projectId: 'p1',
    region: 'RegionOne',
    interface: 'public',
    overrides: {},
    versions: createVersions(http, () => NOW),
    ceiling: null,
    ...overrides,
  };
}

export function connect(overrides: Partial<Connection> = {}): ReturnType<typeof connectCloud> {
  return connectCloud(connection(overrides));
}

/** The compute service says which microversions it has. */
export function offersVersions(max = '2.93', times = 1): void {
  nock(CLOUD)
    .get('/v2.1/')
    .times(times)
    .reply(200, { version: { id: 'v2.1', status: 'CURRENT', version: max, min_version: '2.1' } });
}

/** What the call threw; fails when it did not. */
export async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('the call should have failed'),
    (error: unknown) => error,
  );
}
