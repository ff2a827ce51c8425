// What every resource file (servers, flavors, limits, …) needs of a signed-in connection to one project of one cloud.
import type { Profile } from './profile.ts';

/** Catalog types as we ask for them; aliases are the catalog resolver's business. */
export type Service = 'compute' | 'volume' | 'image' | 'network' | 'identity' | 'ecs';

/**
 * One HTTP call in our words. `path` is relative to the service root of the project, e.g. `/servers/detail`.
 * `microversion`: the lowest that gives what the call needs, and the highest its parser understands.
 */
export type CloudRequest = {
  service: Service;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: [name: string, value: string][];
  body?: unknown;
  microversion?: { least?: string; most: string };
  /** What `path` follows; without it the project's own part. `version`: `…/v2.1`; `root`: what stands before that. */
  below?: 'root' | 'version';
  /** Time limit in ms, for calls known to be slow. */
  timeoutMs?: number;
  /** How often it is made again at most; 0 for what nobody should wait for. */
  repeats?: number;
  /** Strings in the body that must not show up in errors and previews. */
  secrets?: string[];
};

/** `body` is parsed JSON or null; `at` is the cloud's own clock (its Date header) in ms since the epoch, else ours. */
export type CloudAnswer = { status: number; body: unknown; requestId: string | null; at: number };

/**
 * A person's connection to one project and region. `call` resolves with 2xx answers only; everything else throws a
 * `CloudError`. It adds the token, renews it once on a 401, negotiates the microversion, retries GETs only.
 */
export type Cloud = {
  projectId: string;
  region: string | null;
  profile: Profile;
  /** The highest compute microversion the operator allows; null: whatever the cloud offers. */
  ceiling: string | null;
  call(request: CloudRequest): Promise<CloudAnswer>;
  /** What `call` would send, secrets masked, without sending it. Throws as `call` does for what comes before sending. */
  preview(request: CloudRequest): Promise<CallPreview>;
};

/** One HTTP call as it would go out. Header names in lower case; null: no body. */
export type CallPreview = {
  method: CloudRequest['method'];
  url: string;
  headers: Record<string, string>;
  body: unknown;
};
