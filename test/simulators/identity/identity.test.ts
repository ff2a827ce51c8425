// The simulated identity provider, as people and clouds meet it.
import { afterEach, describe, expect, it } from 'vitest';
import { createOidc, type Oidc } from '../../../src/auth/oidc.ts';
import { openBrowser } from '../../auth/browser.ts';
import { startIdentitySimulator, type IdentitySettings, type IdentitySimulator } from './server.ts';

const CALLBACK = 'http://127.0.0.1:9/back';
const running: IdentitySimulator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(changes: Partial<IdentitySettings> = {}): Promise<{ identity: IdentitySimulator; oidc: Oidc }> {
  const identity = await startIdentitySimulator({
    clients: [{ id: 'bot', secret: 'secret' }],
    users: [
      { login: 'alice', name: 'Alice <Ahrens>', groups: ['ops'] },
      { login: 'bob', name: 'Bob' },
    ],
    redirectUris: [CALLBACK],
    ...changes,
  });
  running.push(identity);
  const oidc = createOidc(
    {
      issuer: identity.issuer,
      clientId: 'bot',
      clientSecret: 'secret',
      scope: 'openid profile',
      redirectUri: CALLBACK,
      allowHttp: false,
    },
    { now: Date.now, pause: () => Promise.resolve() },
  );
  return { identity, oidc };
}

describe('the simulated identity provider', () => {
  it('lists the people to sign in as, on a page without script', async () => {
    const { oidc } = await start();
    const page = await openBrowser(CALLBACK).open((await oidc.startTrip()).url);
    expect(page.html).toContain('Alice &lt;Ahrens&gt;');
    expect(page.html).toContain('value="bob"');
    expect(page.html).not.toContain('<script');
  });

  it('asks everybody who they are each time, so that one browser can play several people', async () => {
    const { oidc, identity } = await start();
    const browser = openBrowser(CALLBACK);
    for (const login of ['alice', 'bob']) {
      const { url, trip } = await oidc.startTrip();
      const back = await browser.submit(await browser.open(url), { account: login });
      const tokens = await oidc.exchange(new URL(back.location ?? ''), trip);
      expect(await identity.introspect(tokens.accessToken)).toMatchObject({ login });
    }
  });

  it('lets a person through who is remembered, where that is wanted', async () => {
    const { oidc } = await start({ remembersPeople: true });
    const browser = openBrowser(CALLBACK);
    await browser.submit(await browser.open((await oidc.startTrip()).url), { account: 'alice' });
    expect((await browser.open((await oidc.startTrip()).url)).location).toContain(CALLBACK);
  });

  it('lets the person through whom a login hint names', async () => {
    const { oidc } = await start();
    const back = await openBrowser(CALLBACK).open(`${(await oidc.startTrip()).url}&login_hint=alice`);
    expect(back.location).toContain('code=');
  });

  it('insists on PKCE and on the redirect address on file', async () => {
    const { oidc } = await start();
    const url = new URL((await oidc.startTrip()).url);
    url.searchParams.set('redirect_uri', 'http://127.0.0.1:9/elsewhere');
    expect((await openBrowser(CALLBACK).open(url.href)).status).toBe(400);
    const plain = new URL((await oidc.startTrip()).url);
    plain.searchParams.delete('code_challenge');
    plain.searchParams.delete('code_challenge_method');
    expect((await openBrowser(CALLBACK).open(plain.href)).location).toContain('error=invalid_request');
  });

  it('vouches for its own ID tokens only', async () => {
    const [{ oidc, identity }, other] = [await start(), await start()];
    const { url, trip } = await oidc.startTrip();
    const browser = openBrowser(CALLBACK);
    const back = await browser.submit(await browser.open(url), { account: 'alice' });
    const { idToken } = await oidc.exchange(new URL(back.location ?? ''), trip);
    expect(await identity.verifyIdToken(idToken ?? '')).toMatchObject({
      login: 'alice',
      groups: ['ops'],
      clientId: 'bot',
    });
    expect(await other.identity.verifyIdToken(idToken ?? '')).toBeNull();
    expect(await identity.verifyIdToken('not.a.token')).toBeNull();
    expect(await identity.verifyIdToken('nonsense')).toBeNull();
    expect(await identity.introspect(idToken ?? '')).toBeNull();
  });
});
