// The identity provider: authorization code with PKCE, refresh and revocation, by openid-client.
// https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636 (PKCE), RFC 7009 (revocation)
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenRevocation,
  type ClientAuth,
  type Configuration,
  type CustomFetch,
  type DiscoveryRequestOptions,
} from 'openid-client';
import type { Now } from '../clock.ts';
import { mayUseHttp } from '../http-allowed.ts';
import { OidcError, toOidcError } from './oidc-error.ts';

export type OidcSettings = {
  issuer: string;
  clientId: string;
  /** Null for a public client. */
  clientSecret: string | null;
  /** Space separated; must hold `openid`. */
  scope: string;
  redirectUri: string;
  /** Plain http beyond loopback. */
  allowHttp: boolean;
};

/** What one trip to the provider must remember until the person is back. All of it secret. */
export type Trip = { state: string; nonce: string; verifier: string };

/** `expiresAt` is the access token's, ms since the epoch. */
export type OidcTokens = {
  accessToken: string;
  idToken: string | null;
  refreshToken: string | null;
  expiresAt: number | null;
};

/** Every method throws `OidcError` only. */
export type Oidc = {
  issuer: string;
  /** Where to send the browser, and what to remember meanwhile. */
  startTrip(): Promise<{ url: string; trip: Trip }>;
  /** `callback` is the whole address the browser came back to. */
  exchange(callback: URL, trip: Trip): Promise<OidcTokens>;
  /** A provider that rotates answers with a new refresh token, and the old one is dead; else the same is returned. */
  refresh(refreshToken: string): Promise<OidcTokens>;
  /** False when the provider offers no revocation. */
  revoke(token: string, kind: 'refresh_token' | 'access_token'): Promise<boolean>;
};

export type OidcDeps = { now: Now; pause(ms: number): Promise<void>; fetch?: CustomFetch };

/** A person waits at a page meanwhile, and the proxy before us gives up at 30 s. */
const TIMEOUT_SECONDS = 10;
/** How far the provider's clock and ours may differ. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Endpoints move seldom; a provider that was moved is found again without a restart. */
const DISCOVERY_KEPT_MS = 60 * 60_000;
const DISCOVERY_PAUSES_MS = [200, 800];

/** Throws an Error when the issuer's address is one we must not speak to. Makes no request. */
export function createOidc(settings: OidcSettings, deps: OidcDeps): Oidc {
  const configuration = remember(() => discover(settings, deps), deps.now);
  requireAllowed(settings.issuer, settings.allowHttp);
  return {
    issuer: settings.issuer,
    startTrip: () => guarded(async () => startTrip(await configuration(), settings)),
    exchange: (callback, trip) => guarded(async () => exchange(await configuration(), { callback, trip, deps })),
    refresh: (token) => guarded(async () => refresh(await configuration(), token, deps.now)),
    revoke: (token, kind) => guarded(async () => revoke(await configuration(), token, kind)),
  };
}

async function startTrip(configuration: Configuration, settings: OidcSettings): Promise<{ url: string; trip: Trip }> {
  const trip = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: settings.redirectUri,
    scope: settings.scope,
    state: trip.state,
    nonce: trip.nonce,
    code_challenge: await calculatePKCECodeChallenge(trip.verifier),
    code_challenge_method: 'S256',
  });
  return { url: url.href, trip };
}

type Return = { callback: URL; trip: Trip; deps: OidcDeps };

async function exchange(configuration: Configuration, { callback, trip, deps }: Return): Promise<OidcTokens> {
  const askedAt = deps.now();
  const answer = await authorizationCodeGrant(configuration, callback, {
    expectedState: trip.state,
    expectedNonce: trip.nonce,
    pkceCodeVerifier: trip.verifier,
    idTokenExpected: true,
  });
  return {
    accessToken: answer.access_token,
    idToken: answer.id_token ?? null,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: expiry(askedAt, answer.expires_in),
  };
}

