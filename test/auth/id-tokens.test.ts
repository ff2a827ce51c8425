// Whose ID tokens are believed: a provider made of its answers alone, so that it can sign whatever we like.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOidc, type Oidc } from '../../src/auth/oidc.ts';
import { OidcError } from '../../src/auth/oidc-error.ts';
import { HOUR, MINUTE } from '../support/clock.ts';

const ISSUER = 'https://idp.example.test';
const CALLBACK = 'https://bot.example.test/login/callback';

type Key = { kid: string; privateKey: KeyObject; publicKey: KeyObject };

function makeKey(kid: string): Key {
  return { kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

type Forgery = { head?: object; claims?: object; key?: Key };

function mint(nonce: string, key: Key, { head = {}, claims = {} }: Forgery): string {
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: ISSUER, aud: 'bot', sub: 'alice', iat: now, exp: now + 3600, nonce };
  const text = `${encode({ alg: 'ES256', kid: key.kid, ...head })}.${encode({ ...usual, ...claims })}`;
  const signature = sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** `published`: the keys at its address. */
class Provider {
  published: Key[];
  readonly oidc: Oidc;
  #token = '';

  constructor(key: Key) {
    this.published = [key];
    const settings = {
      issuer: ISSUER,
      clientId: 'bot',
      clientSecret: 'secret',
      scope: 'openid',
      redirectUri: CALLBACK,
    };
    const fetch = async (url: string): Promise<Response> => this.#answer(new URL(url).pathname);
    const pause = async (): Promise<void> => {};
    this.oidc = createOidc({ ...settings, allowHttp: false }, { now: Date.now, pause, fetch });
  }

  /** The whole trip, home with such a token. */
  async signIn(key: Key, forgery: Forgery = {}): Promise<string | null> {
    const { url, trip } = await this.oidc.startTrip();
    this.#token = mint(trip.nonce, forgery.key ?? key, forgery);
    const state = new URL(url).searchParams.get('state') ?? '';
    return (await this.oidc.exchange(new URL(`${CALLBACK}?code=c&state=${state}`), trip)).idToken;
  }

  #answer(path: string): Response {
    if (path === '/keys') return Response.json({ keys: this.published.map(toPublicJwk) });
    if (path === '/token') {
      return Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 3600, id_token: this.#token });
    }
    return Response.json({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: `${ISSUER}/keys`,
      id_token_signing_alg_values_supported: ['ES256'],
    });
  }
}

function toPublicJwk({ kid, publicKey }: Key): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}

const key = makeKey('one');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

async function refused(work: Promise<unknown>): Promise<OidcError> {
  const error: unknown = await work.then(
    () => expect.unreachable('it should not have been believed'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OidcError);
  return error as OidcError;
}

describe('an ID token', () => {
  it('is believed when the provider has signed it for us, just now', async () => {
    expect(await new Provider(key).signIn(key)).toMatch(/^ey/);
  });

  it.each([-55, 55])('is believed of a provider whose clock is %i s off', async (off) => {
    const now = Math.floor(Date.now() / 1000) + off;
    const claims = { iat: now, nbf: now, exp: now + 60 };
    expect(await new Provider(key).signIn(key, { claims })).toMatch(/^ey/);
  });

  it.each<[string, Forgery]>([
    ['has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 90 } }],
    ['is for later', { claims: { nbf: Math.floor(Date.now() / 1000) + 90 } }],
    ['is for somebody else', { claims: { aud: 'another-app' } }],
    ['comes from somebody else', { claims: { iss: 'https://evil.example.test' } }],
    ['was made for another trip', { claims: { nonce: 'another' } }],
    ['has no nonce', { claims: { nonce: undefined } }],
    ['is not signed', { head: { alg: 'none' } }],
    ['is signed with a key of the same name that is not the provider’s', { key: makeKey('one') }],
    ['is signed with a key that the provider does not have', { key: makeKey('unheard-of') }],
  ])('is not believed when it %s', async (_what, forgery) => {
    expect((await refused(new Provider(key).signIn(key, forgery))).code).toBe('bad_answer');
  });

  it('is not quoted in the refusal', async () => {
    const error = await refused(new Provider(key).signIn(key, { claims: { aud: 'another-app' } }));
    expect([error.message, error.stack, String(error.cause), JSON.stringify(error)].join()).not.toMatch(/eyJ/);
  });
});

describe('a provider that changes its keys', () => {
  it('is believed with the new key as soon as a minute has passed, without a restart', async () => {
    const provider = new Provider(key);
    await provider.signIn(key);
    const next = makeKey('two');
    provider.published = [next];
    vi.setSystemTime(Date.now() + MINUTE);
    expect(await provider.signIn(next)).toMatch(/^ey/);
  });

  it('is not believed any more with the old one', async () => {
    const provider = new Provider(key);
    await provider.signIn(key);
    provider.published = [makeKey('two')];
    vi.setSystemTime(Date.now() + HOUR);
    await refused(provider.signIn(key));
  });
});
