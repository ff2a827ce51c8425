// Where the journeys take place: a few worlds, each shared by the journeys that fit into it.
import type { WorldOptions } from '../../support/world.ts';

const ROOMY = {
  instances: 500,
  cores: 2000,
  ramMiB: 4_000_000,
  volumes: 500,
  gigabytes: 1000,
  networks: 500,
  subnets: 500,
  ports: 500,
};

export const SETTINGS = {
  /** The usual: three people signed in, of whom Carol may only look. */
  deck: {
    signedIn: ['alice', 'bob', 'carol'],
    cloud: { seed: { projects: [{ name: 'demo', quota: ROOMY }, { name: 'ops' }, { name: 'admin' }] } },
  },
  /** Nobody is signed in yet. */
  lobby: {},
  /** Alice is in two projects and a cloud of two regions; Carol is in the other project only. */
  crossing: {
    signedIn: ['alice', 'carol'],
    cloud: {
      catalog: { moreRegions: ['RegionTwo'] },
      seed: {
        users: [
          { name: 'alice', roles: { demo: 'member', ops: 'member' } },
          { name: 'bob', roles: { demo: 'member' } },
          { name: 'carol', roles: { ops: 'member' } },
          { name: 'admin', roles: { admin: 'admin' } },
        ],
      },
    },
  },
  /** A region with FPGA. */
  fpga: {
    signedIn: ['alice'],
    cloud: { mode: 'huawei', fpga: true, catalog: { region: 'cn-north-1' } },
    env: { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'cn-north-1' },
  },
} satisfies Record<string, WorldOptions>;

export type Setting = keyof typeof SETTINGS;
