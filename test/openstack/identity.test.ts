// How a person becomes a token in both kinds of cloud, and how the token ends.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import {
  applicationCredentialToken,
  exchangeOidcToken,
  fetchCatalog,
  listProjects,
  rescope,
  revokeToken,
  type IdentityService,
  type OidcExchange,
} from '../../src/openstack/identity.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { CLOUD, createTestHttp, recorded, thrown, useNock } from './edge.ts';

useNock();

const SECRET = 'geheim-secret';

function service(authUrl = `${CLOUD}/identity/v3`): IdentityService {
  return { http: createTestHttp(), authUrl };
}

/** What was sent, seen by the cloud. */
function tokenRoute(path = '/identity/v3/auth/tokens'): {
  sent: () => Promise<unknown>;
  reply: (body: unknown) => void;
} {
  let seen: Promise<unknown> = Promise.resolve(null);
  return {
    sent: async () => seen,
    reply: (body) => {
      nock(CLOUD)
        .post(path)
        .reply(
          201,
          async (request: Request) => {
            seen = request.text().then((text) => (text === '' ? '' : JSON.parse(text)));
            await seen;
            return body as nock.Body;
          },
          { 'X-Subject-Token': 'new-token' },
        );
    },
  };
}

describe('an application credential', () => {
  test('becomes a token for its own project, without asking for a scope', async () => {
    const route = tokenRoute();
    route.reply(recorded('keystone-token-scoped'));
    const token = await applicationCredentialToken(service(), { id: 'ac1', secret: SECRET });
    expect(token).toMatchObject({
      value: 'new-token',
      user: { name: 'alice' },
      project: { id: '3e9cd2ccf71246cbb55c441b646d58c2', name: 'demo', domainName: 'Default' },
    });
    expect(token.roles).toContain('member');
    expect(token.catalog?.map((entry) => entry.type)).toContain('compute');
    expect(await route.sent()).toEqual({
      auth: {
        identity: { methods: ['application_credential'], application_credential: { id: 'ac1', secret: SECRET } },
      },
    });
  });

  test.each([`${CLOUD}/identity`, `${CLOUD}/identity/`, `${CLOUD}/identity/v3`, `${CLOUD}/identity/v3/`])(
    'finds its way from OS_AUTH_URL %s',
    async (authUrl) => {
      tokenRoute().reply(recorded('keystone-token-scoped'));
      const token = await applicationCredentialToken(service(authUrl), { id: 'ac1', secret: SECRET });
      expect(token.value).toBe('new-token');
    },
  );

  test('that was deleted is “not found”, and the secret stays out of the error', async () => {
    nock(CLOUD)
      .post('/identity/v3/auth/tokens')
      .reply(404, { error: { code: 404, message: `Could not find ${SECRET}`, title: 'Not Found' } });
    const error = await thrown(applicationCredentialToken(service(), { id: 'ac1', secret: SECRET }));
    expect(error).toMatchObject({ kind: 'not_found', serviceMessage: 'Could not find [secret]' });
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });

  test('of an account with a second factor says so', async () => {
    nock(CLOUD)
      .post('/identity/v3/auth/tokens')
      .reply(401, { receipt: {}, required_auth_methods: [['totp']] }, { 'Openstack-Auth-Receipt': 'r1' });
    const error = await thrown(applicationCredentialToken(service(), { id: 'ac1', secret: SECRET }));
    expect(error).toMatchObject({ kind: 'mfa_required' });
  });

  test('a token in the body only is no token', async () => {
    nock(CLOUD)
      .post('/identity/v3/auth/tokens')
      .reply(201, recorded('keystone-token-scoped') as nock.Body);
    const error = await thrown(applicationCredentialToken(service(), { id: 'ac1', secret: SECRET }));
    expect(error).toMatchObject({ kind: 'unexpected', serviceMessage: 'the answer has no X-Subject-Token header' });
  });

  test('a token that does not say when it ends cannot be used', async () => {
    tokenRoute().reply({ token: { user: { id: 'u1' } } });
    const error = await thrown(applicationCredentialToken(service(), { id: 'ac1', secret: SECRET }));
    expect(error).toMatchObject({ kind: 'unexpected' });
  });

  test('expires_at is read with its microseconds', async () => {
    tokenRoute().reply({ token: { expires_at: '2026-11-21T19:48:00.123456Z' } });
    const token = await applicationCredentialToken(service(), { id: 'ac1', secret: SECRET });
    expect(token.expiresAt).toBe(Date.parse('2026-11-21T19:48:00.123Z'));
    expect(token).toMatchObject({ project: null, catalog: null, roles: [] });
  });
});

