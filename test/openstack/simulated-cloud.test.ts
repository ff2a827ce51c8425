// The whole edge against the strict simulated cloud, over real connections: plain OpenStack and OTC.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { connectCloud, type Connection, type ScopedToken } from '../../src/openstack/client.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import {
  applicationCredentialToken,
  exchangeOidcToken,
  listProjects,
  rescope,
  revokeToken,
  type IdentityService,
  type IssuedToken,
} from '../../src/openstack/identity.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { listServerActions, showServerAction } from '../../src/openstack/server-actions.ts';
import {
  confirmResize,
  listChangedServers,
  listServers,
  resizeServer,
  showServer,
} from '../../src/openstack/servers.ts';
import { createTransport } from '../../src/openstack/transport.ts';
import { SEED_IMAGE_ID } from '../simulators/cloud/seeds.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions } from '../simulators/cloud/options.ts';
import { until } from '../support/until.ts';
import { connection, createTestHttp, fixedToken, thrown } from './edge.ts';

const transport = createTransport({ caCertificate: null });
const clouds: CloudSimulator[] = [];

afterEach(async () => {
  await Promise.all(clouds.splice(0).map(async (cloud) => cloud.close()));
});

afterAll(async () => transport.close());

async function start(options: CloudOptions = {}): Promise<CloudSimulator> {
  const cloud = await CloudSimulator.start(options);
  clouds.push(cloud);
  return cloud;
}

function identity(cloud: CloudSimulator): IdentityService {
  return { http: createTestHttp({ fetch: transport.fetch }), authUrl: cloud.authUrl };
}

async function signIn(cloud: CloudSimulator): Promise<IssuedToken> {
  return applicationCredentialToken(identity(cloud), cloud.applicationCredential('alice', 'demo'));
}

function connectAs(token: IssuedToken, change: Partial<Connection> = {}): Cloud {
  const { value, expiresAt, project, catalog } = token;
  if (project === null || catalog === null) throw new Error('the token has no project or no catalog');
  const scoped: ScopedToken = { value, expiresAt, projectId: project.id, catalog };
  const http = createTestHttp({ fetch: transport.fetch });
  return connectCloud(connection({ http, tokens: fixedToken(scoped), projectId: project.id, ...change }));
}

async function alice(cloud: CloudSimulator): Promise<Cloud> {
  return connectAs(await signIn(cloud));
}

