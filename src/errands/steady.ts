// When a server takes disks and NICs, and what is said when it does not: before an errand is begun, and in the middle of one.
import type { Server } from '../openstack/server.ts';
import { lockedSentence, stateSentence } from './words.ts';

/** Where the cloud attaches and detaches (ecs-api B.13, B.14). */
const STEADY = new Set(['ACTIVE', 'SHUTOFF', 'PAUSED']);

/** Null: its state is no reason to refuse. Plain text; `name` is what people call the server. Pure. */
export function whyNotSteady(name: string, { locked, status }: Pick<Server, 'locked' | 'status'>): string | null {
  if (locked === true) return lockedSentence(name);
  return STEADY.has(status) ? null : stateSentence(name, status);
}
