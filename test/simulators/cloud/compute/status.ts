// Nova's own table from the inner states to the one word that people see, and back.

const RESIZE_TASKS = {
  resize_prep: 'RESIZE',
  resize_migrating: 'RESIZE',
  resize_migrated: 'RESIZE',
  resize_finish: 'RESIZE',
};
const REBUILD_TASKS = { rebuilding: 'REBUILD', rebuild_block_device_mapping: 'REBUILD', rebuild_spawning: 'REBUILD' };

/** vm_state → task_state → status; `default` for every task not named. */
const STATUS: Record<string, Record<string, string>> = {
  active: {
    default: 'ACTIVE',
    rebooting: 'REBOOT',
    reboot_pending: 'REBOOT',
    reboot_started: 'REBOOT',
    rebooting_hard: 'HARD_REBOOT',
    reboot_pending_hard: 'HARD_REBOOT',
    reboot_started_hard: 'HARD_REBOOT',
    updating_password: 'PASSWORD',
    migrating: 'MIGRATING',
    ...REBUILD_TASKS,
    ...RESIZE_TASKS,
  },
  building: { default: 'BUILD' },
  stopped: { default: 'SHUTOFF', ...RESIZE_TASKS, ...REBUILD_TASKS },
  resized: { default: 'VERIFY_RESIZE', resize_reverting: 'REVERT_RESIZE' },
  paused: { default: 'PAUSED', migrating: 'MIGRATING' },
  suspended: { default: 'SUSPENDED' },
  rescued: { default: 'RESCUE' },
  error: { default: 'ERROR', ...REBUILD_TASKS },
  deleted: { default: 'DELETED' },
  'soft-delete': { default: 'SOFT_DELETED' },
  shelved: { default: 'SHELVED' },
  shelved_offloaded: { default: 'SHELVED_OFFLOADED' },
};

export function statusOf(vmState: string, taskState: string | null): string {
  const row = STATUS[vmState];
  return row?.[taskState ?? 'default'] ?? row?.['default'] ?? 'UNKNOWN';
}

/**
 * What Nova turns a status filter into: sets of vm_states and task_states; tasks null: any.
 * This is coarser than the status itself: `ACTIVE` finds whatever is of vm_state active, a resizing server included.
 */
export function statesFor(statuses: string[]): { vmStates: Set<string>; taskStates: Set<string> | null } | null {
  const wanted = new Set(statuses.map((status) => status.toLowerCase()));
  const vmStates = new Set<string>();
  const taskStates = new Set<string>();
  for (const [vmState, tasks] of Object.entries(STATUS)) {
    for (const [taskState, status] of Object.entries(tasks)) {
      if (!wanted.has(status.toLowerCase())) continue;
      vmStates.add(vmState);
      taskStates.add(taskState);
    }
  }
  if (vmStates.size === 0) return null;
  return { vmStates, taskStates: taskStates.has('default') ? null : taskStates };
}