describe('signing in with OpenID Connect', () => {
  const exchange: Omit<OidcExchange, 'profile'> = {
    identityProvider: 'lab-idp',
    protocol: 'openid',
    accessToken: 'the-access-token',
    idToken: 'the-id-token',
  };
  const federation = '/identity/v3/OS-FEDERATION/identity_providers/lab-idp/protocols/openid/auth';

  test('plain Keystone is shown the access token', async () => {
    nock(CLOUD, { reqheaders: { authorization: 'Bearer the-access-token' } })
      .post(federation)
      .reply(201, recorded('keystone-federated-unscoped') as nock.Body, { 'X-Subject-Token': 'unscoped' });
    const token = await exchangeOidcToken(service(), { ...exchange, profile: profiles.openstack });
    expect(token).toMatchObject({ value: 'unscoped', user: { name: 'erin' }, project: null, catalog: null });
  });

  test.each([profiles.otc, profiles.huawei])('$name is shown the ID token, at v3.0', async (profile) => {
    nock(CLOUD, { reqheaders: { 'x-idp-id': 'lab-idp' } })
      .post('/identity/v3.0/OS-AUTH/id-token/tokens', { auth: { id_token: { id: 'the-id-token' } } })
      .reply(201, recorded('keystone-federated-unscoped') as nock.Body, { 'X-Subject-Token': 'unscoped' });
    expect((await exchangeOidcToken(service(), { ...exchange, profile })).value).toBe('unscoped');
  });

  test('without an ID token OTC cannot be asked, and the person learns why', async () => {
    const error = await thrown(exchangeOidcToken(service(), { ...exchange, idToken: null, profile: profiles.otc }));
    expect(error).toMatchObject({ name: 'UserError', code: 'sign_in_failed' });
  });

  test('a token another identity provider vouched for is not taken', async () => {
    const body = {
      token: { expires_at: '2026-11-21T19:48:00Z', user: { 'OS-FEDERATION': { identity_provider: 'evil' } } },
    };
    nock(CLOUD).post(federation).reply(201, body, { 'X-Subject-Token': 'unscoped' });
    const error = await thrown(exchangeOidcToken(service(), { ...exchange, profile: profiles.openstack }));
    expect(error).toMatchObject({ kind: 'unexpected', serviceMessage: 'the token is from another identity provider' });
  });

  test('the HTML that Apache answers to a bad access token is a plain “unauthorized”', async () => {
    nock(CLOUD).post(federation).reply(401, '<html><head><title>401 Unauthorized</title></head></html>');
    const error = await thrown(exchangeOidcToken(service(), { ...exchange, profile: profiles.openstack }));
    expect(error).toMatchObject({ kind: 'unauthorized', serviceMessage: '401 Unauthorized' });
  });

  test.each([
    { what: 'an identity provider that IAM does not know', status: 404, code: 'IAM.0004', kind: 'not_found' },
    { what: 'an ID token that has expired, or is not for IAM', status: 401, code: 'IAM.0001', kind: 'unauthorized' },
    { what: 'a person whom no rule maps to a group', status: 403, code: 'IAM.0003', kind: 'forbidden' },
    { what: 'a call that IAM cannot read', status: 400, code: 'IAM.0011', kind: 'bad_request' },
    { what: 'an IAM in trouble', status: 500, code: 'IAM.0006', kind: 'unavailable' },
  ])('$what is told apart', async ({ status, code, kind }) => {
    nock(CLOUD)
      .post('/identity/v3.0/OS-AUTH/id-token/tokens')
      .reply(status, { error_msg: 'No, the-id-token will not do.', error_code: code });
    const error = await thrown(exchangeOidcToken(service(), { ...exchange, profile: profiles.otc }));
    expect(error).toMatchObject({ kind, code, serviceMessage: 'No, [secret] will not do.' });
  });
});