async function refresh(configuration: Configuration, token: string, now: Now): Promise<OidcTokens> {
  const askedAt = now();
  const answer = await refreshTokenGrant(configuration, token);
  return {
    accessToken: answer.access_token,
    idToken: answer.id_token ?? null,
    refreshToken: answer.refresh_token ?? token,
    expiresAt: expiry(askedAt, answer.expires_in),
  };
}

function expiry(askedAt: number, seconds: number | undefined): number | null {
  return seconds === undefined ? null : askedAt + seconds * 1000;
}

/** RFC 7009 2.1; a token the provider does not know counts as revoked (2.2). */
async function revoke(configuration: Configuration, token: string, kind: string): Promise<boolean> {
  if (configuration.serverMetadata().revocation_endpoint === undefined) return false;
  await tokenRevocation(configuration, token, { token_type_hint: kind });
  return true;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toOidcError(error);
  }
}

/** Keeps a success for a while; a failure is forgotten, so the next caller tries again. */
function remember(load: () => Promise<Configuration>, now: Now): () => Promise<Configuration> {
  let kept: { value: Promise<Configuration>; until: number } | null = null;
  return () => {
    if (kept === null || now() >= kept.until) {
      const entry = { value: load(), until: now() + DISCOVERY_KEPT_MS };
      kept = entry;
      entry.value.catch(() => {
        if (kept === entry) kept = null;
      });
    }
    return kept.value;
  };
}

async function discover(settings: OidcSettings, deps: OidcDeps): Promise<Configuration> {
  for (const pauseMs of DISCOVERY_PAUSES_MS) {
    try {
      return await discoverOnce(settings, deps);
    } catch (error) {
      if (toOidcError(error).code !== 'unavailable') throw error;
      await deps.pause(pauseMs);
    }
  }
  return discoverOnce(settings, deps);
}

/** GET <issuer>/.well-known/openid-configuration */
async function discoverOnce(settings: OidcSettings, deps: OidcDeps): Promise<Configuration> {
  const options: DiscoveryRequestOptions = {
    timeout: TIMEOUT_SECONDS,
    // The ID token's signature is always checked: over plain http nothing else vouches for it.
    execute: [enableNonRepudiationChecks, ...(isHttp(settings.issuer) ? [allowInsecureRequests] : [])],
    ...(deps.fetch ? { [customFetch]: deps.fetch } : {}),
  };
  const metadata = { [clockTolerance]: CLOCK_TOLERANCE_SECONDS };
  const auth = authentication(settings.clientSecret);
  const found = await discovery(new URL(settings.issuer), settings.clientId, metadata, auth, options);
  checkEndpoints(found, settings.allowHttp);
  return found;
}

/** `client_secret_basic` is what a provider takes when it names nothing; `client_secret_post` where it does not offer that. */
function authentication(secret: string | null): ClientAuth {
  if (secret === null) return None();
  const basic = ClientSecretBasic(secret);
  const post = ClientSecretPost(secret);
  return (server, client, ...rest) => {
    const offered = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (offered.includes('client_secret_basic') ? basic : post)(server, client, ...rest);
  };
}

/** An http issuer turns the library's own check off, so each address it named is checked here. */
function checkEndpoints(configuration: Configuration, allowHttp: boolean): void {
  const server = configuration.serverMetadata();
  const used = [server.authorization_endpoint, server.token_endpoint, server.jwks_uri, server.revocation_endpoint];
  for (const address of used) if (address !== undefined) requireAllowed(address, allowHttp);
}

function requireAllowed(address: string, allowHttp: boolean): void {
  if (mayUseHttp(address, allowHttp)) return;
  throw new OidcError('misconfigured', 'the identity provider must be reached by https (or ALLOW_HTTP=1 must be set)');
}

function isHttp(address: string): boolean {
  return new URL(address).protocol === 'http:';
}
