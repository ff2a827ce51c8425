// POST /servers/{id}/action: Nova's checks in Nova's order, and what happens when two of them meet.

import { setTimeout as sleep } from 'node:timers/promises';

import { isRecord, type Answer } from '../exchange.ts';
import { newRequestId, type SimFlavor, type SimServer } from '../world.ts';
import { isAdmin, requireRole, requireServer, type ComputeCall } from './caller.ts';
import { novaRefusal, policyRefusal, unexpected } from './errors.ts';
import { missingProperty, notOneOf, requireNoOthers } from './schema.ts';
import * as transitions from './transitions.ts';
import type { Change } from './transitions.ts';

/** A server, and the action's own argument. */
type Attempt = { call: ComputeCall; server: SimServer; argument: unknown };

/** An action as the steps of Nova's evaluation; each refuses by throwing. */
type Action = {
  /** As instance actions and 409 messages call it. */
  name: string;
  rule: string;
  vmStates: string[] | 'any';
  /** Tasks, besides none, during which it may still be asked for. */
  tasks?: string[];
  schema?(argument: unknown): void;
  /** Checks of meaning, after those of state. */
  verify?(attempt: Attempt): void;
  commit(attempt: Attempt, change: () => Change): Answer;
};

const ACCEPTED: Answer = { status: 202 };

const REBOOT_TASKS = ['rebooting', 'reboot_pending', 'reboot_started', 'rebooting_hard'];

