// A person's connection to one project: finds the address, adds the token and the microversion, renews the token once.
import { findEndpoint, type Catalog, type Endpoint } from './catalog.ts';
import type { CallPreview, Cloud, CloudAnswer, CloudRequest } from './cloud.ts';
import { UserError } from '../errors.ts';
import { CloudError } from './errors.ts';
import type { Http, HttpCall } from './http.ts';
import type { Profile } from './profile.ts';
import { chooseMicroversion, type VersionRange, type Versions } from './versions.ts';

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

/** Makes no call by itself. */
export function connectCloud(connection: Connection): Cloud {
  return {
    projectId: connection.projectId,
    region: connection.region,
    profile: connection.profile,
    ceiling: connection.ceiling,
    call: async (request) => callWithRenewal(connection, request),
    preview: async (request) => preview(connection, request),
  };
}

async function preview(connection: Connection, request: CloudRequest): Promise<CallPreview> {
  const token = await connection.tokens.current();
  const endpoint = locate(connection, request, token);
  const { version } = await negotiate(connection, request, { endpoint, token });
  const { method, url, headers = {}, body = null, secrets = [] } = toHttpCall(request, { endpoint, token, version });
  return { method, url, headers: { ...headers, 'x-auth-token': MASK }, body: masked(body, secrets) };
}

const MASK = '[secret]';

/** The same value with every secret string in it covered. */
function masked(value: unknown, secrets: string[]): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' && secrets.includes(part) ? MASK : part,
  );
}

/** A 401 is never carried out, so every method may be repeated after it: once, then the 401 is the answer. */
async function callWithRenewal(connection: Connection, request: CloudRequest): Promise<CloudAnswer> {
  const token = await connection.tokens.current();
  try {
    return await callNegotiated(connection, request, token);
  } catch (error) {
    if (!(error instanceof CloudError) || error.status !== 401) throw error;
    const next = await replace(connection.tokens, token);
    return callNegotiated(connection, request, next).catch((again: unknown) => {
      throw isOfAnotherRegion(again) ? wrongRegion(connection, again) : again;
    });
  }
}

/** What the gateways of Huawei and OTC say to a token that has ended, and to one of another region: that one a new token does not mend. */
function isOfAnotherRegion(error: unknown): boolean {
  return error instanceof CloudError && /^APIGW?\.0307$/.test(error.code ?? '');
}

function wrongRegion({ region }: Connection, cause: unknown): UserError {
  const here = region === null ? 'in this region' : `in ${region}`;
  const sentence = `The cloud takes nothing for this project ${here}. Choose the region that the project is in, with the region command, then try again.`;
  return new UserError('not_allowed', sentence, { cause });
}

/** Of many calls that were refused together, only the first renews: the others find the new token. */
async function replace(tokens: TokenSource, rejected: ScopedToken): Promise<ScopedToken> {
  const current = await tokens.current();
  return current.value === rejected.value ? tokens.renew(rejected.value) : current;
}

/** The services that have microversions, and the headers that ask for one (the second for Novas before 2.27). */
const VERSION_HEADERS: Partial<Record<CloudRequest['service'], (version: string) => Record<string, string>>> = {
  compute: (version) => ({
    'openstack-api-version': `compute ${version}`,
    'x-openstack-nova-api-version': version,
  }),
  volume: (version) => ({ 'openstack-api-version': `volume ${version}` }),
};

/** A 406 is never carried out either: the service was changed since we asked, so ask again and take what it has now. */
async function callNegotiated(connection: Connection, request: CloudRequest, token: ScopedToken): Promise<CloudAnswer> {
  const endpoint = locate(connection, request, token);
  const { version, range } = await negotiate(connection, request, { endpoint, token });
  try {
    return await send(connection.http, request, { endpoint, token, version });
  } catch (error) {
    if (range === null || !(error instanceof CloudError) || error.status !== 406) throw error;
    connection.versions.forget(endpoint.version, range);
    const lower = await negotiate(connection, request, { endpoint, token });
    if (lower.version === version) throw error;
    return send(connection.http, request, { endpoint, token, version: lower.version });
  }
}

function locate(connection: Connection, request: CloudRequest, token: ScopedToken): Endpoint {
  const { projectId, region, overrides, profile } = connection;
  // A token of another project would act there.
  if (token.projectId !== projectId)
    throw new Error(`a token of project ${token.projectId} was given for ${projectId}`);
  return findEndpoint(token.catalog, request.service, {
    projectId,
    region,
    interface: connection.interface,
    overrides,
    projectInPath: profile.projectInPath,
    nativeApi: profile.nativeApi,
  });
}

type Target = { endpoint: Endpoint; token: ScopedToken };

/** `range`: what the version was chosen from; both null for a call without one. */
type Choice = { version: string | null; range: VersionRange | null };

async function negotiate(connection: Connection, request: CloudRequest, target: Target): Promise<Choice> {
  const { microversion, service } = request;
  if (microversion === undefined || VERSION_HEADERS[service] === undefined) return { version: null, range: null };
  const range = await connection.versions.discover(target.endpoint.version, target.token.value);
  return { version: chooseMicroversion(microversion, range, service === 'compute' ? connection.ceiling : null), range };
}

async function send(http: Http, request: CloudRequest, target: Negotiated): Promise<CloudAnswer> {
  const answer = await http.send(toHttpCall(request, target));
  return { status: answer.status, body: answer.body, requestId: answer.requestId, at: answer.at };
}

type Negotiated = Target & { version: string | null };

function toHttpCall(request: CloudRequest, { endpoint, token, version }: Negotiated): HttpCall {
  const { method, path, query, body, service, timeoutMs, repeats } = request;
  const search = query === undefined || query.length === 0 ? '' : `?${new URLSearchParams(query).toString()}`;
  return {
    method,
    url: `${baseOf(endpoint, request)}${path}${search}`,
    headers: { 'x-auth-token': token.value, ...(version !== null && VERSION_HEADERS[service]?.(version)) },
    secrets: [token.value, ...(request.secrets ?? [])],
    ...(body !== undefined && { body }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(repeats !== undefined && { repeats }),
    // The list of versions is the one answer that comes as a redirect without being one.
    ...(request.below === 'root' && { alsoAnswers: [300] }),
  };
}

function baseOf(endpoint: Endpoint, { below }: CloudRequest): string {
  if (below === undefined) return endpoint.base;
  return below === 'version' ? endpoint.version : endpoint.version.slice(0, endpoint.version.lastIndexOf('/'));
}
