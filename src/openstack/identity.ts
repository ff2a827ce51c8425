// Keystone and the IAM of Huawei and OTC: how a person becomes a token, and how the token ends.
import { UserError } from '../errors.ts';
import type { Catalog } from './catalog.ts';
import { parseCatalog } from './catalog.ts';
import { isCloudError, unusable } from './errors.ts';
import type { Http, HttpAnswer } from './http.ts';
import { instant, isObject, list, object, text, type Json } from './json.ts';
import { segment } from './path.ts';
import type { Profile } from './profile.ts';

/** Where the identity service is: OS_AUTH_URL, with or without `/v3`. */
export type IdentityService = { http: Http; authUrl: string };

/** A token and what its body told. `expiresAt` is in ms since the epoch. */
export type IssuedToken = {
  /** Secret. */
  value: string;
  expiresAt: number;
  user: { id: string; name: string };
  /** Null for an unscoped token. */
  project: TokenProject | null;
  /** Null for an unscoped token, and where the service leaves it out: see `fetchCatalog`. */
  catalog: Catalog | null;
  roles: string[];
};

export type TokenProject = { id: string; name: string; domainName: string | null };

/** `domainName` is not told by the list, only the id. */
export type ListedProject = { id: string; name: string; domainId: string | null };

/**
 * A token scoped to the credential's own project. POST /v3/auth/tokens (ecs-api A.7).
 * Throws CloudError: `unauthorized` for a wrong secret, `not_found` for a deleted credential.
 */
export async function applicationCredentialToken(
  service: IdentityService,
  credential: { id: string; secret: string },
): Promise<IssuedToken> {
  const { id, secret } = credential;
  const identity = { methods: ['application_credential'], application_credential: { id, secret } };
  return requestToken(service, { body: { auth: { identity } }, secrets: [secret] });
}

export type OidcExchange = {
  profile: Profile;
  /** OS_IDENTITY_PROVIDER and OS_PROTOCOL. */
  identityProvider: string;
  protocol: string;
  accessToken: string;
  /** Null when the provider gave none, as after a refresh. */
  idToken: string | null;
};

/**
 * The identity provider's tokens for an unscoped token of the cloud. Plain Keystone: POST /v3/OS-FEDERATION/… with the
 * access token; Huawei and OTC: POST /v3.0/OS-AUTH/id-token/tokens with the ID token (ecs-api A.6).
 * Throws CloudError: `unauthorized` for a token it does not take, `not_found` for an unknown identity provider;
 * `UserError` (`sign_in_failed`) when the profile needs an ID token and there is none.
 */
export async function exchangeOidcToken(service: IdentityService, exchange: OidcExchange): Promise<IssuedToken> {
  const token = federationToken(exchange);
  const call =
    exchange.profile.federationForm === 'iam'
      ? iamCall(service, exchange, token)
      : keystoneCall(service, exchange, token);
  return requestToken(service, call, exchange.identityProvider);
}

function federationToken(exchange: OidcExchange): string {
  if (exchange.profile.federationToken === 'access_token') return exchange.accessToken;
  if (exchange.idToken !== null) return exchange.idToken;
  throw new UserError(
    'sign_in_failed',
    'The identity provider gave no ID token, which this cloud needs. Sign in again; if it stays so, ask the operator to add “openid” to OIDC_SCOPE.',
  );
}

