// A cloud of one server, disks, networks and ports, as far as errands ask of it: changes take a few seconds of virtual time.
import type { Cloud, CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';

type Wire = Record<string, unknown>;
type Disk = { id: string; name: string; metadata: unknown; readyAt: number; attachedAt: number | null; gone: boolean };

const TAKES_MS = 3_000;

/** What becomes of the next call that fits: refused, or done with the answer lost. */
export type Trouble = {
  path: RegExp;
  method: string;
  kind: CloudErrorKind;
  done: boolean;
  times: number;
  /** What else happens just then. */
  meanwhile?(): void;
};

export function createStockCloud(now: () => number) {
  const disks = new Map<string, Disk>();
  const things = {
    networks: new Map<string, Wire>(),
    subnets: new Map<string, Wire>(),
    ports: new Map<string, Wire>(),
  };
  const troubles: Trouble[] = [];
  const accepted: string[] = [];
  let serial = 0;

  function diskView(disk: Disk): Wire {
    const { id, name, metadata, readyAt, attachedAt } = disk;
    const attached = attachedAt !== null && now() >= attachedAt;
    const status = now() < readyAt ? 'creating' : attachedAt === null ? 'available' : attached ? 'in-use' : 'attaching';
    const holders = attached ? [{ server_id: 'server-1', device: '/dev/vdb' }] : [];
    return { id, name, metadata, status, size: 10, attachments: holders };
  }

  function answer(method: string, path: string, body: Wire): unknown {
    const [, kind = '', id = '', part = '', sub = ''] = path.split('/').map(decodeURIComponent);
    if (kind === 'volumes') return volumes(method, id, body);
    if (part === 'os-volume_attachments') return attachments(method, sub, body);
    if (part === 'os-interface') return interfaces(method, sub, body);
    if (kind === 'servers') return { server: { id, name: 'web-1', status: 'ACTIVE' } };
    if (kind === 'networks' || kind === 'subnets' || kind === 'ports') return plain(kind, { method, id, body });
    throw new Error(`nobody answers ${method} ${path}`);
  }

  function volumes(method: string, id: string, body: Wire): unknown {
    if (method === 'POST') {
      const { name, metadata } = body['volume'] as { name: string; metadata: unknown };
      const disk: Disk = {
        id: `disk-${(serial += 1)}`,
        name,
        metadata,
        readyAt: now() + TAKES_MS,
        attachedAt: null,
        gone: false,
      };
      disks.set(disk.id, disk);
      return { volume: diskView(disk) };
    }
    if (id === 'detail') return { volumes: [...disks.values()].map(diskView) };
    const disk = disks.get(id);
    if (!disk) throw refused('not_found', method, id);
    if (method === 'DELETE') {
      if (disk.attachedAt !== null) throw refused('bad_request', method, id);
      disks.delete(id);
    }
    return { volume: diskView(disk) };
  }

  function attachments(method: string, id: string, body: Wire): unknown {
    if (method === 'GET') {
      const attached = [...disks.values()].filter(({ attachedAt }) => attachedAt !== null && now() >= attachedAt);
      return { volumeAttachments: attached.map((disk) => ({ volumeId: disk.id, device: '/dev/vdb' })) };
    }
    const wanted = method === 'POST' ? (body['volumeAttachment'] as { volumeId: string }).volumeId : id;
    const disk = disks.get(wanted);
    if (!disk) throw refused('not_found', method, wanted);
    if (method === 'POST' && disk.attachedAt !== null) throw refused('bad_request', method, wanted);
    disk.attachedAt = method === 'POST' ? now() + TAKES_MS : null;
    return {};
  }

  function interfaces(method: string, id: string, body: Wire): unknown {
    const all = [...things.ports.values()];
    if (method === 'GET') {
      const mine = all.filter((port) => port['device_id'] === 'server-1');
      const shown = mine.map((port) => ({
        port_id: port['id'],
        net_id: port['network_id'],
        port_state: 'ACTIVE',
        fixed_ips: port['fixed_ips'],
      }));
      return { interfaceAttachments: shown };
    }
    const wanted = method === 'POST' ? (body['interfaceAttachment'] as { port_id: string }).port_id : id;
    const port = things.ports.get(wanted);
    if (!port) throw refused('not_found', method, wanted);
    if (method === 'POST' && port['device_id'] !== '') throw refused('conflict', method, wanted);
    port['device_id'] = method === 'POST' ? 'server-1' : '';
    return { interfaceAttachment: { port_id: wanted } };
  }

  function plain(kind: keyof typeof things, { method, id, body }: { method: string; id: string; body: Wire }): unknown {
    const one = kind.slice(0, -1);
    const all = things[kind];
    if (method === 'POST') {
      const made: Wire = { ...(body[one] as Wire), id: `${one}-${(serial += 1)}`, status: 'ACTIVE', device_id: '' };
      if (kind === 'ports') made['fixed_ips'] = [{ ip_address: '10.1.0.5' }];
      all.set(String(made['id']), made);
      return { [one]: made };
    }
    if (id === '') return { [kind]: [...all.values()] };
    const found = all.get(id);
    if (!found) throw refused('not_found', method, id);
    if (method === 'DELETE') all.delete(id);
    return { [one]: found };
  }

  const cloud: Cloud = {
    projectId: 'p1',
    region: null,
    profile: profiles.openstack,
    ceiling: null,
    async preview() {
      throw new Error('nobody plans here');
    },
    async call({ method, path, body }: CloudRequest): Promise<CloudAnswer> {
      const trouble = troubles.find((one) => one.times > 0 && one.method === method && one.path.test(path));
      if (trouble) trouble.times -= 1;
      trouble?.meanwhile?.();
      if (trouble && !trouble.done) throw refused(trouble.kind, method, path);
      const answered = answer(method, path, (body ?? {}) as Wire);
      if (method !== 'GET') accepted.push(`${method} ${path.replaceAll(/-\d+/g, '')}`);
      if (trouble) throw refused(trouble.kind, method, path);
      return { status: 200, body: answered, requestId: 'req-1', at: now() };
    },
  };
  return { cloud, disks, ...things, accepted, troubles };
}

function refused(kind: CloudErrorKind, method: string, path: string): CloudError {
  const status = kind === 'timeout' || kind === 'network' ? null : kind === 'not_found' ? 404 : 409;
  const facts = { code: null, serviceMessage: 'no', requestId: null, retryAfterMs: null, unsent: false };
  return new CloudError({ ...facts, kind, method, url: `https://cloud.example${path}`, status });
}
