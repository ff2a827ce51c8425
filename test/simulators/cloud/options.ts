// What a test may choose about the simulated cloud, and what it gets when it does not.

import type { Now } from '../../../src/clock.ts';
import type { Seed } from './seeds.ts';

/** `otc` and `huawei` differ from plain OpenStack in sign-in, links, page size and error shapes. */
export type Mode = 'openstack' | 'otc' | 'huawei';

/** How long each change takes, in milliseconds of `now`. */
export type Pace = {
  stopMs: number;
  startMs: number;
  resizeMs: number;
  confirmMs: number;
  revertMs: number;
  rebootMs: number;
  deleteMs: number;
  /** From BUILD to ACTIVE. */
  createMs: number;
  volumeMs: number;
  attachMs: number;
  detachMs: number;
  /** What a job of the native API adds around the change itself. */
  jobMs: number;
};

/** How the service catalog is written; clouds differ in every one of these. */
export type CatalogShape = {
  projectIdInPath: boolean;
  /** `*` and null are what region-less services carry on some clouds. */
  region: string | null;
  trailingSlash: boolean;
  /** The compute service's root alone, as some catalogs have it: clients must add the version themselves. */
  withoutVersions: boolean;
  /** Further regions; their endpoints begin with `/r/{region}` and lead to the same world. */
  moreRegions: string[];
  /** Service types left out, e.g. `['volumev3']`. */
  without: string[];
};

/** The identity provider as the cloud asks it. Null: not a token of that kind, or no longer good. */
export type IdentityProvider = {
  introspect(accessToken: string): Promise<{ sub: string; name: string } | null>;
  verifyIdToken(idToken: string): Promise<{ sub: string; name: string } | null>;
};

export type CloudOptions = {
  port?: number;
  now?: Now;
  /** `manual`: a change waits for `finish(name)`. */
  pace?: Partial<Pace> | 'manual';
  /** Added before every answer, in real milliseconds. */
  latencyMs?: number;
  mode?: Mode;
  /** Highest compute microversion; null: a cloud without microversions (only `/v2/`). */
  maxMicroversion?: string | null;
  tokenSeconds?: number;
  /** Length of a token's text; clouds with signed tokens reach several KiB. */
  tokenLength?: number;
  /** How long the compute service goes on trusting a token it has seen. */
  tokenCacheSeconds?: number;
  /** Real milliseconds between an action's checks and its commit: what two people at once fall into. */
  raceWindowMs?: number;
  /** Whether a running server is refused a resize (`Ecs.0100`), as some clouds do. */
  resizeNeedsStop?: boolean;
  /** The cloud confirms a resize by itself after so long; null: never. */
  autoConfirmMs?: number | null;
  /** What happens to the connection after a 204: kept, closed with a word, or dropped without one. */
  after204?: 'kept' | 'closed' | 'dropped';
  /** Whether this region has the FPGA service; in `otc` and `huawei` mode only. */
  fpga?: boolean;
  /** Where `resize_flavors` is: the native API, Nova's, or nowhere. */
  resizeFlavors?: 'v1' | 'v2.1' | 'none';
  catalog?: Partial<CatalogShape>;
  identityProvider?: string;
  protocol?: string;
  idp?: IdentityProvider;
  seed?: Partial<Seed>;
};

export type Settings = {
  port: number;
  now: Now;
  pace: Pace | 'manual';
  latencyMs: number;
  mode: Mode;
  maxMicroversion: string | null;
  tokenSeconds: number;
  tokenLength: number;
  tokenCacheSeconds: number;
  raceWindowMs: number;
  resizeNeedsStop: boolean;
  autoConfirmMs: number | null;
  after204: 'kept' | 'closed' | 'dropped';
  fpga: boolean;
  resizeFlavors: 'v1' | 'v2.1' | 'none';
  catalog: CatalogShape;
  identityProvider: string;
  protocol: string;
  idp: IdentityProvider | null;
};

// Shortened from what a real control plane took: long enough for a poll to see each state, short enough for a test.
const PACE: Pace = {
  stopMs: 100,
  startMs: 100,
  resizeMs: 200,
  confirmMs: 100,
  revertMs: 200,
  rebootMs: 100,
  deleteMs: 100,
  createMs: 300,
  volumeMs: 100,
  attachMs: 100,
  detachMs: 100,
  jobMs: 100,
};

const PLAIN = {
  maxMicroversion: '2.93',
  tokenSeconds: 3600,
  tokenLength: 183,
  projectIdInPath: false,
  protocol: 'openid',
  region: 'RegionOne',
};

const OTC = {
  maxMicroversion: '2.60',
  tokenSeconds: 24 * 3600,
  tokenLength: 4096,
  projectIdInPath: true,
  protocol: 'oidc',
  region: 'eu-de',
};

/** Fills in the defaults, which depend on the mode. */
export function settingsFrom(options: CloudOptions): Settings {
  const mode = options.mode ?? 'openstack';
  const usual = mode === 'openstack' ? PLAIN : OTC;
  return {
    port: options.port ?? 0,
    now: options.now ?? Date.now,
    pace: options.pace === 'manual' ? 'manual' : { ...PACE, ...options.pace },
    latencyMs: options.latencyMs ?? 0,
    mode,
    maxMicroversion: options.maxMicroversion === undefined ? usual.maxMicroversion : options.maxMicroversion,
    tokenSeconds: options.tokenSeconds ?? usual.tokenSeconds,
    tokenLength: options.tokenLength ?? usual.tokenLength,
    tokenCacheSeconds: options.tokenCacheSeconds ?? 300,
    raceWindowMs: options.raceWindowMs ?? 30,
    resizeNeedsStop: options.resizeNeedsStop ?? false,
    autoConfirmMs: options.autoConfirmMs ?? null,
    after204: options.after204 ?? 'kept',
    fpga: options.fpga ?? false,
    resizeFlavors: options.resizeFlavors ?? 'v1',
    catalog: {
      projectIdInPath: usual.projectIdInPath,
      region: usual.region,
      trailingSlash: false,
      withoutVersions: false,
      moreRegions: [],
      without: [],
      ...options.catalog,
    },
    identityProvider: options.identityProvider ?? 'flight-idp',
    protocol: options.protocol ?? usual.protocol,
    idp: options.idp ?? null,
  };
}
