// Signing in through an OpenID provider, in the two ways of the two families of clouds.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import { inDefault, rescope, tokenOf } from '../testing/identity.ts';
import { personWith, send, type Seen } from '../testing/person.ts';
import { read, shapeOf } from '../testing/recorded.ts';

let cloud: CloudSimulator;

afterEach(async () => cloud.close());

const idp = {
  introspect: async (token: string) =>
    token === 'access-alice'
      ? { sub: 'alice', name: 'alice' }
      : token === 'access-eve'
        ? { sub: 'eve', name: 'eve' }
        : null,
  verifyIdToken: async (token: string) => (token === 'id-alice' ? { sub: 'alice', name: 'alice' } : null),
};

const federated = async (bearer: string, provider = 'flight-idp', protocol = 'openid'): Promise<Seen> =>
  send(cloud, `/identity/v3/OS-FEDERATION/identity_providers/${provider}/protocols/${protocol}/auth`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bearer}` },
  });

test('plain Keystone takes the access token and gives an unscoped token to rescope', async () => {
  cloud = await CloudSimulator.start({ idp });
  const seen = await federated('access-alice');
  expect(seen.status).toBe(201);
  expect(shapeOf(seen.body)).toEqual(shapeOf(JSON.parse(read('oidc/keystone-federated-unscoped.json'))));
  const scoped = await rescope(cloud, tokenOf(seen), inDefault('demo'));
  expect(scoped.body).toMatchObject({ token: { methods: ['openid', 'token'], user: { 'OS-FEDERATION': {} } } });
  expect((await personWith(cloud, tokenOf(scoped)).ask('/servers')).status).toBe(200);
});

test.each<[string, Parameters<typeof federated>, number]>([
  ['the ID token instead of the access token', ['id-alice'], 401],
  ['a person whom the mapping does not know', ['access-eve'], 401],
  ['an unknown identity provider', ['access-alice', 'other-idp'], 404],
  ['an unknown protocol', ['access-alice', 'flight-idp', 'saml2'], 404],
])('plain Keystone refuses %s', async (_what, args, status) => {
  cloud = await CloudSimulator.start({ idp });
  expect((await federated(...args)).status).toBe(status);
});

test('what stands in front of Keystone refuses in HTML, whatever is asked for', async () => {
  cloud = await CloudSimulator.start({ idp });
  expect((await federated('nonsense')).headers.get('content-type')).toContain('text/html');
});

test('the commercial clouds take the ID token at the same address and refuse the access token', async () => {
  cloud = await CloudSimulator.start({ idp, mode: 'otc' });
  expect((await federated('id-alice', 'flight-idp', 'oidc')).body).toMatchObject({ token: { methods: ['mapped'] } });
  const refused = await federated('access-alice', 'flight-idp', 'oidc');
  expect([refused.status, refused.body]).toMatchObject([401, { error: { code: 401 } }]);
});

const iam = async (auth: unknown, provider = 'flight-idp'): Promise<Seen> =>
  send(cloud, '/identity/v3.0/OS-AUTH/id-token/tokens', {
    method: 'POST',
    body: { auth },
    headers: { 'X-Idp-Id': provider },
  });

test('IAM gives a scoped token for an ID token in one call', async () => {
  cloud = await CloudSimulator.start({ idp, mode: 'huawei' });
  const id = cloud.world.project('demo').id;
  const seen = await iam({ id_token: { id: 'id-alice' }, scope: { project: { id } } });
  expect([seen.status, seen.body]).toMatchObject([201, { token: { project: { id } } }]);
  expect(tokenOf(seen)).toMatch(/^MII/);
});

test.each<[string, Parameters<typeof iam>, [status: number, code: string]]>([
  ['no ID token', [{}], [400, 'IAM.0011']],
  ['the access token', [{ id_token: { id: 'access-alice' } }], [401, 'IAM.0001']],
  ['an unknown identity provider', [{ id_token: { id: 'id-alice' } }, 'other'], [404, 'IAM.0004']],
  ['an unknown project', [{ id_token: { id: 'id-alice' }, scope: { project: { id: 'none' } } }], [404, 'IAM.0004']],
  [
    'a project without a role',
    [{ id_token: { id: 'id-alice' }, scope: { project: { name: 'admin', domain: { name: 'Default' } } } }],
    [403, 'IAM.0003'],
  ],
])('IAM refuses %s in its flat shape', async (_what, args, [status, code]) => {
  cloud = await CloudSimulator.start({ idp, mode: 'otc' });
  const seen = await iam(...args);
  expect([seen.status, seen.body]).toMatchObject([status, { error_code: code }]);
});

test('plain Keystone has no such call', async () => {
  cloud = await CloudSimulator.start({ idp });
  expect((await iam({ id_token: { id: 'id-alice' } })).status).toBe(404);
});
