// From the operator's environment to a cloud, whatever lies between: private authorities, proxies, IPv6, odd catalogs.
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { realTimers } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { listServers } from '../../src/openstack/servers.ts';
import { createBase } from '../../src/wiring/base.ts';
import { buildCloud } from '../../src/wiring/cloud.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions } from '../simulators/cloud/options.ts';
import { openProxy, openRelay, tlsFile, type Proxy, type Road } from '../support/roads.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).toReversed()) await close();
});

async function openCloud(options: CloudOptions = {}): Promise<CloudSimulator> {
  const cloud = await CloudSimulator.start(options);
  closers.push(async () => cloud.close());
  return cloud;
}

async function road<T extends Road>(opening: Promise<T>): Promise<T> {
  const opened = await opening;
  closers.push(async () => opened.close());
  return opened;
}

const ENVIRONMENT = {
  SLACK_BOT_TOKEN: 'xoxb-nobody',
  SLACK_SIGNING_SECRET: 'never used here',
  PUBLIC_URL: 'https://deck.example.test',
  REDIS_URL: 'redis://127.0.0.1:1',
  TOKEN_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
};

/** What Alice finds when an operator has set the bot up with these variables. Throws what the cloud edge throws. */
async function serversSeen(cloud: CloudSimulator, variables: Record<string, string>): Promise<string[]> {
  const config = readConfig({ ...ENVIRONMENT, OS_AUTH_URL: cloud.authUrl, ...variables });
  const base = createBase(config, { log: createLog('silent'), now: Date.now, timers: realTimers });
  base.hurry();
  const parts = buildCloud(base);
  closers.push(async () => parts.close());
  const token = await parts.side.byApplicationCredential(cloud.applicationCredential('alice', 'demo'));
  const projectId = token.project?.id ?? '';
  const scoped = await parts.side.withCatalog(token, projectId);
  const tokens = { current: async () => scoped, renew: async () => scoped };
  const { servers } = await listServers(parts.connect({ projectId, region: config.cloud.region, tokens }), {});
  return servers.map((server) => server.name).toSorted();
}

const EVERYTHING = ['db-1', 'web-1', 'web-2'];

/** Both services at this origin: sign-in by OS_AUTH_URL, servers by an override of what the catalog says. */
function at(origin: string): Record<string, string> {
  return { OS_AUTH_URL: `${origin}/identity/v3`, OS_ENDPOINT_OVERRIDE_COMPUTE: `${origin}/compute/v2.1` };
}

function portOf(cloud: CloudSimulator): number {
  return Number(new URL(cloud.url).port);
}

describe('a cloud whose certificates come from a private authority', () => {
  test('is trusted by OS_CACERT, for signing in and for servers', async () => {
    const cloud = await openCloud();
    const { port } = await road(openRelay(portOf(cloud), { tls: true }));
    const seen = await serversSeen(cloud, { ...at(`https://localhost:${port}`), OS_CACERT: tlsFile('authority') });
    expect(seen).toEqual(EVERYTHING);
  });

  test('is not trusted without, and nothing is told to it', async () => {
    const cloud = await openCloud();
    const { port } = await road(openRelay(portOf(cloud), { tls: true }));
    await expect(serversSeen(cloud, at(`https://localhost:${port}`))).rejects.toMatchObject({ kind: 'network' });
    expect(cloud.calls).toEqual([]);
  });

  test('is not trusted under a name that the certificate does not hold', async () => {
    const cloud = await openCloud();
    const { port } = await road(openRelay(portOf(cloud), { tls: true }));
    const variables = { ...at(`https://127.0.0.2:${port}`), OS_CACERT: tlsFile('authority') };
    await expect(serversSeen(cloud, variables)).rejects.toMatchObject({ kind: 'network' });
    expect(cloud.calls).toEqual([]);
  });
});

