// A person's connection to one project: finds the address, adds the token and the microversion, renews the token once.
import type { Catalog } from './catalog.ts';
import type { Http } from './http.ts';
import type { Profile } from './profile.ts';
import type { Versions } from './versions.ts';

/** A token for one project, with what is needed to use it. `expiresAt` in ms since the epoch. */
export type ScopedToken = { value: string; expiresAt: number; projectId: string; catalog: Catalog };

/** Where tokens come from. Both may throw; what they throw reaches the caller of the cloud. */
export type TokenSource = {
  /** The token to use now, renewed ahead of its end by the source itself. */
  current(): Promise<ScopedToken>;
  /** A token other than `rejected`. Calls at the same time must share one renewal. */
  renew(rejected: string): Promise<ScopedToken>;
};

export type Connection = {
  tokens: TokenSource;
  http: Http;
  profile: Profile;
  projectId: string;
  region: string | null;
  /** `public`, `internal` or `admin`. */
  interface: string;
  /** URLs by service or catalog type, e.g. `{ volumev3: 'https://…' }`. */
  overrides: Record<string, string>;
  /** Shared by all connections, so that an endpoint is asked for its versions once. */
  versions: Versions;
  /** OS_COMPUTE_API_VERSION; null: whatever is discovered. */
  ceiling: string | null;
};
