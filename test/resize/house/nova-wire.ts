// What the small Nova keeps of a server, how it shows it, and what it refuses.
import { CloudError, type CloudErrorKind } from '../../../src/openstack/errors.ts';

export type NovaFlavor = { id: string; name: string; vcpus: number; ram: number; disk: number; disabled?: boolean };

export type ActionWord = 'os-stop' | 'os-start' | 'resize' | 'confirmResize' | 'revertResize';

/** What becomes of the next call of a kind. `late`: carried out some seconds after the caller gave up waiting. */
export type Fault =
  | { kind: 'not_sent' }
  | { kind: 'answer_lost' }
  | { kind: 'late'; seconds: number }
  | { kind: 'http'; status: 429 | 500 | 503; done: boolean }
  | { kind: 'no_host' }
  | { kind: 'hangs' }
  | { kind: 'breaks' };

export type Action = { action: string; request_id: string; message: string | null; event: string };

export type Server = {
  id: string;
  name: string;
  vm: 'active' | 'stopped' | 'resized' | 'error';
  task: string | null;
  powered: boolean;
  flavor: NovaFlavor;
  old: { flavor: NovaFlavor; vm: 'active' | 'stopped' } | null;
  migration: 'finished' | 'confirming' | 'reverting' | null;
  locked: boolean;
  deleted: boolean;
  fault: string | null;
  volumes: string[];
  updated: number;
  actions: Action[];
};

export function wordOf(body: Record<string, unknown>): ActionWord {
  return Object.keys(body)[0] as ActionWord;
}

export function demandState(server: Server, word: ActionWord): void {
  const allowed: Record<ActionWord, Server['vm'][]> = {
    'os-stop': ['active', 'error'],
    'os-start': ['stopped'],
    resize: ['active', 'stopped'],
    confirmResize: ['resized'],
    revertResize: ['resized'],
  };
  const cannot = `Cannot '${word}' instance ${server.id} while it is in`;
  if (!allowed[word].includes(server.vm)) throw refusal(409, `${cannot} vm_state ${server.vm}`);
  if (server.task !== null) throw refusal(409, `${cannot} task_state ${server.task}`);
}

/** The window in which a confirm is under way and the status does not show it. */
export function demandFinished(server: Server): void {
  if (server.migration !== 'finished') throw refusal(400, 'Instance has not been resized.');
}

function statusOf(server: Server): string {
  if (server.deleted) return 'DELETED';
  if (server.vm === 'error') return 'ERROR';
  if (server.vm === 'resized') return server.task === 'resize_reverting' ? 'REVERT_RESIZE' : 'VERIFY_RESIZE';
  if (server.task?.startsWith('resize_')) return 'RESIZE';
  return server.vm === 'active' ? 'ACTIVE' : 'SHUTOFF';
}

export function wireServer(server: Server): Record<string, unknown> {
  const { flavor } = server;
  return {
    id: server.id,
    name: server.name,
    status: statusOf(server),
    'OS-EXT-STS:vm_state': server.vm,
    'OS-EXT-STS:task_state': server.task,
    flavor: { original_name: flavor.name, vcpus: flavor.vcpus, ram: flavor.ram, disk: flavor.disk },
    image: { id: 'debian-12' },
    'os-extended-volumes:volumes_attached': server.volumes.map((id) => ({ id })),
    locked: server.locked,
    updated: new Date(server.updated).toISOString(),
    ...(server.fault && server.vm === 'error' && { fault: { code: 500, message: server.fault } }),
  };
}

export function wireFlavor({ id, name, vcpus, ram, disk, disabled }: NovaFlavor): Record<string, unknown> {
  return { id, name, vcpus, ram, disk, 'OS-FLV-DISABLED:disabled': disabled ?? false };
}

export function wireAction({ action, request_id, message }: Action): Record<string, unknown> {
  return { action, request_id, message };
}

const KINDS: Record<number, CloudErrorKind> = { 400: 'bad_request', 403: 'quota', 404: 'not_found', 409: 'conflict' };

export function refusal(status: number, message: string): CloudError {
  return failure(KINDS[status] ?? 'unexpected', status, message);
}

export function failure(kind: CloudErrorKind, status: number | null, serviceMessage: string): CloudError {
  return new CloudError({
    kind,
    method: 'POST',
    url: 'http://nova',
    status,
    code: null,
    serviceMessage,
    requestId: null,
    retryAfterMs: null,
    unsent: serviceMessage === 'unsent',
  });
}
