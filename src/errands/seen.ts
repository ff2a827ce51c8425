// What the parts of a look have in common: sights without their time, and things that may be gone.
import { isCloudError } from '../openstack/errors.ts';
import { type Errand, idOf } from './errand.ts';
import type { Sight } from './sight.ts';
import type { Ref, Task } from './task.ts';

/** A sight without its time. */
export type Seen = Sight extends infer S ? (S extends Sight ? Omit<S, 'at'> : never) : never;

export type TaskOf<K extends Task['kind']> = Extract<Task, { kind: K }>;

export const ABSENT: Seen = { kind: 'absent', before: [] };

export function ready(id: string, detail: string | null = null): Seen {
  return { kind: 'ready', id, detail };
}

/** Earlier steps are done, so their ids are known. */
export function known(errand: Errand, ref: Ref): string {
  const id = idOf(errand, ref);
  if (id === null) throw new Error(`${errand.id} works on something that was never made`);
  return id;
}

/** Null: it is not there. Throws CloudError for anything else. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isCloudError(error, 'not_found')) return null;
    throw error;
  }
}
