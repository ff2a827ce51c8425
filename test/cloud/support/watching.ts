// Looking at a server until it is where it should be, and what was seen on the way.
import { setTimeout as pause } from 'node:timers/promises';
import { isCloudError } from '../../../src/openstack/errors.ts';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import type { Server } from '../../../src/openstack/server.ts';
import { showServer } from '../../../src/openstack/servers.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

export type Watcher = { cloud: Cloud; under: Pick<CloudUnderTest, 'pollMs' | 'patienceMs'> };

/** What a look shows: `RESIZE/resize_prep`, or `ACTIVE` when nothing is being done. */
export function stateOf({ status, taskState }: Pick<Server, 'status' | 'taskState'>): string {
  return taskState === null ? status : `${status}/${taskState}`;
}

export type Seen = { server: Server; states: string[] };

/** `states`: each one seen, in order, repeats left out. `what` completes "waited … ms for". */
export async function watch(
  watcher: Watcher,
  id: string,
  end: { when(server: Server): boolean | Promise<boolean>; what: string },
): Promise<Seen> {
  const states: string[] = [];
  const server = await until(watcher.under, {
    async look() {
      const seen = await showServer(watcher.cloud, id);
      const state = stateOf(seen);
      if (states.at(-1) !== state) states.push(state);
      return (await end.when(seen)) ? seen : null;
    },
    what: () => `${end.what}; seen: ${states.join(', ')}`,
  });
  return { server, states };
}

/** Until it has this status and nothing is being done to it. */
export async function settled(watcher: Watcher, id: string, status: string): Promise<Seen> {
  return watch(watcher, id, { when: (server) => stateOf(server) === status, what: `${id} to be ${status}` });
}

/** Until it is not found any more; resolves with the states it was seen in before. */
export async function gone(watcher: Watcher, id: string): Promise<string[]> {
  const states: string[] = [];
  const look = async (): Promise<boolean> => {
    try {
      const state = stateOf(await showServer(watcher.cloud, id));
      if (states.at(-1) !== state) states.push(state);
      return false;
    } catch (error) {
      if (isCloudError(error, 'not_found')) return true;
      throw error;
    }
  };
  await until(watcher.under, { look, what: () => `${id} to be gone; seen: ${states.join(', ')}` });
  return states;
}

/** Resolves with the first value that is neither null, undefined nor false. */
export async function until<T>(
  { pollMs, patienceMs }: Pick<CloudUnderTest, 'pollMs' | 'patienceMs'>,
  wanted: { look(): Promise<T>; what(): string },
): Promise<Exclude<T, null | undefined | false>> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = await wanted.look();
    if (seen !== null && seen !== undefined && seen !== false) return seen as Exclude<T, null | undefined | false>;
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for ${wanted.what()}`);
    await pause(pollMs);
  }
}

/** What was seen that has no place in `path`, or not there: empty when the states came in this order, gaps allowed. */
export function strays(states: string[], path: string[]): string[] {
  let at = 0;
  return states.filter((state) => {
    const found = path.indexOf(state, at);
    if (found === -1) return true;
    at = found;
    return false;
  });
}