describe('a cloud behind a proxy', () => {
  const address = (proxy: Proxy, login = ''): string => `http://${login}127.0.0.1:${proxy.port}`;

  test('with TLS, is reached through a tunnel by HTTPS_PROXY, the private authority included', async () => {
    const cloud = await openCloud();
    const proxy = await road(openProxy());
    const { port } = await road(openRelay(portOf(cloud), { tls: true }));
    vi.stubEnv('HTTPS_PROXY', address(proxy));
    const variables = { ...at(`https://localhost:${port}`), OS_CACERT: tlsFile('authority') };
    expect(await serversSeen(cloud, variables)).toEqual(EVERYTHING);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`CONNECT localhost:${port}`]));
  });

  test('without TLS, is reached by HTTP_PROXY', async () => {
    const cloud = await openCloud();
    const proxy = await road(openProxy());
    vi.stubEnv('HTTP_PROXY', address(proxy));
    expect(await serversSeen(cloud, {})).toEqual(EVERYTHING);
    expect(proxy.asked.length).toBeGreaterThan(0);
  });

  test('is reached as the user that the proxy’s address names', async () => {
    const cloud = await openCloud();
    const proxy = await road(openProxy());
    vi.stubEnv('HTTP_PROXY', address(proxy, 'deck:secret@'));
    expect(await serversSeen(cloud, {})).toEqual(EVERYTHING);
    const login = `Basic ${Buffer.from('deck:secret').toString('base64')}`;
    expect(new Set(proxy.asked.map(({ authorization }) => authorization))).toEqual(new Set([login]));
  });

  test.each(['127.0.0.1', 'example.test,127.0.0.1', '*'])(
    'is reached directly where NO_PROXY is %s',
    async (except) => {
      const cloud = await openCloud();
      const proxy = await road(openProxy());
      vi.stubEnv('HTTP_PROXY', address(proxy));
      vi.stubEnv('NO_PROXY', except);
      expect(await serversSeen(cloud, {})).toEqual(EVERYTHING);
      expect(proxy.asked).toEqual([]);
    },
  );

  test('that is not there is a network error, not a hang', async () => {
    const cloud = await openCloud();
    const proxy = await openProxy();
    vi.stubEnv('HTTP_PROXY', address(proxy));
    await proxy.close();
    await expect(serversSeen(cloud, {})).rejects.toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
  });
});

const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

describe('a cloud with IPv6 addresses', () => {
  test.each([false, true])('is reached at [::1] (TLS: %s)', async (tls) => {
    const cloud = await openCloud();
    // Where this machine has none, the address is at least read right: refused, and by the network.
    const { port } = HAS_IPV6 ? await road(openRelay(portOf(cloud), { host: '::1', tls })) : { port: 1 };
    const variables = { ...at(`${tls ? 'https' : 'http'}://[::1]:${port}`), OS_CACERT: tlsFile('authority') };
    const seen = serversSeen(cloud, variables);
    await (HAS_IPV6
      ? expect(seen).resolves.toEqual(EVERYTHING)
      : expect(seen).rejects.toMatchObject({ kind: 'network' }));
  });

  test.runIf(HAS_IPV6)('is reached through a tunnel, too', async () => {
    const cloud = await openCloud();
    const proxy = await road(openProxy());
    const { port } = await road(openRelay(portOf(cloud), { host: '::1', tls: true }));
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`);
    const variables = { ...at(`https://[::1]:${port}`), OS_CACERT: tlsFile('authority') };
    expect(await serversSeen(cloud, variables)).toEqual(EVERYTHING);
    expect(proxy.asked[0]?.target).toBe(`CONNECT [::1]:${port}`);
  });
});

describe('a catalog', () => {
  test.each<[how: string, catalog: NonNullable<CloudOptions['catalog']>]>([
    ['with versions', {}],
    ['with versions and project ids', { projectIdInPath: true }],
    ['without versions', { withoutVersions: true }],
    ['with slashes at the end', { trailingSlash: true }],
    ['with all of it', { projectIdInPath: true, trailingSlash: true }],
    ['for no region in particular', { region: null }],
    ['for all regions', { region: '*' }],
    ['with a further region listed first', { moreRegions: ['RegionTwo'] }],
  ])('%s leads to the servers', async (_how, catalog) => {
    const cloud = await openCloud({ catalog });
    expect(await serversSeen(cloud, { OS_REGION_NAME: 'RegionOne' })).toEqual(EVERYTHING);
    expect(cloud.countCalls({ path: '/r/RegionTwo' })).toBe(0);
  });

  test('is followed to the region that OS_REGION_NAME names', async () => {
    const cloud = await openCloud({ catalog: { moreRegions: ['RegionTwo'] } });
    expect(await serversSeen(cloud, { OS_REGION_NAME: 'RegionTwo' })).toEqual(EVERYTHING);
    expect(cloud.countCalls({ path: '/r/RegionTwo/compute' })).toBeGreaterThan(0);
  });

  test('without the service, or with a wrong address for it, is overridden by OS_ENDPOINT_OVERRIDE_COMPUTE', async () => {
    const cloud = await openCloud({ catalog: { without: ['compute'] } });
    await expect(serversSeen(cloud, {})).rejects.toMatchObject({ code: 'unsupported' });
    const override = { OS_ENDPOINT_OVERRIDE_COMPUTE: `${cloud.url}/compute/v2.1/` };
    expect(await serversSeen(cloud, override)).toEqual(EVERYTHING);
  });

  test('with addresses for insiders and administrators is asked for the one of OS_INTERFACE', async () => {
    const cloud = await openCloud();
    await expect(serversSeen(cloud, { OS_INTERFACE: 'internal', ALLOW_HTTP: '1' })).rejects.toMatchObject({
      kind: 'network',
      url: expect.stringContaining('internal.cloud.invalid'),
    });
  });
});
