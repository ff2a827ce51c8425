// What of a cloud token is kept, and where its catalog comes from.
import nock from 'nock';
import { expect, test } from 'vitest';
import { createCloudSide } from '../../src/auth/cloud-side.ts';
import { findEndpoint } from '../../src/openstack/catalog.ts';
import type { IssuedToken } from '../../src/openstack/identity.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { CLOUD, createTestHttp, recorded, useNock } from '../openstack/edge.ts';

useNock();

const side = createCloudSide({
  service: { http: createTestHttp(), authUrl: `${CLOUD}/identity` },
  profile: profiles.openstack,
  identityProvider: 'idp',
  protocol: 'openid',
  interface: 'public',
});

const issued: IssuedToken = {
  value: 'scoped-token',
  expiresAt: 1,
  user: { id: 'u1', name: 'alice' },
  project: { id: 'p1', name: 'demo', domainName: null },
  catalog: null,
  roles: [],
};

test('a token that came without its catalog is asked for it, by itself, once', async () => {
  nock(CLOUD, { reqheaders: { 'x-auth-token': 'scoped-token' } })
    .get('/identity/v3/auth/catalog')
    .reply(200, recorded('keystone-catalog') as nock.Body);
  const { catalog, ...token } = await side.withCatalog(issued, 'p1');
  expect(token).toEqual({ value: 'scoped-token', expiresAt: 1, projectId: 'p1' });
  const query = { projectId: 'p1', region: 'RegionOne', interface: 'public', overrides: {}, projectInPath: false };
  expect(findEndpoint(catalog, 'compute', query).base).toBe('http://127.0.0.1:8774/v2.1');
});

test('a token that came with its catalog is asked for nothing, and keeps the addresses it may use', async () => {
  const url = 'https://ecs.example/v2.1';
  const endpoints = ['public', 'internal'].map((name) => ({ interface: name, region: null, url }));
  const whole = [
    { type: 'compute', endpoints },
    { type: 'placement', endpoints: endpoints.slice(1) },
  ];
  const { catalog } = await side.withCatalog({ ...issued, catalog: whole }, 'p1');
  expect(catalog).toEqual([{ type: 'compute', endpoints: endpoints.slice(0, 1) }]);
});