describe('projects', () => {
  test('an unscoped token becomes one for a project', async () => {
    const route = tokenRoute();
    route.reply(recorded('keystone-federated-scoped'));
    const token = await rescope(service(), 'unscoped', 'p1');
    expect(token.project?.name).toBe('demo');
    expect(await route.sent()).toEqual({
      auth: { identity: { methods: ['token'], token: { id: 'unscoped' } }, scope: { project: { id: 'p1' } } },
    });
  });

  test('those a token can be used for are listed', async () => {
    nock(CLOUD, { reqheaders: { 'x-auth-token': 'unscoped' } })
      .get('/identity/v3/auth/projects')
      .reply(200, recorded('keystone-auth-projects') as nock.Body);
    const projects = await listProjects(service(), 'unscoped');
    expect(projects).toEqual([
      { id: '3e9cd2ccf71246cbb55c441b646d58c2', name: 'demo', domainId: 'default' },
      { id: 'd71dc3179bed492ca3e50ec0514deae3', name: 'ops', domainId: 'default' },
    ]);
  });

  test('disabled ones and Huawei’s internal MOS are left out; odd names and equal names stay', async () => {
    const projects = [
      { id: '1', name: 'MOS', enabled: true },
      { id: '2', name: 'off', enabled: false },
      { id: '3', name: 'eu-de_Größe サーバ', enabled: true, domain_id: 'd1' },
      { id: '4', name: 'eu-de_Größe サーバ', enabled: true, domain_id: 'd2' },
      { id: '5', name: 'a domain', is_domain: true },
      'nonsense',
    ];
    nock(CLOUD).get('/identity/v3/auth/projects').reply(200, { projects });
    expect((await listProjects(service(), 't')).map((project) => project.id)).toEqual(['3', '4']);
  });

  test('nobody is in no project', async () => {
    nock(CLOUD).get('/identity/v3/auth/projects').reply(200, { projects: [] });
    expect(await listProjects(service(), 't')).toEqual([]);
  });

  test('a catalog that did not come with the token is fetched', async () => {
    nock(CLOUD)
      .get('/identity/v3/auth/catalog')
      .reply(200, recorded('keystone-catalog') as nock.Body);
    const catalog = await fetchCatalog(service(), 'scoped');
    expect(catalog.find((entry) => entry.type === 'compute')?.endpoints).toContainEqual({
      interface: 'public',
      region: 'RegionOne',
      url: 'http://127.0.0.1:8774/v2.1',
    });
  });
});

describe('signing out', () => {
  test('revokes the token by itself, in headers only', async () => {
    nock(CLOUD, { reqheaders: { 'x-auth-token': 't1', 'x-subject-token': 't1' } })
      .delete('/identity/v3/auth/tokens')
      .reply(204);
    await expect(revokeToken(service(), 't1')).resolves.toBeUndefined();
  });

  test.each([401, 404])('a token that has ended already (%i) is revoked enough', async (status) => {
    nock(CLOUD).delete('/identity/v3/auth/tokens').reply(status, '');
    await expect(revokeToken(service(), 't1')).resolves.toBeUndefined();
  });

  test('a revocation that fails is told, without the token', async () => {
    nock(CLOUD)
      .delete('/identity/v3/auth/tokens')
      .reply(500, { error: { code: 500, message: 'cannot revoke the-token-itself', title: 'x' } });
    const error = await thrown(revokeToken(service(), 'the-token-itself'));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(String(error)).not.toContain('the-token-itself');
  });
});
