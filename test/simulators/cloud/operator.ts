// The hand behind the bot's back: changes of the world that come from consoles, scripts and administrators.

import { operatorChange } from './compute/actions.ts';
import type { Core } from './core.ts';
import type { Role } from './seeds.ts';
import type { SimServer } from './model.ts';
import { releaseFrom } from './stock/equipment.ts';

export type Operator = ReturnType<typeof createOperator>;

/** Every change takes effect at once and is told to `onChange`. Servers, users and projects by name or id. */
export function createOperator(core: Core, onChange: () => void) {
  const change = (name: string, action: string | null, fields: Partial<SimServer>): void => {
    const server = core.world.server(name);
    core.timeline.settle();
    if (action !== null) {
      core.timeline.forget(server.id);
      operatorChange(core, server, action);
    }
    Object.assign(server, { updatedAt: core.timeline.now(), ...fields });
    onChange();
  };
  const settled = { taskState: null, migration: null, oldFlavorId: null, oldVmState: null } as const;
  return {
    /** The flavor is another one, confirmed, as if somebody had gone the whole way. */
    resize: (name: string, flavor: string) =>
      change(name, 'resize', { ...settled, flavorId: core.world.flavor(flavor).id }),
    stop: (name: string) => change(name, 'stop', { vmState: 'stopped', powerState: 4, taskState: null }),
    start: (name: string) => change(name, 'start', { vmState: 'active', powerState: 1, taskState: null }),
    confirm(name: string): void {
      const running = core.world.server(name).powerState !== 4;
      change(name, 'confirmResize', { ...settled, vmState: running ? 'active' : 'stopped' });
    },
    revert(name: string): void {
      const { oldFlavorId, oldVmState, flavorId } = core.world.server(name);
      const vmState = oldVmState ?? 'active';
      change(name, 'revertResize', {
        ...settled,
        flavorId: oldFlavorId ?? flavorId,
        vmState,
        powerState: vmState === 'stopped' ? 4 : 1,
      });
    },
    delete(name: string): void {
      releaseFrom(core.world.stock, core.world.server(name), () => core.timeline.now());
      change(name, 'delete', {
        ...settled,
        vmState: 'deleted',
        isErased: true,
        powerState: 0,
        terminatedAt: core.timeline.now(),
      });
    },
    lock: (name: string) => change(name, 'lock', { lockedBy: core.world.user('admin').id }),
    unlock: (name: string) => change(name, 'unlock', { lockedBy: null }),
    rename: (name: string, to: string) => change(name, null, { name: to }),
    breakServer: (name: string, message: string) =>
      change(name, null, {
        ...settled,
        vmState: 'error',
        fault: { code: 500, message, createdAt: core.timeline.now() },
      }),
    /** Anything else, e.g. `{ vmState: 'paused', powerState: 3 }`. */
    set: (name: string, fields: Partial<SimServer>) => change(name, null, fields),
    grant(user: string, project: string, role: Role): void {
      core.world.grant(core.world.user(user).id, core.world.project(project).id, role);
    },
    removeRole(user: string, project: string): void {
      core.world.revoke(core.world.user(user).id, core.world.project(project).id);
    },
    setUserEnabled(user: string, enabled: boolean): void {
      core.world.user(user).enabled = enabled;
    },
    deleteApplicationCredential: (id: string) => core.tokens.deleteCredential(id),
    revokeAllTokens: () => core.tokens.revokeAll(),
  };
}
