// Signing in, choosing a project and signing out, as Keystone does them; compared with recordings where there are any.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import type { CloudOptions } from '../options.ts';
import { SEED_PASSWORD } from '../seeds.ts';
import { inDefault, post, rescope, tokenOf, withToken } from '../testing/identity.ts';
import { bearerOf, person, send, signIn, type Seen } from '../testing/person.ts';
import { comparable, masked, recordedAnswer, recordedRefusal, shapeOf } from '../testing/recorded.ts';

let cloud: CloudSimulator;
let time = Date.parse('2026-11-20T21:00:00Z');

afterEach(async () => cloud.close());

async function begin(options: CloudOptions = {}): Promise<void> {
  cloud = await CloudSimulator.start({ now: () => time, ...options });
}

/** The token's body without its catalog, whose services differ from cloud to cloud. */
function bare(body: unknown): unknown {
  const { token } = body as { token: Record<string, unknown> };
  return Object.fromEntries(Object.entries(token).filter(([key]) => key !== 'catalog'));
}

test('a token by password looks like a real one, and its value is only in the header', async () => {
  await begin();
  const seen = await signIn(cloud, 'alice', 'demo');
  const recorded = recordedAnswer('keystone-token-scoped');
  expect(seen.status).toBe(201);
  expect(shapeOf(bare(seen.body))).toEqual(shapeOf(bare(recorded.body)));
  expect(seen.text).not.toContain(tokenOf(seen));
  expect(seen.headers.get('vary')).toBe('X-Auth-Token');
});

test('an unscoped token has neither project nor roles nor catalog', async () => {
  await begin();
  const seen = await signIn(cloud, 'dave', null);
  expect(shapeOf(seen.body)).toEqual(shapeOf(recordedAnswer('keystone-token-unscoped').body));
});

test('without a scope the token is for the project that the user calls their own', async () => {
  await begin();
  const user = { name: 'alice', password: SEED_PASSWORD, domain: { name: 'Default' } };
  const seen = await post(cloud, { identity: { methods: ['password'], password: { user } } });
  expect(seen.body).toMatchObject({ token: { project: { name: 'demo' } } });
});

test('nocatalog leaves the catalog out, and it can be asked for later', async () => {
  await begin();
  const user = { name: 'alice', password: SEED_PASSWORD, domain: { name: 'Default' } };
  const seen = await post(
    cloud,
    { identity: { methods: ['password'], password: { user } }, scope: inDefault('demo') },
    '?nocatalog',
  );
  expect(seen.body).not.toHaveProperty('token.catalog');
  const catalog = await withToken(cloud, '/v3/auth/catalog', { token: tokenOf(seen) });
  expect(shapeOf(catalog.body)).toEqual(shapeOf(recordedAnswer('keystone-catalog').body));
});

test('the catalog is refused to an unscoped token', async () => {
  await begin();
  const seen = await withToken(cloud, '/v3/auth/catalog', { token: tokenOf(await signIn(cloud, 'dave', null)) });
  expect(seen.status).toBe(403);
});

test('a rescoped token is for the other project, ends with the first, and tells its parent', async () => {
  await begin();
  const first = await signIn(cloud, 'alice', 'demo');
  time += 60_000;
  const second = await rescope(cloud, tokenOf(first), inDefault('ops'));
  expect(shapeOf(bare(second.body))).toEqual(shapeOf(bare(recordedAnswer('keystone-token-rescoped').body)));
  expect(second.body).toMatchObject({ token: { methods: ['password', 'token'], project: { name: 'ops' } } });
  const [one, two] = [first.body, second.body] as { token: { expires_at: string; audit_ids: string[] } }[];
  expect(two?.token.expires_at).toBe(one?.token.expires_at);
  expect(two?.token.audit_ids[1]).toBe(one?.token.audit_ids[0]);
});

test('projects are listed for an unscoped token, only those with a role', async () => {
  await begin();
  const seen = await withToken(cloud, '/v3/auth/projects', { token: tokenOf(await signIn(cloud, 'alice', null)) });
  const recorded = recordedAnswer('keystone-auth-projects');
  expect(shapeOf(seen.body)).toEqual(shapeOf(recorded.body));
  expect(seen.body).toMatchObject({ projects: [{ name: 'demo' }, { name: 'ops' }] });
});

