// A cloud of a few servers and flavors behind `Cloud.call`, answering as Nova does, and counting what it was asked.
import type { CallPreview, Cloud, CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { profiles, type Profile } from '../../src/openstack/profile.ts';

export type FakeServer = {
  id: string;
  name: string;
  status: string;
  taskState?: string | null;
  locked?: boolean;
  flavorId?: string;
};
export type FakeFlavor = { id: string; name: string; vcpus: number; ram: number; disk?: number; disabled?: boolean };

export const AT = Date.parse('2026-11-21T10:00:00Z');

export const WEB_1 = '11111111-1111-4111-8111-111111111111';
export const DB_1 = '22222222-2222-4222-8222-222222222222';
export const TWIN_A = '33333333-3333-4333-8333-333333333333';
export const TWIN_B = '44444444-4444-4444-8444-444444444444';

export const SERVERS: FakeServer[] = [
  { id: WEB_1, name: 'web-1', status: 'ACTIVE' },
  { id: DB_1, name: 'db-1', status: 'SHUTOFF' },
  { id: TWIN_A, name: 'twin', status: 'ACTIVE' },
  { id: TWIN_B, name: 'twin', status: 'SHUTOFF' },
];

export const FLAVORS: FakeFlavor[] = [
  { id: 'f-large', name: 's3.large.2', vcpus: 2, ram: 4096 },
  { id: 'f-small', name: 's3.small.1', vcpus: 1, ram: 1024 },
];

export class FakeCloud implements Cloud {
  readonly projectId = 'p-demo';
  readonly region = 'eu-de';
  profile: Profile = profiles.openstack;
  readonly ceiling = null;
  readonly asked: string[] = [];
  readonly orders: unknown[] = [];
  servers: FakeServer[];
  flavors: FakeFlavor[];
  actions: { action: string; user_id: string; start_time: string; request_id: string }[] = [];
  /** What happens to a server after each look at it, e.g. the end of a stop. */
  onLook: (server: FakeServer) => void = () => undefined;
  /** The next order is refused with this kind. */
  refuses: CloudErrorKind | null = null;

  constructor(parts: { servers?: FakeServer[]; flavors?: FakeFlavor[] } = {}) {
    this.servers = structuredClone(parts.servers ?? SERVERS);
    this.flavors = parts.flavors ?? FLAVORS;
  }

  async preview({ method, path, body = null }: CloudRequest): Promise<CallPreview> {
    return { method, url: `https://cloud.example.test${path}`, headers: { 'x-auth-token': '[secret]' }, body };
  }

  async call(request: CloudRequest): Promise<CloudAnswer> {
    const query = new URLSearchParams(request.query);
    this.asked.push(`${request.method} ${request.path}${query.size > 0 ? `?${query.toString()}` : ''}`);
    const [, kind, id = '', part] = request.path.split('/').map(decodeURIComponent);
    if (request.method === 'POST') return this.#order(id, request);
    if (kind === 'limits') return answer({ limits: { absolute: {} } });
    if (kind === 'flavors') return this.#flavors(id, request);
    if (part === 'os-instance-actions') return answer({ instanceActions: this.actions });
    if (id === 'detail') return answer(this.#page(query));
    const server = this.#server(id, request);
    const shown = answer({ server: serverWire(server) });
    this.onLook(server);
    return shown;
  }

  /** Disabled ones are not listed, but shown to whoever knows the id. */
  #flavors(id: string, request: CloudRequest): CloudAnswer {
    if (id === 'detail') return answer({ flavors: this.flavors.filter(({ disabled }) => !disabled).map(flavorWire) });
    const flavor = this.flavors.find((one) => one.id === id);
    if (!flavor) throw cloudError('not_found', request);
    return answer({ flavor: flavorWire(flavor) });
  }

  #server(id: string, request: CloudRequest): FakeServer {
    const server = this.servers.find((one) => one.id === id);
    if (!server) throw cloudError('not_found', request);
    return server;
  }

  #order(id: string, request: CloudRequest): CloudAnswer {
    this.#server(id, request);
    if (this.refuses) throw cloudError(this.refuses, request);
    this.orders.push(request.body);
    return { status: 202, body: null, requestId: 'req-1', at: AT };
  }

  #page(query: URLSearchParams) {
    const pattern = new RegExp(query.get('name') ?? '', 'i');
    const marker = query.get('marker');
    const all = this.servers.filter(
      ({ name, status }) => pattern.test(name) && status === (query.get('status') ?? status),
    );
    const from = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1;
    if (marker !== null && from === 0) throw cloudError('bad_request', { method: 'GET', path: '/servers/detail' });
    const limit = Number(query.get('limit'));
    const servers = all.slice(from, from + limit);
    const more = from + limit < all.length;
    return {
      servers: servers.map(serverWire),
      ...(more && { servers_links: [{ rel: 'next', href: 'https://None/' }] }),
    };
  }
}

function answer(body: unknown): CloudAnswer {
  return { status: 200, body, requestId: 'req-0', at: AT };
}

function serverWire({ id, name, status, taskState, locked, flavorId }: FakeServer) {
  const flavor = flavorId
    ? { id: flavorId }
    : { original_name: 's3.small.1', vcpus: 1, ram: 1024, disk: 0, swap: 0, ephemeral: 0 };
  return {
    id,
    name,
    status,
    flavor,
    'OS-EXT-STS:task_state': taskState ?? null,
    ...(locked !== undefined && { locked }),
    'OS-EXT-STS:vm_state': status.toLowerCase(),
    'OS-EXT-AZ:availability_zone': 'eu-de-01',
    created: '2026-11-20T08:00:00Z',
    addresses: { net: [{ addr: '10.0.0.5', version: 4, 'OS-EXT-IPS:type': 'fixed' }] },
  };
}

function flavorWire({ id, name, vcpus, ram, disk = 0, disabled = false }: FakeFlavor) {
  return { id, name, vcpus, ram, disk, 'OS-FLV-DISABLED:disabled': disabled };
}

/** None for what is no answer at all. */
const STATUS: Partial<Record<CloudErrorKind, number>> = {
  unauthorized: 401,
  forbidden: 403,
  quota: 403,
  not_found: 404,
  conflict: 409,
  bad_request: 400,
  throttled: 429,
  unavailable: 503,
};

export function cloudError(kind: CloudErrorKind, { method, path }: Pick<CloudRequest, 'method' | 'path'>): CloudError {
  return new CloudError({
    kind,
    method,
    url: `https://cloud.example${path}`,
    status: STATUS[kind] ?? null,
    code: null,
    serviceMessage: 'refused',
    requestId: null,
    retryAfterMs: null,
    unsent: false,
  });
}
