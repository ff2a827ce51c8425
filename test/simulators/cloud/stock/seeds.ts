// The images, disks, networks and keys of the simulated cloud at the start.

import type { Mode } from '../options.ts';
import { SEED_IMAGE_ID } from '../seeds.ts';

export type ImageSeed = {
  id?: string;
  name: string;
  system?: string;
  status?: string;
  visibility?: 'public' | 'private' | 'shared' | 'community';
  /** Owner of a private one. */
  project?: string;
  minDiskGiB?: number;
  minRamMiB?: number;
  sizeBytes?: number;
};

export type VolumeSeed = {
  id?: string;
  name: string;
  project: string;
  sizeGiB: number;
  user?: string;
  type?: string;
  zone?: string;
  status?: string;
  bootable?: boolean;
};

export type NetworkSeed = {
  name: string;
  project: string;
  shared?: boolean;
  external?: boolean;
  /** A subnet each. */
  cidrs: string[];
};

export type KeyPairSeed = { name: string; user: string; publicKey?: string };

export type FpgaImageSeed = { name: string; project: string; status?: string; message?: string };

export type StockSeed = {
  images: ImageSeed[];
  volumes: VolumeSeed[];
  /** The first is the default. */
  volumeTypes: { name: string; zones?: string[] }[];
  networks: NetworkSeed[];
  keyPairs: KeyPairSeed[];
  fpgaImages: FpgaImageSeed[];
  /** The first is where servers go that name none. */
  zones: string[];
};

const IMAGES: ImageSeed[] = [
  { id: SEED_IMAGE_ID, name: 'debian-12', system: 'debian', minDiskGiB: 1, minRamMiB: 256 },
  { name: 'rocky-9', system: 'rocky', minDiskGiB: 10, minRamMiB: 1024 },
  { name: 'ubuntu-24.04', system: 'ubuntu', minDiskGiB: 8, minRamMiB: 512 },
  { name: 'windows-2025', system: 'windows', minDiskGiB: 40, minRamMiB: 4096 },
  { name: 'centos-7', system: 'centos', status: 'deactivated', minDiskGiB: 8 },
  { name: 'web-golden', system: 'debian', visibility: 'private', project: 'demo', minDiskGiB: 4 },
];

// Wide enough for every address that the server seeds hand out.
const NETWORKS: NetworkSeed[] = [
  { name: 'demo-net', project: 'demo', cidrs: ['10.0.0.0/16'] },
  { name: 'backup-net', project: 'demo', cidrs: ['192.168.50.0/24'] },
  { name: 'ops-net', project: 'ops', cidrs: ['10.8.0.0/24'] },
  { name: 'public', project: 'admin', external: true, cidrs: ['203.0.113.0/24'] },
];

const VOLUMES: VolumeSeed[] = [
  { name: 'archive', project: 'demo', sizeGiB: 20 },
  { name: 'scratch', project: 'demo', sizeGiB: 10 },
];

const KEY_PAIRS: KeyPairSeed[] = [
  { name: 'alice-key', user: 'alice' },
  { name: 'bob-key', user: 'bob' },
];

const FPGA_IMAGES: FpgaImageSeed[] = [
  { name: 'matrix-mult', project: 'demo' },
  { name: 'video-codec', project: 'demo' },
  { name: 'half-built', project: 'demo', status: 'saving' },
  { name: 'bad-timing', project: 'demo', status: 'error', message: 'The design does not meet its timing.' },
];

const SHARED = { images: IMAGES, networks: NETWORKS, volumes: VOLUMES, keyPairs: KEY_PAIRS, fpgaImages: FPGA_IMAGES };

/** The commercial clouds have zones and disk types of their own. */
export function stockSeedFor(mode: Mode): StockSeed {
  if (mode === 'openstack')
    return { ...SHARED, volumeTypes: [{ name: 'standard' }, { name: 'fast' }], zones: ['nova'] };
  const zones = mode === 'otc' ? ['eu-de-01', 'eu-de-02'] : ['cn-north-1a', 'cn-north-1b'];
  const volumeTypes = [{ name: 'SSD' }, { name: 'SAS' }, { name: 'ESSD', zones: zones.slice(0, 1) }];
  return { ...SHARED, volumeTypes, zones };
}