function keystoneCall(service: IdentityService, exchange: OidcExchange, token: string): TokenCall {
  const provider = `identity_providers/${segment(exchange.identityProvider)}`;
  const url = `${v3(service)}/OS-FEDERATION/${provider}/protocols/${segment(exchange.protocol)}/auth`;
  return { url, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

function iamCall(service: IdentityService, exchange: OidcExchange, token: string): TokenCall {
  return {
    // Really `v3.0` here, and only here.
    url: `${root(service)}/v3.0/OS-AUTH/id-token/tokens`,
    headers: { 'x-idp-id': exchange.identityProvider },
    body: { auth: { id_token: { id: token } } },
    secrets: [token],
  };
}

/**
 * A token for one project from an unscoped (or other) token of the same person; it expires no later than that one.
 * POST /v3/auth/tokens, method `token` (ecs-api A.3). Throws CloudError: `unauthorized` when the person has no role there,
 * `not_found` when the token has ended, `forbidden` for tokens that came from an application credential.
 */
export async function rescope(service: IdentityService, token: string, projectId: string): Promise<IssuedToken> {
  const identity = { methods: ['token'], token: { id: token } };
  const scope = { project: { id: projectId } };
  return requestToken(service, { body: { auth: { identity, scope } }, secrets: [token] });
}

/**
 * The projects a token can be scoped to, without disabled ones and without `MOS`, Huawei's internal project for object
 * storage. GET /v3/auth/projects (ecs-api A.5), not paged. Throws CloudError.
 */
export async function listProjects(service: IdentityService, token: string): Promise<ListedProject[]> {
  const answer = await get(service, '/auth/projects', token);
  return list(object(answer.body)['projects']).flatMap(parseProject);
}

function parseProject(value: unknown): ListedProject[] {
  const wire = object(value);
  const [id, name] = [text(wire['id']), text(wire['name'])];
  if (id === null || name === null || name === 'MOS') return [];
  if (wire['enabled'] === false || wire['is_domain'] === true) return [];
  return [{ id, name, domainId: text(wire['domain_id']) }];
}

/** For tokens that came without one. GET /v3/auth/catalog (ecs-api A.5), project-scoped tokens only. Throws CloudError. */
export async function fetchCatalog(service: IdentityService, token: string): Promise<Catalog> {
  const answer = await get(service, '/auth/catalog', token);
  return parseCatalog(object(answer.body)['catalog']) ?? [];
}

/**
 * Ends this token only, neither its parent nor its children. DELETE /v3/auth/tokens (ecs-api A.4). A token that has ended
 * already counts as revoked. Throws CloudError.
 */
export async function revokeToken(service: IdentityService, token: string): Promise<void> {
  try {
    await service.http.send({
      method: 'DELETE',
      url: `${v3(service)}/auth/tokens`,
      headers: { 'x-auth-token': token, 'x-subject-token': token },
      secrets: [token],
    });
  } catch (error) {
    // 404: the subject has ended. 401: as the caller it is not accepted any more, which comes to the same.
    if (isCloudError(error, 'not_found') || isCloudError(error, 'unauthorized')) return;
    throw error;
  }
}

type TokenCall = { url?: string; headers?: Record<string, string>; body?: unknown; secrets: string[] };

/** `provider`: the identity provider that must have vouched for the person. */
async function requestToken(service: IdentityService, call: TokenCall, provider?: string): Promise<IssuedToken> {
  const url = call.url ?? `${v3(service)}/auth/tokens`;
  // Asking twice for a token does no harm, so a connection that died while idle is no reason to fail a sign-in.
  const answer = await service.http.send({ method: 'POST', ...call, url, repeatAfterReset: true });
  const asked = { method: 'POST', url, status: answer.status, requestId: answer.requestId };
  const token = object(object(answer.body)['token']);
  const vouchedBy = readProvider(token);
  if (provider !== undefined && vouchedBy !== null && vouchedBy !== provider) {
    throw unusable(asked, 'the token is from another identity provider');
  }
  const value = answer.header('x-subject-token');
  const expiresAt = instant(token['expires_at']);
  if (value === null || value === '') throw unusable(asked, 'the answer has no X-Subject-Token header');
  if (expiresAt === null) throw unusable(asked, 'the answer does not say when the token expires');
  return { value, expiresAt, ...parseTokenFacts(token) };
}

function parseTokenFacts(token: Json): Omit<IssuedToken, 'value' | 'expiresAt'> {
  const user = object(token['user']);
  return {
    user: { id: text(user['id']) ?? '', name: text(user['name']) ?? '' },
    project: parseTokenProject(token['project']),
    catalog: parseCatalog(token['catalog']),
    roles: list(token['roles']).flatMap((role) => text(object(role)['name']) ?? []),
  };
}

/** Older Keystones write a plain string. */
function readProvider(token: Json): string | null {
  const provider = object(object(token['user'])['OS-FEDERATION'])['identity_provider'];
  return text(provider) ?? text(object(provider)['id']);
}

function parseTokenProject(value: unknown): TokenProject | null {
  if (!isObject(value)) return null;
  const [id, name] = [text(value['id']), text(value['name'])];
  if (id === null) return null;
  return { id, name: name ?? id, domainName: text(object(value['domain'])['name']) };
}

async function get(service: IdentityService, path: string, token: string): Promise<HttpAnswer> {
  const headers = { 'x-auth-token': token };
  return service.http.send({ method: 'GET', url: v3(service) + path, headers, secrets: [token] });
}

function v3(service: IdentityService): string {
  return `${root(service)}/v3`;
}

/** OS_AUTH_URL is written with and without the version, with and without a slash. */
function root(service: IdentityService): string {
  return service.authUrl.replace(/\/+$/, '').replace(/\/v3(?:\.0)?$/, '');
}