test.each(['keystone-root', 'keystone-v3'])('the version document is the recorded one: %s', async (file) => {
  await begin();
  const recorded = recordedAnswer(file);
  const seen = await send(cloud, file === 'keystone-root' ? '/identity/' : '/identity/v3');
  expect({ ...comparable(seen, { ...recorded, body: null }), body: masked(seen.body) }).toEqual({
    ...recorded,
    body: masked(recorded.body),
  });
});

const wrongPassword = { name: 'alice', password: 'wrong', domain: { name: 'Default' } };

const refusals: [file: string, provoke: () => Promise<Seen>][] = [
  [
    'errors/keystone-wrong-password-401',
    async () => post(cloud, { identity: { methods: ['password'], password: { user: wrongPassword } } }),
  ],
  ['errors/keystone-no-role-401', async () => signIn(cloud, 'dave', 'demo')],
  [
    'errors/keystone-disabled-user-401',
    async () => {
      cloud.operator.setUserEnabled('bob', false);
      return signIn(cloud, 'bob', 'demo');
    },
  ],
  [
    'errors/keystone-expired-token-401',
    async () => {
      const token = tokenOf(await signIn(cloud, 'alice', 'demo'));
      time += 3_600_000;
      return withToken(cloud, '/v3/auth/projects', { token });
    },
  ],
  [
    'errors/keystone-revoked-token-401',
    async () => {
      const token = tokenOf(await signIn(cloud, 'alice', 'demo'));
      await withToken(cloud, '/v3/auth/tokens', { token, method: 'DELETE', subject: token });
      return withToken(cloud, '/v3/auth/projects', { token });
    },
  ],
  [
    'errors/keystone-validate-revoked-404',
    async () => {
      const [token, other] = [
        tokenOf(await signIn(cloud, 'alice', 'demo')),
        tokenOf(await signIn(cloud, 'alice', 'demo')),
      ];
      await withToken(cloud, '/v3/auth/tokens', { token, method: 'DELETE', subject: other });
      return withToken(cloud, '/v3/auth/tokens', { token, subject: other });
    },
  ],
  [
    'errors/keystone-appcred-deleted-401',
    async () => {
      const credential = cloud.applicationCredential('alice', 'demo');
      cloud.operator.deleteApplicationCredential(credential.id);
      return post(cloud, { identity: { methods: ['application_credential'], application_credential: credential } });
    },
  ],
  [
    'errors/keystone-appcred-token-after-delete',
    async () => {
      const credential = cloud.applicationCredential('alice', 'demo');
      const { token } = await bearerOf(cloud, credential);
      cloud.operator.deleteApplicationCredential(credential.id);
      return withToken(cloud, '/v3/auth/projects', { token });
    },
  ],
  [
    'errors/keystone-appcred-rescope',
    async () => {
      const { token } = await bearerOf(cloud, cloud.applicationCredential('alice', 'demo'));
      return rescope(cloud, token, inDefault('ops'));
    },
  ],
];

test.each(refusals)('Keystone refuses as a real one did: %s', async (file, provoke) => {
  await begin();
  const recorded = recordedRefusal(file);
  expect(comparable(await provoke(), recorded)).toEqual(recorded);
});

test('a token by application credential names the credential and only its roles', async () => {
  await begin();
  const credential = cloud.applicationCredential('alice', 'demo', { roles: ['member'] });
  const seen = await post(cloud, {
    identity: { methods: ['application_credential'], application_credential: credential },
  });
  expect(shapeOf(bare(seen.body))).toEqual(shapeOf(bare(recordedAnswer('keystone-token-appcred').body)));
  expect(seen.body).toMatchObject({ token: { roles: [{ name: 'member' }], methods: ['application_credential'] } });
});

test.each([
  ['a wrong secret', (id: string) => ({ application_credential: { id, secret: 'wrong' } }), undefined],
  [
    'a scope asked for',
    (id: string, secret: string) => ({ application_credential: { id, secret } }),
    inDefault('demo'),
  ],
])('an application credential is refused with %s', async (_why, build, scope) => {
  await begin();
  const { id, secret } = cloud.applicationCredential('alice', 'demo');
  const identity = { methods: ['application_credential'], ...build(id, secret) };
  expect((await post(cloud, { identity, ...(scope === undefined ? {} : { scope }) })).status).toBe(401);
});

