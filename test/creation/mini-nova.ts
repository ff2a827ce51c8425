// As much of Nova as it takes to order a server and watch it being built, with answers that get lost.
import type { Cloud, CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';

/**
 * What becomes of the next order. `lost`: done, no answer. `late`: no answer, done after so many ms. `never`: no answer,
 * not done. `refused`: an error of this kind. `error`: 500 and done.
 */
export type OrderFault =
  | { kind: 'lost' }
  | { kind: 'late'; ms: number }
  | { kind: 'never' }
  | { kind: 'error' }
  | { kind: 'refused'; as: CloudErrorKind; said?: string };

export type MiniServer = {
  id: string;
  name: string;
  metadata: Record<string, string>;
  createdAt: number;
  fate: 'active' | 'error' | 'never' | 'deleted';
  order: unknown;
};

const BUILD_MS = 30_000;

export class MiniNova {
  readonly servers: MiniServer[] = [];
  readonly #now: () => number;
  readonly #faults: OrderFault[] = [];
  #late: { at: number; order: Record<string, unknown> }[] = [];
  /** How the next server ends. */
  fate: MiniServer['fate'] = 'active';
  adminPass: string | null = 'S3cret-Pa55';
  /** Every call fails with this while it is set. */
  away: CloudErrorKind | null = null;
  orders = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  fail(...faults: OrderFault[]): void {
    this.#faults.push(...faults);
  }

  asCloud(): Cloud {
    return {
      projectId: 'p-1',
      region: null,
      profile: profiles.openstack,
      ceiling: null,
      call: async (request) => this.#answer(request),
      preview: async () => {
        throw new Error('nobody previews here');
      },
    };
  }

  #answer(request: CloudRequest): CloudAnswer {
    this.#settle();
    if (this.away) throw error(this.away, request);
    if (request.method === 'POST') return this.#order(request);
    if (request.path === '/servers/detail') return ok({ servers: this.#list(request).map((one) => this.#wire(one)) });
    const found = this.servers.find(({ id }) => request.path === `/servers/${id}`);
    if (!found || this.#status(found) === 'DELETED') throw error('not_found', request);
    return ok({ server: this.#wire(found) });
  }

  #order(request: CloudRequest): CloudAnswer {
    this.orders += 1;
    const order = (request.body as { server: Record<string, unknown> }).server;
    const fault = this.#faults.shift();
    switch (fault?.kind) {
      case 'refused':
        throw error(fault.as, request, fault.said);
      case 'never':
        throw error('timeout', request);
      case 'late':
        this.#late.push({ at: this.#now() + fault.ms, order });
        throw error('timeout', request);
      case 'lost':
        this.#add(order);
        throw error('network', request);
      case 'error':
        this.#add(order);
        throw new CloudError({ ...facts('unavailable', request), status: 500 });
      default: {
        const { id } = this.#add(order);
        return {
          ...ok({ server: { id, ...(this.adminPass !== null && { adminPass: this.adminPass }) } }),
          status: 202,
        };
      }
    }
  }

  #settle(): void {
    const now = this.#now();
    for (const { order } of this.#late.filter(({ at }) => at <= now)) this.#add(order);
    this.#late = this.#late.filter(({ at }) => at > now);
  }

  #add(order: Record<string, unknown>): MiniServer {
    const server: MiniServer = {
      id: `server-${this.servers.length + 1}`,
      name: String(order['name']),
      metadata: order['metadata'] as Record<string, string>,
      createdAt: this.#now(),
      fate: this.fate,
      order,
    };
    this.servers.push(server);
    return server;
  }

  #list(request: CloudRequest): MiniServer[] {
    const name = new URLSearchParams(request.query).get('name');
    const since = new URLSearchParams(request.query).get('changes-since');
    return this.servers.filter(
      (one) => (name === null || one.name === name) && (since === null || this.#updatedAt(one) >= Date.parse(since)),
    );
  }

  #updatedAt(server: MiniServer): number {
    const ended = this.#status(server) !== 'BUILD';
    return ended ? server.createdAt + BUILD_MS : server.createdAt;
  }

  #status({ createdAt, fate }: MiniServer): string {
    if (fate === 'never' || this.#now() < createdAt + BUILD_MS) return 'BUILD';
    return { active: 'ACTIVE', error: 'ERROR', deleted: 'DELETED' }[fate];
  }

  #wire(server: MiniServer) {
    const status = this.#status(server);
    return {
      id: server.id,
      name: server.name,
      status,
      metadata: server.metadata,
      'OS-EXT-STS:vm_state': { BUILD: 'building', ACTIVE: 'active', ERROR: 'error' }[status] ?? 'deleted',
      'OS-EXT-STS:task_state': status === 'BUILD' ? 'spawning' : null,
      updated: new Date(this.#updatedAt(server)).toISOString(),
      addresses: status === 'ACTIVE' ? { backend: [{ addr: '10.0.0.9', version: 4 }] } : {},
      ...(status === 'ERROR' && { fault: { code: 500, message: 'No valid host was found.' } }),
    };
  }
}

function ok(body: unknown): CloudAnswer {
  return { status: 200, body, requestId: 'req-1', at: 0 };
}

function facts(kind: CloudErrorKind, { method, path }: CloudRequest, said = '') {
  return {
    kind,
    method,
    url: `https://nova.example${path}`,
    status: null,
    code: null,
    serviceMessage: said,
    requestId: 'req-1',
    retryAfterMs: null,
    unsent: false,
  };
}

function error(kind: CloudErrorKind, request: CloudRequest, said = ''): CloudError {
  const status = {
    bad_request: 400,
    quota: 403,
    forbidden: 403,
    conflict: 409,
    throttled: 429,
    unavailable: 503,
    not_found: 404,
  };
  return new CloudError({ ...facts(kind, request, said), status: (status as Record<string, number>)[kind] ?? null });
}
