// The way to the identity provider and back, against a real one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOidc, type Oidc, type OidcSettings } from '../../src/auth/oidc.ts';
import { OidcError } from '../../src/auth/oidc-error.ts';
import {
  startIdentitySimulator,
  type IdentitySettings,
  type IdentitySimulator,
} from '../simulators/identity/server.ts';
import { openBrowser } from './browser.ts';

const CALLBACK = 'http://127.0.0.1:9/login/callback';
const PROVIDER: IdentitySettings = {
  clients: [{ id: 'flight-deck', secret: 'secret-of-the-client' }],
  users: [
    { login: 'alice', name: 'Alice Adams', groups: ['operators'] },
    { login: 'bob', name: 'Bob Brown' },
  ],
  redirectUris: [CALLBACK],
};

let provider: IdentitySimulator;
let oidc: Oidc;

beforeAll(async () => {
  provider = await startIdentitySimulator(PROVIDER);
  oidc = connect();
});
afterAll(() => provider.close());

function connect(changes: Partial<OidcSettings> = {}): Oidc {
  const settings = {
    issuer: provider.issuer,
    clientId: 'flight-deck',
    clientSecret: 'secret-of-the-client',
    scope: 'openid profile email groups',
    redirectUri: CALLBACK,
    allowHttp: false,
    ...changes,
  };
  return createOidc(settings, { now: Date.now, pause: () => Promise.resolve() });
}

/** Goes to the provider as a browser would and returns the address it sends the browser back to. */
async function visitAs(press: Record<string, string>, url: string): Promise<URL> {
  const browser = openBrowser(CALLBACK);
  const back = await browser.submit(await browser.open(url), press);
  return new URL(back.location ?? '');
}

async function signIn(one: Oidc, login = 'alice') {
  const { url, trip } = await one.startTrip();
  return one.exchange(await visitAs({ account: login }, url), trip);
}

function failure(work: Promise<unknown>): Promise<OidcError> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(OidcError);
      return error as OidcError;
    },
  );
}

describe('a trip to the identity provider', () => {
  it('asks for a code with PKCE S256, a state and a nonce', async () => {
    const { url, trip } = await oidc.startTrip();
    const query = new URL(url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: 'flight-deck',
      code_challenge_method: 'S256',
      nonce: trip.nonce,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid profile email groups',
      state: trip.state,
    });
    expect(query.get('code_challenge')).not.toBe(trip.verifier);
    expect(url).not.toContain(trip.verifier);
  });

  it('brings home tokens of the person who signed in', async () => {
    const tokens = await signIn(oidc);
    expect(await provider.introspect(tokens.accessToken)).toMatchObject({ login: 'alice', clientId: 'flight-deck' });
    expect(await provider.verifyIdToken(tokens.idToken ?? '')).toMatchObject({ login: 'alice', groups: ['operators'] });
    expect(tokens.refreshToken).toBeTruthy();
    expect(tokens.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('goes nowhere when the person presses Cancel', async () => {
    const { url, trip } = await oidc.startTrip();
    const error = await failure(oidc.exchange(await visitAs({ cancel: '1' }, url), trip));
    expect(error).toMatchObject({ code: 'denied', reason: 'access_denied' });
  });

  it.each([
    ['state', 'bad_answer'],
    ['verifier', 'invalid_grant'],
    ['nonce', 'bad_answer'],
  ])('is refused when the %s is not the one it began with', async (part, code) => {
    const { url, trip } = await oidc.startTrip();
    const other = (await oidc.startTrip()).trip;
    const back = await visitAs({ account: 'alice' }, url);
    const error = await failure(oidc.exchange(back, { ...trip, [part]: other[part as keyof typeof other] }));
    expect(error.code).toBe(code);
  });

  it('cannot be made twice with one code', async () => {
    const { url, trip } = await oidc.startTrip();
    const back = await visitAs({ account: 'alice' }, url);
    await oidc.exchange(back, trip);
    expect(await failure(oidc.exchange(back, trip))).toMatchObject({ code: 'invalid_grant' });
  });
});

describe('refreshing', () => {
  it('gives new tokens and a new refresh token, and the old one is worth nothing', async () => {
    const first = await signIn(oidc);
    const second = await oidc.refresh(first.refreshToken ?? '');
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await provider.introspect(second.accessToken)).toMatchObject({ login: 'alice' });
    expect(await failure(oidc.refresh(first.refreshToken ?? ''))).toMatchObject({ code: 'invalid_grant' });
  });

  it('says invalid_grant once an administrator has ended the sign-in', async () => {
    const tokens = await signIn(oidc, 'bob');
    provider.endSignIns('bob');
    expect(await failure(oidc.refresh(tokens.refreshToken ?? ''))).toMatchObject({ code: 'invalid_grant' });
  });
});

describe('revoking', () => {
  it('makes the tokens worthless at the provider', async () => {
    const tokens = await signIn(oidc);
    expect(await oidc.revoke(tokens.refreshToken ?? '', 'refresh_token')).toBe(true);
    expect(await provider.introspect(tokens.accessToken)).toBeNull();
    expect(await failure(oidc.refresh(tokens.refreshToken ?? ''))).toMatchObject({ code: 'invalid_grant' });
  });

  it('says so when the provider offers none', async () => {
    const plain = await startIdentitySimulator({ ...PROVIDER, offersRevocation: false });
    try {
      expect(await connect({ issuer: plain.issuer }).revoke('any', 'refresh_token')).toBe(false);
    } finally {
      await plain.close();
    }
  });
});

describe('a provider that does not work', () => {
  it.each([
    [500, 'unavailable'],
    [503, 'unavailable'],
    [404, 'bad_answer'],
  ])('answering %i is %s', async (status, code) => {
    provider.breakWith(status);
    const fresh = connect();
    try {
      expect(await failure(fresh.startTrip())).toMatchObject({ code });
    } finally {
      provider.breakWith(null);
    }
    await expect(fresh.startTrip()).resolves.toBeTruthy();
  });

  it('is unavailable when nobody listens', async () => {
    expect(await failure(connect({ issuer: 'http://127.0.0.1:9' }).startTrip())).toMatchObject({ code: 'unavailable' });
  });

  it('refuses a wrong client secret, and the error repeats neither it nor the tokens', async () => {
    const tokens = await signIn(oidc);
    const wrong = connect({ clientSecret: 'a-wrong-secret' });
    const error = await failure(wrong.refresh(tokens.refreshToken ?? ''));
    expect(error).toMatchObject({ code: 'refused', reason: 'invalid_client' });
    const everything = JSON.stringify([error, error.message, error.stack, error.cause]);
    expect(everything).not.toContain('a-wrong-secret');
    expect(everything).not.toContain(tokens.refreshToken);
  });
});

describe('plain http', () => {
  it.each(['http://idp.example', 'ftp://idp.example', 'idp.example'])('%s is refused before any request', (issuer) => {
    expect(() => connect({ issuer })).toThrow('https');
  });

  it('is used beyond loopback when the operator allows it', () => {
    expect(() => connect({ issuer: 'http://idp.example', allowHttp: true })).not.toThrow();
  });
});
