// The simulated cloud as the contract tests see it: everything a real one may lack, and quicker.
import { createHttp } from '../../../src/openstack/http.ts';
import { profiles } from '../../../src/openstack/profile.ts';
import { createTransport } from '../../../src/openstack/transport.ts';
import { CloudSimulator } from '../../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions } from '../../simulators/cloud/options.ts';
import { SEED_PASSWORD } from '../../simulators/cloud/seeds.ts';
import type { Account, CloudUnderTest } from './cloud-under-test.ts';
import { createCredentials } from './credentials.ts';

/** Quick, and still slow enough for a look to fall into each state. */
const PACE = {
  stopMs: 40,
  startMs: 40,
  resizeMs: 120,
  confirmMs: 60,
  revertMs: 120,
  rebootMs: 60,
  deleteMs: 40,
  createMs: 80,
  volumeMs: 40,
  attachMs: 40,
  detachMs: 40,
};

export const SIMULATED: CloudOptions = { pace: PACE, after204: 'dropped' };

export async function openSimulatedCloud(): Promise<CloudUnderTest> {
  const cloud = await CloudSimulator.start(SIMULATED);
  return asUnderTest(cloud, async () => cloud.close());
}

/** One that runs already; `close` ends it. */
export function asUnderTest(cloud: CloudSimulator, close: () => Promise<void>): CloudUnderTest {
  const transport = createTransport({ caCertificate: null });
  const http = createHttp({
    fetch: transport.fetch,
    now: Date.now,
    random: () => 0,
    // Repeats are counted elsewhere; here they only cost time.
    delay: async () => undefined,
    allowHttp: false,
  });
  const { world } = cloud;
  const account = (name: string, project = 'demo'): Account => ({
    name,
    password: SEED_PASSWORD,
    domain: 'Default',
    project: world.project(project).id,
  });
  const identity = { http, authUrl: cloud.authUrl };
  const access = { identity, profile: profiles.openstack, region: 'RegionOne', interface: 'public' };
  return {
    ...access,
    name: 'the simulated OpenStack',
    pollMs: 5,
    patienceMs: 5000,
    people: {
      member: account('alice'),
      colleague: { given: account('bob') },
      reader: { given: account('carol') },
      administrator: { given: account('admin', 'admin') },
    },
    otherProject: { given: world.project('ops').id },
    flavors: {
      small: '11',
      medium: '12',
      disabled: { given: '15' },
      fitsNoHost: { given: '16' },
      failsOnHost: { given: '17' },
    },
    image: world.stock.image('debian-12').id,
    network: { given: world.stock.network('demo-net').id },
    legacyCompute: { given: `${cloud.url}/compute/v2` },
    remembersTokens: { given: true },
    async addServer({ name, flavor, project, tags }) {
      const { id, reservationId } = cloud.addServer({ name, flavor, project, tags, user: 'alice' });
      return { id, reservationId };
    },
    async addImage({ name, minDiskGiB = 0, minRamMiB = 0, empty = false }) {
      const status = empty ? 'queued' : 'active';
      const { images } = world.stock;
      const { id } = world.stock.addImage({
        name,
        minDiskGiB,
        minRamMiB,
        status,
        project: 'demo',
        visibility: 'shared',
      });
      return { id, remove: async () => void images.delete(id) };
    },
    fillsBootDisks: { given: true },
    addBrokenDisk: {
      given: async (name) => world.stock.addVolume({ name, project: 'demo', sizeGiB: 1, status: 'error' }).id,
    },
    spoilBootDisk: { given: (server) => cloud.spoilNextVolume(server) },
    ...createCredentials(access),
    setQuota: {
      async given(project, change) {
        const { quota } = world.project(project);
        const before = { ...quota };
        Object.assign(quota, change);
        return async () => void Object.assign(quota, before);
      },
    },
    breakDown: {
      async given(part) {
        cloud.breakDown(part);
        return async () => cloud.breakDown(part, false);
      },
    },
    async close() {
      await transport.close();
      await close();
    },
  };
}
