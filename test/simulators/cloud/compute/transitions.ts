// What a server goes through after an accepted action: Nova's state machine, task by task, failures included.

import type { Core } from '../core.ts';
import type { Pace } from '../options.ts';
import type { SimAction, SimServer } from '../model.ts';
import { releaseFrom } from '../stock/equipment.ts';

/** An accepted action on its server. */
export type Change = { core: Core; server: SimServer; action: SimAction };

export function stop(change: Change): void {
  setTask(change, 'powering-off');
  plan(change, [
    { pace: 'stopMs', run: () => end(change, 'compute_stop_instance', { vmState: 'stopped', powerState: 4 }) },
  ]);
}

export function start(change: Change): void {
  setTask(change, 'powering-on');
  plan(change, [{ pace: 'startMs', run: () => finishStart(change) }]);
}

// Without its network a start is accepted and comes to nothing, with no fault to show for it.
function finishStart(change: Change): void {
  if (change.core.down.has('network')) return fail(change, 'compute_start_instance', 'rolled_back');
  end(change, 'compute_start_instance', { vmState: 'active', powerState: 1 });
}

export function reboot(change: Change, type: 'SOFT' | 'HARD'): void {
  const suffix = type === 'HARD' ? '_hard' : '';
  setTask(change, `rebooting${suffix}`);
  plan(change, [
    { pace: 'rebootMs', part: 1 / 3, run: () => setTask(change, `reboot_pending${suffix}`) },
    { pace: 'rebootMs', part: 1 / 3, run: () => setTask(change, `reboot_started${suffix}`) },
    {
      pace: 'rebootMs',
      part: 1 / 3,
      run: () => end(change, 'compute_reboot_instance', { vmState: 'active', powerState: 1 }),
    },
  ]);
}

export function resize(change: Change, flavorId: string): void {
  const { core } = change;
  const outcome = core.world.flavor(flavorId).resizeOutcome;
  setTask(change, 'resize_prep');
  record(change, 'conductor_migrate_server', null);
  record(change, 'cold_migrate', null);
  const findsHost = (): boolean => findHost(change, outcome === 'no_valid_host');
  // Hosts that hang do not keep the scheduler from choosing one of them.
  const early = core.down.has('computes') ? findsHost() : null;
  if (early === false) return;
  plan(change, [
    { pace: 'resizeMs', part: 1 / 4, run: () => void ((early ?? findsHost()) && setTask(change, 'resize_migrating')) },
    { pace: 'resizeMs', part: 1 / 4, run: () => migrate(change, 'compute_prep_resize', 'resize_migrated') },
    { pace: 'resizeMs', part: 1 / 4, run: () => moveDisks(change) },
    { pace: 'resizeMs', part: 1 / 4, run: () => finishResize(change, { flavorId, fails: outcome === 'finish_fails' }) },
  ]);
}

/**
 * False when nothing fits, or Nova cannot ask around: it puts the server back as it was, and the action's message is the
 * only trace.
 */
function findHost(change: Change, nothingFits: boolean): boolean {
  const { core, server } = change;
  const spoil = core.spoils.get(server.id);
  const rollsBack = spoil?.action === 'resize' && spoil.outcome === 'rolled_back';
  const cannotAsk = core.down.has('placement') || core.down.has('network');
  const isFound = !nothingFits && !rollsBack && !cannotAsk;
  settleEvents(change, isFound ? 'Success' : 'Error');
  if (isFound) return true;
  core.spoils.delete(server.id);
  core.timeline.forget(server.id);
  change.action.message = 'Error';
  setTask(change, null);
  return false;
}

function migrate(change: Change, event: string, nextTask: string): void {
  settleEvents(change, 'Success');
  record(change, event, 'Success');
  setTask(change, nextTask);
}

// The host unplugs the server first, and cannot without the network service: no way back is left.
function moveDisks(change: Change): void {
  const { core, server } = change;
  if (!core.down.has('network')) return migrate(change, 'compute_resize_instance', 'resize_finish');
  core.timeline.forget(server.id);
  fail(change, 'compute_resize_instance', 'error');
  Object.assign(server.fault ?? {}, { message: 'ConnectFailure' });
}

function finishResize(change: Change, to: { flavorId: string; fails: boolean }): void {
  const { core, server } = change;
  const spoil = core.spoils.get(server.id);
  if (to.fails || spoil?.action === 'resize') {
    core.spoils.delete(server.id);
    breakResize(change);
    return;
  }
  record(change, 'compute_finish_resize', 'Success');
  Object.assign(server, {
    oldFlavorId: server.flavorId,
    oldVmState: server.vmState,
    flavorId: to.flavorId,
    vmState: 'resized',
    migration: 'finished',
    launchedAt: core.timeline.now(),
    host: server.host === 'host-1' ? 'host-2' : 'host-1',
  });
  setTask(change, null);
  planAutoConfirm(core, server);
}

// The fault is there before the host has given up the task: for a moment the server is in ERROR and still finishing.
function breakResize(change: Change): void {
  const task = change.server.taskState;
  fail(change, 'compute_finish_resize', 'error');
  setTask(change, task);
  plan(change, [{ pace: 'resizeMs', part: 1 / 8, run: () => setTask(change, null) }]);
}

