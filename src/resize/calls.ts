// The cloud calls a resize consists of: one function makes them, whether they are sent, shown as a plan, or looked for. Pure.
import { unreachable } from '../errors.ts';
import type { CloudRequest } from '../openstack/cloud.ts';
import { nativeResizeRequest } from '../openstack/native.ts';
import { confirmRequest, resizeRequest, revertRequest, startRequest, stopRequest } from '../openstack/servers.ts';
import type { Plan } from './plan.ts';
import type { ActKind } from './request.ts';

/** The one call of this act. */
export function requestOf(
  { server, to, backend }: Pick<Plan, 'server' | 'to' | 'backend'>,
  act: ActKind,
): CloudRequest {
  switch (act) {
    case 'stop':
      return stopRequest(server.id, { hard: false });
    case 'resize':
      return backend === 'native'
        ? nativeResizeRequest(server.id, { flavorId: to.id })
        : resizeRequest(server.id, to.id);
    case 'confirm':
      return confirmRequest(server.id);
    case 'revert':
      return revertRequest(server.id);
    case 'start':
      return startRequest(server.id);
    default:
      return unreachable(act);
  }
}

/** The acts that remain when this one is decided, in order; of confirm and revert one will be chosen. */
export function actsFrom(
  decided: 'approve' | 'confirm' | 'revert',
  { running, backend }: Pick<Plan, 'running' | 'backend'>,
): ActKind[] {
  const end: ActKind[] = running ? ['start'] : [];
  if (decided !== 'approve') return [decided, ...end];
  const closing: ActKind[] = backend === 'native' ? [] : ['confirm', 'revert'];
  return [...(running ? (['stop'] as const) : []), 'resize', ...closing, ...end];
}