test('an application credential is refused once it has ended', async () => {
  await begin();
  const credential = cloud.applicationCredential('alice', 'demo', { expiresAt: time + 1000 });
  time += 1000;
  const seen = await post(cloud, {
    identity: { methods: ['application_credential'], application_credential: credential },
  });
  expect(seen.status).toBe(401);
});

test('revoking a token ends that one alone: not the one made from it, nor the one it was made from', async () => {
  await begin();
  const parent = tokenOf(await signIn(cloud, 'alice', null));
  const child = tokenOf(await rescope(cloud, parent, inDefault('demo')));
  const grandchild = tokenOf(await rescope(cloud, child, inDefault('ops')));
  const gone = await withToken(cloud, '/v3/auth/tokens', { token: child, method: 'DELETE', subject: child });
  expect([gone.status, gone.text]).toEqual([204, '']);
  const standing = await Promise.all(
    [parent, child, grandchild].map(async (token) => withToken(cloud, '/v3/auth/projects', { token })),
  );
  expect(standing.map(({ status }) => status)).toEqual([200, 401, 200]);
});

test('a revoked token that Nova has seen goes on working there until its cache forgets it', async () => {
  await begin();
  const alice = await person(cloud, 'alice', 'demo');
  const unseen = await person(cloud, 'alice', 'demo');
  await alice.ask('/servers');
  cloud.operator.revokeAllTokens();
  expect((await alice.ask('/servers')).status).toBe(200);
  expect((await unseen.ask('/servers')).status).toBe(401);
  time += 300_000;
  expect((await alice.ask('/servers')).status).toBe(401);
});

test('a role taken away is felt by Keystone at once and by Nova later', async () => {
  await begin();
  const bob = await person(cloud, 'bob', 'demo');
  await bob.ask('/servers');
  cloud.operator.removeRole('bob', 'demo');
  expect((await withToken(cloud, '/v3/auth/projects', { token: bob.token })).status).toBe(401);
  expect((await bob.ask('/servers')).status).toBe(200);
});

test('a token may be checked with HEAD, and somebody else may not end it', async () => {
  await begin();
  const [alice, bob] = [tokenOf(await signIn(cloud, 'alice', 'demo')), tokenOf(await signIn(cloud, 'bob', 'demo'))];
  expect((await withToken(cloud, '/v3/auth/tokens', { token: alice, method: 'HEAD', subject: alice })).status).toBe(
    200,
  );
  expect((await withToken(cloud, '/v3/auth/tokens', { token: bob, method: 'DELETE', subject: alice })).status).toBe(
    403,
  );
  expect(
    (await withToken(cloud, '/v3/auth/tokens', { token: bob, method: 'DELETE', subject: 'nonsense' })).status,
  ).toBe(404);
});

test.each([
  ['no auth', {}, 400],
  [
    'a user name without its domain',
    { identity: { methods: ['password'], password: { user: { name: 'alice', password: 'x' } } } },
    400,
  ],
  ['an unknown method', { identity: { methods: ['telepathy'], telepathy: {} } }, 401],
])('a malformed sign-in is refused: %s', async (_what, auth, status) => {
  await begin();
  expect((await post(cloud, auth)).status).toBe(status);
});

test('the same project name in two domains is two projects', async () => {
  await begin({
    seed: {
      projects: [
        { name: 'demo' },
        { name: 'ops' },
        { name: 'admin' },
        { name: 'Größe サーバ' },
        { name: 'Größe サーバ', domainName: 'other' },
      ],
    },
  });
  const twins = [...cloud.world.projects.values()].filter(({ name }) => name === 'Größe サーバ');
  for (const { id } of twins) cloud.world.grant(cloud.world.user('bob').id, id, 'member');
  const token = tokenOf(await signIn(cloud, 'bob', null));
  const ids = await Promise.all(
    ['Default', 'other'].map(async (name) => {
      const seen = await rescope(cloud, token, { project: { name: 'Größe サーバ', domain: { name } } });
      return (seen.body as { token: { project: { id: string } } }).token.project.id;
    }),
  );
  expect(ids).toEqual(twins.map(({ id }) => id));
});