/** The cloud's own confirmation, under an owner of its own so that `finish` does not hurry it. */
function planAutoConfirm(core: Core, server: SimServer): void {
  const { autoConfirmMs } = core.settings;
  if (autoConfirmMs === null) return;
  const run = (): void => {
    if (server.migration !== 'finished' || server.vmState !== 'resized') return;
    const by = {
      action: 'confirmResize',
      requestId: 'req-auto-confirm',
      userId: server.userId,
      projectId: server.projectId,
    };
    finishConfirm({ core, server, action: core.world.recordAction(server, by) });
  };
  core.timeline.forget(`auto-confirm ${server.id}`);
  core.timeline.plan(`auto-confirm ${server.id}`, [{ afterMs: autoConfirmMs, run }], 'timed');
}

/** Answers before anything is to be seen: the server stays VERIFY_RESIZE without a task, and `updated` does not move. */
export function confirmResize(change: Change): void {
  change.server.migration = 'confirming';
  plan(change, [{ pace: 'confirmMs', run: () => finishConfirm(change) }]);
}

function finishConfirm(change: Change): void {
  const running = change.server.powerState !== 4;
  Object.assign(change.server, { oldFlavorId: null, oldVmState: null, migration: null });
  end(change, 'compute_confirm_resize', { vmState: running ? 'active' : 'stopped' });
}

export function revertResize(change: Change): void {
  setTask(change, 'resize_reverting');
  change.server.migration = 'reverting';
  plan(change, [
    { pace: 'revertMs', part: 1 / 2, run: () => moveBack(change) },
    { pace: 'revertMs', part: 1 / 2, run: () => finishRevert(change) },
  ]);
}

// A server that was stopped shows VERIFY_RESIZE once more on its way back, now with a task.
function moveBack(change: Change): void {
  const { server } = change;
  record(change, 'compute_revert_resize', 'Success');
  server.flavorId = server.oldFlavorId ?? server.flavorId;
  setTask(change, server.oldVmState === 'stopped' ? 'powering-off' : 'resize_reverting');
}

function finishRevert(change: Change): void {
  const wasStopped = change.server.oldVmState === 'stopped';
  Object.assign(change.server, { oldFlavorId: null, oldVmState: null, migration: null });
  const after = wasStopped ? { vmState: 'stopped', powerState: 4 } : { vmState: 'active', powerState: 1 };
  end(change, 'compute_finish_revert_resize', after);
}

/** Deleting overtakes whatever was under way. */
export function remove(change: Change): void {
  const { core, server } = change;
  core.timeline.forget(server.id);
  core.timeline.forget(`auto-confirm ${server.id}`);
  setTask(change, 'deleting');
  const run = (): void => {
    server.terminatedAt = core.timeline.now();
    releaseFrom(core.world.stock, server, () => core.timeline.now());
    end(change, 'compute_terminate_instance', { vmState: 'deleted', powerState: 0 });
  };
  plan(change, [
    { pace: 'deleteMs', part: 3 / 4, run },
    { pace: 'deleteMs', part: 1 / 4, run: () => void (server.isErased = server.vmState === 'deleted') },
  ]);
}

/** Two people's confirm or revert have met: what each began is lost and the server ends in ERROR. */
export function collide(change: Change, faultMessage: string): void {
  const { core, server } = change;
  core.timeline.forget(server.id);
  plan(change, [{ pace: 'confirmMs', run: () => breakServer(change, faultMessage) }]);
}

function breakServer(change: Change, faultMessage: string): void {
  const { core, server } = change;
  server.migration = null;
  server.fault = { code: 500, message: faultMessage, createdAt: core.timeline.now() };
  change.action.message = 'Error';
  change.action.updatedAt = core.timeline.now();
  server.vmState = 'error';
  setTask(change, null);
}

export type PlannedStep = { pace: keyof Pace; part?: number; run: () => void };

export function plan({ core, server }: Change, steps: PlannedStep[]): void {
  const { pace } = core.settings;
  const timed = steps.map((step) => ({
    afterMs: pace === 'manual' ? 0 : pace[step.pace] * (step.part ?? 1),
    run: step.run,
  }));
  // Hung compute hosts accept nothing and refuse nothing: the work waits in the queue.
  core.timeline.plan(server.id, timed, pace === 'manual' || core.down.has('computes') ? 'held' : 'timed');
}

/** The last step of a change, unless a test has asked for it to go wrong. */
function end(change: Change, event: string, after: { vmState: string; powerState?: number }): void {
  const { core, server, action } = change;
  const spoil = core.spoils.get(server.id);
  if (spoil?.action === action.action) {
    core.spoils.delete(server.id);
    return fail(change, event, spoil.outcome);
  }
  record(change, event, 'Success');
  Object.assign(server, after);
  setTask(change, null);
}

function fail(change: Change, event: string, outcome: 'rolled_back' | 'error'): void {
  const { core, server, action } = change;
  settleEvents(change, 'Success');
  record(change, event, 'Error');
  action.message = 'Error';
  if (outcome === 'error') {
    server.vmState = 'error';
    server.fault = { code: 500, message: 'Virtual Interface creation failed', createdAt: core.timeline.now() };
  }
  setTask(change, null);
}

export function setTask({ core, server }: Change, task: string | null): void {
  server.taskState = task;
  server.updatedAt = core.timeline.now();
}

export function record({ core, action }: Change, event: string, result: 'Success' | 'Error' | null): void {
  const now = core.timeline.now();
  action.events.unshift({ event, startedAt: now, finishedAt: result === null ? null : now, result });
  action.updatedAt = now;
}

function settleEvents({ core, action }: Change, result: 'Success' | 'Error'): void {
  for (const event of action.events) {
    if (event.result === null) Object.assign(event, { result, finishedAt: core.timeline.now() });
  }
}
