// Who and what is in the simulated cloud at the start. Plain data, so that a test can swap any part of it.

import type { StockQuota } from './stock/model.ts';
import type { StockSeed } from './stock/seeds.ts';

export type Role = 'reader' | 'member' | 'admin';

export type ComputeQuota = { instances: number; cores: number; ramMiB: number };

export type Quota = ComputeQuota & StockQuota;

export type ProjectSeed = {
  name: string;
  description?: string;
  domainName?: string;
  enabled?: boolean;
  quota?: Partial<Quota>;
};

export type UserSeed = {
  name: string;
  password?: string;
  /** Role by project name. */
  roles: Record<string, Role>;
  defaultProject?: string;
};

export type FlavorSeed = {
  id: string;
  name: string;
  vcpus: number;
  ramMiB: number;
  diskGiB: number;
  disabled?: boolean;
  isPublic?: boolean;
  extraSpecs?: Record<string, string>;
  /** What becomes of a resize to it: no host takes it (silent rollback), or the target host fails (ERROR). */
  resizeOutcome?: 'fits' | 'no_valid_host' | 'finish_fails';
};

export type ServerSeed = {
  id?: string;
  name: string;
  project: string;
  /** Flavor name or id. */
  flavor: string;
  user?: string;
  vmState?: 'active' | 'stopped' | 'error' | 'building' | 'paused' | 'suspended' | 'resized';
  taskState?: string | null;
  imageId?: string | null;
  keyName?: string | null;
  zone?: string;
  description?: string | null;
  metadata?: Record<string, string>;
  tags?: string[];
  locked?: boolean;
  addresses?: Record<string, string[]>;
  volumeIds?: string[];
  reservationId?: string;
  fault?: { code: number; message: string };
};

export type Seed = PeopleSeed & StockSeed;

/** Without what each mode has of its own: see `stockSeedFor`. */
export type PeopleSeed = {
  projects: ProjectSeed[];
  users: UserSeed[];
  flavors: FlavorSeed[];
  servers: ServerSeed[];
};

/** Password of every seeded user that names none. */
export const SEED_PASSWORD = 'simulated';

/** Default domain of users and projects, as a fresh Keystone calls it. */
export const DEFAULT_DOMAIN = { id: 'default', name: 'Default' } as const;

/** The image that the seeded servers were booted from. */
export const SEED_IMAGE_ID = 'b51ee08d-4849-499b-b81e-9dd038400da8';

export const DEFAULT_SEED: PeopleSeed = {
  projects: [
    { name: 'demo', description: 'shop window' },
    { name: 'ops', description: 'operations' },
    { name: 'admin', description: 'cloud administrators' },
  ],
  users: [
    { name: 'alice', roles: { demo: 'member', ops: 'member' }, defaultProject: 'demo' },
    { name: 'bob', roles: { demo: 'member' } },
    { name: 'carol', roles: { demo: 'reader' } },
    { name: 'dave', roles: {} },
    { name: 'admin', roles: { admin: 'admin' } },
  ],
  flavors: [
    { id: '11', name: 's2.small.1', vcpus: 1, ramMiB: 1024, diskGiB: 10 },
    { id: '12', name: 's2.medium.1', vcpus: 2, ramMiB: 2048, diskGiB: 20 },
    { id: '13', name: 'c1.large', vcpus: 4, ramMiB: 8192, diskGiB: 40 },
    { id: '14', name: 'c1.2xlarge', vcpus: 8, ramMiB: 16384, diskGiB: 80 },
    { id: '15', name: 'old.retired', vcpus: 2, ramMiB: 4096, diskGiB: 20, disabled: true },
    { id: '16', name: 'huge.nohost', vcpus: 10, ramMiB: 24576, diskGiB: 80, resizeOutcome: 'no_valid_host' },
    { id: '17', name: 'fail.finish', vcpus: 2, ramMiB: 2048, diskGiB: 20, resizeOutcome: 'finish_fails' },
  ],
  servers: [
    {
      name: 'web-1',
      project: 'demo',
      flavor: 's2.small.1',
      user: 'alice',
      metadata: { role: 'web' },
      keyName: 'alice-key',
    },
    {
      name: 'web-2',
      project: 'demo',
      flavor: 's2.small.1',
      user: 'alice',
      metadata: { role: 'web' },
      keyName: 'alice-key',
    },
    {
      name: 'db-1',
      project: 'demo',
      flavor: 's2.medium.1',
      user: 'alice',
      metadata: { role: 'db' },
      keyName: 'alice-key',
    },
  ],
};
