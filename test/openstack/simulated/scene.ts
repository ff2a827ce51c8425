// Somebody signed in to a simulated cloud of their own, over real connections.
import { afterAll, afterEach } from 'vitest';
import { parseCatalog } from '../../../src/openstack/catalog.ts';
import { connectCloud, type Connection } from '../../../src/openstack/client.ts';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { object } from '../../../src/openstack/json.ts';
import { profiles } from '../../../src/openstack/profile.ts';
import type { NewServer } from '../../../src/openstack/server-lifecycle.ts';
import { createTransport } from '../../../src/openstack/transport.ts';
import { CloudSimulator } from '../../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions, Mode } from '../../simulators/cloud/options.ts';
import { signIn as signInByPassword } from '../../simulators/cloud/testing/person.ts';
import { connection, createTestHttp, fixedToken } from '../edge.ts';

export type Scene = { cloud: CloudSimulator; me: Cloud };

const transport = createTransport({ caCertificate: null });
const clouds: CloudSimulator[] = [];

/** Closes what the tests have opened. */
export function useScenes(): void {
  afterEach(async () => {
    await Promise.all(clouds.splice(0).map(async (cloud) => cloud.close()));
  });
  afterAll(async () => transport.close());
}

/** `me` is Alice in the project demo. */
export async function open(options: CloudOptions = {}): Promise<Scene> {
  const cloud = await CloudSimulator.start(options);
  clouds.push(cloud);
  return { cloud, me: await signIn(cloud, { mode: options.mode ?? 'openstack', who: 'alice' }) };
}

export async function signIn(cloud: CloudSimulator, { mode, who }: { mode: Mode; who: string }): Promise<Cloud> {
  const answer = await signInByPassword(cloud, who, 'demo');
  const catalog = parseCatalog(object(object(answer.body)['token'])['catalog']);
  if (catalog === null) throw new Error(`no catalog for ${who}: ${answer.text}`);
  const projectId = cloud.world.project('demo').id;
  const token = { value: answer.headers.get('x-subject-token') ?? '', expiresAt: Infinity, projectId, catalog };
  const http = createTestHttp({ fetch: transport.fetch });
  const change: Partial<Connection> = { projectId, profile: profiles[mode], region: null };
  return connectCloud(connection({ http, tokens: fixedToken(token), ...change }));
}

/** An order that the simulated cloud carries out as it stands. */
export function order({ cloud }: Scene, change: Partial<NewServer> = {}): NewServer {
  const { stock } = cloud.world;
  return {
    name: 'web-3',
    flavorId: '12',
    imageId: stock.image('debian-12').id,
    bootDisk: { sizeGiB: 20, type: null, deleteWithServer: true },
    nics: [{ networkId: stock.network('demo-net').id }],
    keyName: 'alice-key',
    zone: null,
    correlation: 'C-7KQ2',
    ...change,
  };
}

/** Null when it did not throw. */
export async function thrownOrNull(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}
