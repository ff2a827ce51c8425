// The fake cloud with everything else a person may ask for: images, networks, zones, limits, keys, disk types, new servers.
import type { CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import type { CloudErrorKind } from '../../src/openstack/errors.ts';
import { AT, cloudError, FakeCloud } from './fake-cloud.ts';

type Wire = Record<string, unknown>;

export const UBUNTU = 'aaaaaaaa-0000-4000-8000-000000000001';
export const WINDOWS = 'aaaaaaaa-0000-4000-8000-000000000002';
export const BACKEND = 'bbbbbbbb-0000-4000-8000-000000000001';

/** Answers by method and path; what is not here goes to the servers and flavors of the fake cloud. */
export class StockedCloud extends FakeCloud {
  readonly stock: Record<string, Wire> = {
    'GET /images': { images: [image(UBUNTU, 'Ubuntu 24.04', 10), image(WINDOWS, 'Windows 2022', 40)] },
    'GET /networks': { networks: [network(BACKEND, 'backend')] },
    'GET /subnets': { subnets: [{ id: 's-1', network_id: BACKEND, cidr: '10.0.0.0/24', ip_version: 4 }] },
    'GET /os-availability-zone': { availabilityZoneInfo: [zone('eu-de-01', true), zone('eu-de-02', false)] },
    'GET /os-keypairs': {
      keypairs: [{ keypair: { name: 'laptop', fingerprint: 'aa:bb', public_key: 'ssh-ed25519 A' } }],
    },
    'GET /types': {
      volume_types: [
        { id: 't-1', name: 'SSD' },
        { id: 't-2', name: 'SATA' },
      ],
    },
    'GET /limits': { limits: { absolute: { ...COMPUTE_LIMITS, ...VOLUME_LIMITS } } },
    'GET /quotas/p-demo/details.json': { quota: { network: quota(2, 10), subnet: quota(2, -1), port: quota(5, 50) } },
    'root: GET /': { versions: [version('v2.0', ''), version('v2.1', '2.60')] },
    'version: GET /': { version: version('v2.1', '2.60') },
  };
  readonly #pages = new Map<string, Wire[]>();
  /** Refused with this kind, by method and path. */
  readonly refused: Record<string, CloudErrorKind> = {};

  /** The first is what comes without a marker, the second what comes with one. */
  pages(name: string, pages: [Wire, Wire]): void {
    this.#pages.set(name, pages);
  }

  override async call(request: CloudRequest): Promise<CloudAnswer> {
    const name = `${request.below ? `${request.below}: ` : ''}${request.method} ${request.path}`;
    const kind = this.refused[name];
    if (kind !== undefined) throw cloudError(kind, request);
    const marked = request.query?.some(([field]) => field === 'marker') ? 1 : 0;
    const body = this.#pages.get(name)?.[marked] ?? this.stock[name];
    if (body === undefined) return super.call(request);
    this.asked.push(name + (request.query?.length ? `?${new URLSearchParams(request.query).toString()}` : ''));
    return { status: 200, body, requestId: 'req-0', at: AT };
  }
}

const COMPUTE_LIMITS = {
  totalInstancesUsed: 9,
  maxTotalInstances: 10,
  totalCoresUsed: 4,
  maxTotalCores: 20,
  totalRAMUsed: 10_240,
  maxTotalRAMSize: 10_240,
};
const VOLUME_LIMITS = {
  totalVolumesUsed: 3,
  maxTotalVolumes: -1,
  totalGigabytesUsed: 120,
  maxTotalVolumeGigabytes: '1000',
};

export function image(id: string, name: string, minDisk: number): Wire {
  return { id, name, status: 'active', visibility: 'public', min_disk: minDisk, min_ram: 512, size: 700 * 1024 ** 2 };
}

export function network(id: string, name: string): Wire {
  return { id, name, status: 'ACTIVE', subnets: ['s-1'], shared: false, 'router:external': false };
}

function zone(zoneName: string, available: boolean): Wire {
  return { zoneName, zoneState: { available }, hosts: null };
}

function quota(used: number, limit: number): Wire {
  return { used, limit, reserved: 0 };
}

function version(id: string, max: string): Wire {
  return { id, status: max === '' ? 'SUPPORTED' : 'CURRENT', version: max, min_version: max === '' ? '' : '2.1' };
}
