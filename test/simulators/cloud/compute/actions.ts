// POST /servers/{id}/action: Nova's checks in Nova's order, and what happens when two of them meet.

import { setTimeout as sleep } from 'node:timers/promises';

import { isRecord, type Answer } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { newRequestId } from '../world.ts';
import { actionFor, type Action } from './action-table.ts';
import { isAdmin, requireRole, requireServer, type ComputeCall } from './caller.ts';
import { notMapped, novaRefusal, serverNotFound, unexpected } from './errors.ts';
import * as transitions from './transitions.ts';
import type { Change } from './transitions.ts';

/** POST /servers/{id}/action */
export async function postAction(call: ComputeCall, serverId: string): Promise<Answer> {
  const [key, argument] = readBody(call);
  const action = actionFor(key, argument);
  action.schema?.(argument);
  if (action.looksForItself && !call.core.world.servers.has(serverId)) throw notMapped(serverId);
  const server = requireServer(call, serverId);
  if (isOrderOnly(server)) requireMoreThanOrder(server, action);
  requireRole(call, 'member', action.rule);
  requireUnlocked(call, server, action);
  requireState(server, action);
  const attempt = { call, server, argument };
  action.verify?.(attempt);
  // Nova reads, checks and only later writes; whoever comes in between has passed the same checks.
  await sleep(call.core.settings.raceWindowMs);
  call.core.timeline.settle();
  requireServer(call, serverId);
  return action.commit(attempt, () => begin(call, server, action.name));
}

/** Without a place as yet: what is shown is the order, and there is no record to write in. */
export function isOrderOnly({ vmState, taskState }: SimServer): boolean {
  return vmState === 'building' && taskState === 'scheduling';
}

function requireMoreThanOrder({ id }: SimServer, { looksForItself, vmStates }: Action): void {
  if (looksForItself) throw serverNotFound(id);
  if (vmStates === 'any') throw unexpected('oslo_db.exception.DBReferenceError');
}

/** Puts the action on the server's record. */
export function begin(call: ComputeCall, server: SimServer, name: string): Change {
  const by = { action: name, requestId: call.exchange.requestId, ...actor(call) };
  return { core: call.core, server, action: call.core.world.recordAction(server, by) };
}

function actor({ caller }: ComputeCall): { userId: string; projectId: string } {
  return { userId: caller.userId, projectId: caller.projectId ?? '' };
}

function readBody({ exchange }: ComputeCall): [key: string, argument: unknown] {
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (type !== 'application/json') throw novaRefusal(415, 'Unsupported Content-Type');
  const entries = Object.entries(parse(exchange.body));
  const [only] = entries;
  if (only === undefined || entries.length > 1) throw novaRefusal(400, 'Malformed request body');
  return only;
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isRecord(value)) return value;
  } catch {
    // Told below, in the same words as any other body of the wrong shape.
  }
  throw novaRefusal(400, 'Malformed request body');
}

export function requireUnlocked(call: ComputeCall, server: SimServer, action?: Pick<Action, 'vmStates'>): void {
  if (action?.vmStates === 'any') return;
  if (server.lockedBy !== null && !isAdmin(call.caller)) throw novaRefusal(409, `Instance ${server.id} is locked`);
}

export function requireState(
  server: SimServer,
  { name, vmStates, tasks }: Pick<Action, 'name' | 'vmStates' | 'tasks'>,
): void {
  if (vmStates === 'any') return;
  const cannot = `Cannot '${name}' instance ${server.id} while it is in`;
  if (!vmStates.includes(server.vmState)) throw novaRefusal(409, `${cannot} vm_state ${server.vmState}`);
  const taskIsFine = server.taskState === null || tasks?.includes(server.taskState) === true;
  if (!taskIsFine) throw novaRefusal(409, `${cannot} task_state ${server.taskState}`);
  if (server.launchedAt === null) throw novaRefusal(409, `Instance ${server.id} is in an invalid state for '${name}'`);
}

/** DELETE /servers/{id}: whatever the state, again and again until it is gone. */
export function deleteServer(call: ComputeCall, serverId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'servers:delete');
  requireUnlocked(call, server);
  if (server.taskState !== 'deleting') transitions.remove(begin(call, server, 'delete'));
  return { status: 204 };
}

/** An action by the operator's hand, past all checks; for tests that change the world behind somebody's back. */
export function operatorChange(core: ComputeCall['core'], server: SimServer, name: string): Change {
  const by = { action: name, requestId: newRequestId(), userId: server.userId, projectId: server.projectId };
  return { core, server, action: core.world.recordAction(server, by) };
}