describe('plain OpenStack', () => {
  test('the first list after signing in is two requests, every further one is one', async () => {
    const cloud = await start();
    const me = await alice(cloud);
    const before = cloud.calls.length;
    const { servers } = await listServers(me, {});
    expect(servers.map((server) => server.name).toSorted()).toEqual(['db-1', 'web-1', 'web-2']);
    expect(cloud.calls.length - before).toBe(2);
    await listServers(me, { name: 'web' });
    expect(cloud.calls.length - before).toBe(3);
  });

  test('pages are followed to the end, each server once', async () => {
    const servers = Array.from({ length: 7 }, (_, at) => ({ name: `s${at}`, project: 'demo', flavor: '11' }));
    const me = await alice(await start({ seed: { servers } }));
    const names: string[] = [];
    let marker: string | null = null;
    do {
      const page = await listServers(me, { limit: 3, ...(marker !== null && { marker }) });
      names.push(...page.servers.map((server) => server.name));
      marker = page.next;
    } while (marker !== null);
    expect(names.toSorted()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
  });

  test('a resize is accepted, seen to wait, confirmed, and on record under its request id', async () => {
    const cloud = await start();
    const me = await alice(cloud);
    const { id } = cloud.server('web-1');
    const since = Date.now() - 2000;
    const { requestId } = await resizeServer(me, id, '12');
    await until(async () => (await showServer(me, id)).status === 'VERIFY_RESIZE', 'VERIFY_RESIZE');
    const changed = await listChangedServers(me, since);
    expect(changed.servers.find((server) => server.id === id)?.flavor).toMatchObject({ name: 's2.medium.1' });
    await confirmResize(me, id);
    await until(async () => (await showServer(me, id)).status === 'ACTIVE', 'ACTIVE');
    expect(await showServerAction(me, id, requestId ?? '')).toMatchObject({ action: 'resize', failed: false });
    expect(await thrown(confirmResize(me, id))).toMatchObject({ kind: 'conflict' });
  });

  test('a resize nothing has room for shows in the record only', async () => {
    const cloud = await start();
    const me = await alice(cloud);
    const { id } = cloud.server('web-1');
    await resizeServer(me, id, '16');
    await until(async () => (await listServerActions(me, id))[0]?.failed, 'the failed resize on record');
    const server = await until(async () => {
      const seen = await showServer(me, id);
      return seen.taskState === null && seen;
    }, 'the end of the resize');
    expect(server).toMatchObject({ status: 'ACTIVE', fault: null, flavor: { name: 's2.small.1' } });
  });

  test.each(['reset_after', 502] as const)(
    'a resize whose answer is lost (%s) is in doubt, and not sent again',
    async (trouble) => {
      const cloud = await start();
      const me = await alice(cloud);
      const { id } = cloud.server('web-1');
      cloud.failNext({ match: { action: 'resize' }, with: trouble });
      expect(isAmbiguous(await thrown(resizeServer(me, id, '12')))).toBe(true);
      expect(cloud.countCalls({ action: 'resize' })).toBe(1);
    },
  );

  test.each(['flow_limit', 'apigw_throttled'] as const)(
    'a resize that was throttled (%s) was not done',
    async (trouble) => {
      const cloud = await start();
      const me = await alice(cloud);
      const { id } = cloud.server('web-1');
      cloud.failNext({ match: { action: 'resize' }, with: trouble });
      const error = await thrown(resizeServer(me, id, '12'));
      expect(error).toMatchObject({ kind: 'throttled' });
      expect(isAmbiguous(error)).toBe(false);
      expect(cloud.status('web-1')).toBe('ACTIVE');
    },
  );

  test.each(['reset', 'html', 503, 'truncated'] as const)('reading survives one “%s”', async (trouble) => {
    const cloud = await start();
    const me = await alice(cloud);
    cloud.failNext({ match: { method: 'GET', path: /servers\/detail/ }, with: trouble });
    expect((await listServers(me, {})).servers).toHaveLength(3);
  });

  test('an old cloud is understood, found by an override where its catalog is wrong', async () => {
    const cloud = await start({ maxMicroversion: null });
    const me = connectAs(await signIn(cloud), { overrides: { compute: `${cloud.url}/compute/v2` } });
    const { servers } = await listServers(me, {});
    expect(servers.map((server) => server.flavor)).toContainEqual({ id: '11' });
  });

  test('a connection dropped after a 204 costs nobody the next call', async () => {
    const cloud = await start({ after204: 'dropped' });
    const service = identity(cloud);
    for (let round = 0; round < 10; round += 1) {
      const token = await signIn(cloud);
      await revokeToken(service, token.value);
    }
    expect(cloud.livingTokens()).toEqual([]);
  });
});

describe('OTC', () => {
  test('the ID token becomes a token of several KB, then one for a project, and servers are found', async () => {
    const idp = { introspect: async () => null, verifyIdToken: async () => ({ sub: 'alice', name: 'alice' }) };
    const cloud = await start({ mode: 'otc', idp });
    const service = identity(cloud);
    const exchange = {
      identityProvider: 'flight-idp',
      protocol: 'oidc',
      accessToken: 'not-for-otc',
      idToken: 'id.to.ken',
    };
    const unscoped = await exchangeOidcToken(service, { ...exchange, profile: profiles.otc });
    expect(unscoped.project).toBeNull();
    expect(unscoped.value.length).toBeGreaterThan(4000);
    const projects = await listProjects(service, unscoped.value);
    const demo = projects.find((project) => project.name.includes('demo'));
    const scoped = await rescope(service, unscoped.value, demo?.id ?? '');
    const me = connectAs(scoped, { profile: profiles.otc, region: 'eu-de' });
    expect((await listServers(me, { limit: 2 })).next).not.toBeNull();
    expect((await listServers(me, { name: 'db-1' })).servers).toHaveLength(1);
    const ofImage = { image: SEED_IMAGE_ID, limit: 1 };
    const first = await listServers(me, ofImage);
    const second = await listServers(me, { ...ofImage, marker: first.next ?? '' });
    expect([...first.servers, ...second.servers].map(({ name }) => name)).toEqual(['db-1', 'web-2']);
    expect((await listServers(me, { ...ofImage, name: 'web-1', limit: 9 })).servers).toHaveLength(1);
  });
});
