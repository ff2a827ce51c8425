// The actions of a server: what each needs, and what it does to the state when two people ask at once.

import { isRecord, type Answer } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { isAdmin, type ComputeCall } from './caller.ts';
import { novaRefusal, policyRefusal, unexpected } from './errors.ts';
import { requireFinishedMigration, requireResizable, targetFlavor } from './resize-checks.ts';
import { missingProperty, notOneOf, requireNoOthers } from './schema.ts';
import * as transitions from './transitions.ts';
import type { Change } from './transitions.ts';

/** A server, and the action's own argument. */
export type Attempt = { call: ComputeCall; server: SimServer; argument: unknown };

/** An action as the steps of Nova's evaluation; each refuses by throwing. */
export type Action = {
  /** As instance actions and 409 messages call it. */
  name: string;
  rule: string;
  /** True for the two that do not find servers as all the others do, and have their own words when there is none. */
  looksForItself?: true;
  vmStates: string[] | 'any';
  /** Tasks, besides none, during which it may still be asked for. */
  tasks?: string[];
  schema?(argument: unknown): void;
  /** Checks of meaning, after those of state. */
  verify?(attempt: Attempt): void;
  commit(attempt: Attempt, change: () => Change): Answer;
};

/** Refuses with 400 what Nova does not know. */
export function actionFor(key: string, argument: unknown): Action {
  if (key === 'reboot') return isHard(argument) ? HARD_REBOOT : SOFT_REBOOT;
  const action = ACTIONS[key];
  if (action === undefined) throw novaRefusal(400, `There is no such action: ${key}`);
  return action;
}

const ACCEPTED: Answer = { status: 202 };

const REBOOT_TASKS = ['rebooting', 'reboot_pending', 'reboot_started', 'rebooting_hard'];

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
  looksForItself: true,
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
  looksForItself: true,
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
  verify: requireResizable,
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

function conflictMessage(server: SimServer): string {
  const expected = "{'task_state': [None, 'deleting', 'soft-deleting']}";
  return `Conflict updating instance ${server.id}. Expected: ${expected}. Actual: {'task_state': 'resize_reverting'}`;
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
