// os-instance-actions: what was asked of a server, newest first, and how it went.

import type { Answer } from '../exchange.ts';
import type { SimAction, SimServer } from '../model.ts';
import { isOrderOnly } from './actions.ts';
import { isAdmin, requireRole, requireServer, type ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { nextLink, pageOf } from './paging.ts';
import { hostId } from './server-view.ts';
import { naiveTime } from './times.ts';

/** GET /servers/{id}/os-instance-actions */
export function getActions(call: ComputeCall, serverId: string): Answer {
  const server = requireServer(call, serverId, { deletedToo: call.version >= 21 });
  requireRole(call, 'reader', 'os-instance-actions:list');
  const view = (action: SimAction): unknown => actionView(call, server, action);
  if (call.version < 58) return { status: 200, body: { instanceActions: recordOf(server).map(view) } };
  const since = Date.parse(call.exchange.query.get('changes-since') ?? '1970-01-01T00:00:00Z');
  const wanted = recordOf(server).filter((action) => action.updatedAt >= since);
  const { items, nextHref } = pageOf(call, { known: wanted, idOf: (action) => action.requestId });
  return { status: 200, body: { instanceActions: items.map(view), ...nextLink('links', nextHref) } };
}

/** GET /servers/{id}/os-instance-actions/{request id} */
export function getAction(call: ComputeCall, serverId: string, requestId: string): Answer {
  const server = requireServer(call, serverId, { deletedToo: call.version >= 21 });
  requireRole(call, 'reader', 'os-instance-actions:show');
  const action = recordOf(server).find((known) => known.requestId === requestId);
  if (action === undefined) throw novaRefusal(404, `Action ${requestId} not found`);
  // Ordinary people see the events since 2.51; before that they see nothing but the message.
  const events = isAdmin(call.caller) || call.version >= 51 ? { events: eventsView(call, server, action) } : {};
  return { status: 200, body: { instanceAction: { ...actionView(call, server, action), ...events } } };
}

/** Empty as long as there is nothing but the order. */
function recordOf(server: SimServer): SimAction[] {
  return isOrderOnly(server) ? [] : server.actions;
}

function actionView({ version }: ComputeCall, server: SimServer, action: SimAction): Record<string, unknown> {
  return {
    action: action.action,
    instance_uuid: server.id,
    request_id: action.requestId,
    user_id: action.userId,
    project_id: action.projectId,
    start_time: naiveTime(action.startedAt),
    message: action.message,
    ...(version >= 58 ? { updated_at: naiveTime(action.updatedAt) } : {}),
  };
}

function eventsView({ version, caller }: ComputeCall, server: SimServer, action: SimAction): unknown[] {
  const forAdmins = { traceback: null, host: server.host };
  return action.events.map((event) => ({
    event: event.event,
    start_time: naiveTime(event.startedAt),
    finish_time: naiveTime(event.finishedAt),
    result: event.result,
    ...(isAdmin(caller) ? forAdmins : {}),
    ...(version >= 62 ? { hostId: hostId(server) } : {}),
    ...(version >= 84 && isAdmin(caller) ? { details: null } : {}),
  }));
}