/** POST /servers/{id}/action */
export async function postAction(call: ComputeCall, serverId: string): Promise<Answer> {
  const [key, argument] = readBody(call);
  const action = actionFor(key, argument);
  action.schema?.(argument);
  const server = requireServer(call, serverId);
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

function begin(call: ComputeCall, server: SimServer, name: string): Change {
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

function actionFor(key: string, argument: unknown): Action {
  if (key === 'reboot') return isHard(argument) ? HARD_REBOOT : SOFT_REBOOT;
  const action = ACTIONS[key];
  if (action === undefined) throw novaRefusal(400, `There is no such action: ${key}`);
  return action;
}

function requireUnlocked(call: ComputeCall, server: SimServer, action: Action): void {
  if (action.vmStates === 'any') return;
  if (server.lockedBy !== null && !isAdmin(call.caller)) throw novaRefusal(409, `Instance ${server.id} is locked`);
}

function requireState(server: SimServer, { name, vmStates, tasks }: Action): void {
  if (vmStates === 'any') return;
  const cannot = `Cannot '${name}' instance ${server.id} while it is in`;
  if (!vmStates.includes(server.vmState)) throw novaRefusal(409, `${cannot} vm_state ${server.vmState}`);
  const taskIsFine = server.taskState === null || tasks?.includes(server.taskState) === true;
  if (!taskIsFine) throw novaRefusal(409, `${cannot} task_state ${server.taskState}`);
  if (server.launchedAt === null) throw novaRefusal(409, `Instance ${server.id} is in an invalid state for '${name}'`);
}

/** Saving fails when the task is no longer what the check saw: Nova lets that through as a 500. */
function requireUntouched({ server }: Attempt, { vmStates, tasks }: Action): void {
  const taskIsFine = server.taskState === null || tasks?.includes(server.taskState) === true;
  if (!taskIsFine || (vmStates !== 'any' && !vmStates.includes(server.vmState))) {
    throw unexpected('nova.exception.UnexpectedTaskStateError');
  }
}

const STOP: Action = {
  name: 'stop',
  rule: 'servers:stop',
  vmStates: ['active', 'error'],
  commit(attempt, change) {
    requireUntouched(attempt, STOP);
    run(attempt, () => transitions.stop(change()));
    return ACCEPTED;
  },
};

const START: Action = {
  name: 'start',
  rule: 'servers:start',
  vmStates: ['stopped'],
  commit(attempt, change) {
    requireUntouched(attempt, START);
    run(attempt, () => transitions.start(change()));
    return ACCEPTED;
  },
};

const SOFT_REBOOT: Action = {
  name: 'reboot',
  rule: 'servers:reboot',
  vmStates: ['active'],
  schema: rebootSchema,
  commit(attempt, change) {
    requireUntouched(attempt, SOFT_REBOOT);
    run(attempt, () => transitions.reboot(change(), 'SOFT'));
    return ACCEPTED;
  },
};

const HARD_REBOOT: Action = {
  name: 'reboot',
  rule: 'servers:reboot',
  vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
  tasks: REBOOT_TASKS,
  schema: rebootSchema,
  commit(attempt, change) {
    requireUntouched(attempt, HARD_REBOOT);
    attempt.call.core.timeline.forget(attempt.server.id);
    run(attempt, () => transitions.reboot(change(), 'HARD'));
    return ACCEPTED;
  },
};

const RESIZE: Action = {
  name: 'resize',
  rule: 'servers:resize',
  vmStates: ['active', 'stopped'],
  schema: resizeSchema,
  verify(attempt) {
    const { call, server } = attempt;
    if (call.core.down.has('network')) throw unexpected('keystoneauth1.exceptions.connection.ConnectFailure');
    const flavor = targetFlavor(attempt);
    if (flavor.id === server.flavorId) throw novaRefusal(400, 'When resizing, instances must change flavor!');
    if (flavor.diskGiB === 0 && server.imageId !== null && call.core.settings.mode === 'openstack') {
      const reason = 'Resize to zero disk flavor is not allowed.';
      throw novaRefusal(400, `Server disk was unable to be resized because: ${reason}`);
    }
    requireQuota(attempt, flavor);
  },
  commit(attempt, change) {
    requireUntouched(attempt, RESIZE);
    const flavor = targetFlavor(attempt);
    run(attempt, () => transitions.resize(change(), flavor.id));
    return ACCEPTED;
  },
};

const CONFIRM: Action = {
  name: 'confirmResize',
  rule: 'servers:confirm_resize',
  vmStates: ['resized'],
  verify: requireFinishedMigration,
  // Nothing guards the commit: of two confirms at once both are told 204, and the server breaks.
  commit(attempt, change) {
    const { server } = attempt;
    if (server.vmState !== 'resized') return { status: 204 };
    if (server.migration === 'finished') run(attempt, () => transitions.confirmResize(change()));
    else transitions.collide(change(), server.migration === 'reverting' ? conflictMessage(server) : 'AttributeError');
    return { status: 204 };
  },
};

const REVERT: Action = {
  name: 'revertResize',
  rule: 'servers:revert_resize',
  vmStates: ['resized'],
  verify: requireFinishedMigration,
  commit(attempt, change) {
    const { server } = attempt;
    requireUntouched(attempt, REVERT);
    if (server.migration === 'finished') run(attempt, () => transitions.revertResize(change()));
    else {
      const begun = change();
      server.taskState = 'resize_reverting';
      transitions.collide(begun, conflictMessage(server));
    }
    return ACCEPTED;
  },
};

const LOCK: Action = {
  name: 'lock',
  rule: 'os-lock-server:lock',
  vmStates: 'any',
  commit({ call, server, argument }, change) {
    const reason = isRecord(argument) ? argument['locked_reason'] : null;
    change();
    Object.assign(server, { lockedBy: call.caller.userId, lockedReason: typeof reason === 'string' ? reason : null });
    return ACCEPTED;
  },
};

const UNLOCK: Action = {
  name: 'unlock',
  rule: 'os-lock-server:unlock',
  vmStates: 'any',
  verify({ call, server }) {
    const foreign = server.lockedBy !== null && server.lockedBy !== call.caller.userId;
    if (foreign && !isAdmin(call.caller)) throw policyRefusal('os-lock-server:unlock:unlock_override');
  },
  commit({ server }, change) {
    change();
    Object.assign(server, { lockedBy: null, lockedReason: null });
    return ACCEPTED;
  },
};

const ACTIONS: Record<string, Action> = {
  'os-stop': STOP,
  'os-start': START,
  resize: RESIZE,
  confirmResize: CONFIRM,
  revertResize: REVERT,
  lock: LOCK,
  unlock: UNLOCK,
};

/** Begins at once, or later when a test wants the cloud to lag behind its answer. */
function run({ call, server }: Attempt, beginning: () => void): void {
  const { core } = call;
  const lateMs = core.lateMs.get(server.id);
  core.lateMs.delete(server.id);
  if (lateMs === undefined) beginning();
  else core.timeline.plan(server.id, [{ afterMs: lateMs, run: beginning }], 'timed');
}

function requireFinishedMigration({ server }: Attempt): void {
  if (server.migration !== 'finished') throw novaRefusal(400, 'Instance has not been resized.');
}

function conflictMessage(server: SimServer): string {
  const expected = "{'task_state': [None, 'deleting', 'soft-deleting']}";
  return `Conflict updating instance ${server.id}. Expected: ${expected}. Actual: {'task_state': 'resize_reverting'}`;
}

// A flavor's address is as good as its id; a disabled flavor is as good as none.
function targetFlavor({ call, argument }: Attempt): SimFlavor {
  const reference = isRecord(argument) ? String(argument['flavorRef']) : '';
  const id = reference.slice(reference.lastIndexOf('/') + 1);
  const flavor = call.core.world.flavors.get(id);
  if (flavor === undefined || flavor.disabled) throw novaRefusal(400, `Flavor ${id} could not be found.`);
  return flavor;
}

// Only what grows counts, and the server itself is not counted twice.
function requireQuota({ call, server }: Attempt, to: SimFlavor): void {
  const { world } = call.core;
  const from = world.flavor(server.flavorId);
  const quota = world.project(server.projectId).quota;
  const used = world.usage(server.projectId);
  const grown = [
    { name: 'cores', asked: to.vcpus - from.vcpus, used: used.cores, limit: quota.cores },
    { name: 'ram', asked: to.ramMiB - from.ramMiB, used: used.ramMiB, limit: quota.ramMiB },
  ];
  const over = grown.filter(({ asked, used: taken, limit }) => asked > 0 && limit !== -1 && taken + asked > limit);
  if (over.length === 0) return;
  const list = (pick: (item: (typeof grown)[number]) => unknown): string => over.map(pick).join(', ');
  const names = list((item) => item.name);
  throw novaRefusal(
    403,
    `Quota exceeded for ${names}: Requested ${list((item) => item.asked)}, but already used ${list((item) => item.used)} of ${list((item) => item.limit)} ${names}`,
  );
}

function isHard(argument: unknown): boolean {
  return isRecord(argument) && String(argument['type']).toUpperCase() === 'HARD';
}

function rebootSchema(argument: unknown): void {
  const types = ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'];
  if (!isRecord(argument) || !('type' in argument)) throw missingProperty('reboot', argument, 'type');
  if (!types.includes(String(argument['type']))) throw notOneOf('type', argument['type'], types);
  requireNoOthers('reboot', argument, ['type']);
}

function resizeSchema(argument: unknown): void {
  if (!isRecord(argument) || !('flavorRef' in argument)) throw missingProperty('resize', argument, 'flavorRef');
  requireNoOthers('resize', argument, ['flavorRef', 'OS-DCF:diskConfig']);
}

/** DELETE /servers/{id}: whatever the state, again and again until it is gone. */
export function deleteServer(call: ComputeCall, serverId: string): Answer {
  const server = requireServer(call, serverId);
  requireRole(call, 'member', 'servers:delete');
  if (server.lockedBy !== null && !isAdmin(call.caller)) throw novaRefusal(409, `Instance ${server.id} is locked`);
  if (server.taskState !== 'deleting') transitions.remove(begin(call, server, 'delete'));
  return { status: 204 };
}

/** An action by the operator's hand, past all checks; for tests that change the world behind somebody's back. */
export function operatorChange(core: ComputeCall['core'], server: SimServer, name: string): Change {
  const by = { action: name, requestId: newRequestId(), userId: server.userId, projectId: server.projectId };
  return { core, server, action: core.world.recordAction(server, by) };
}
