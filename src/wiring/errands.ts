// Errands on disks and NICs, configured: records, worker, and the tick that finds what is due.
import type { Sessions } from '../auth/sessions.ts';
import type { Errand } from '../errands/errand.ts';
import { createErrands, type Errands } from '../errands/errands.ts';
import { placeErrand } from '../errands/store.ts';
import { createErrandWorker } from '../errands/worker.ts';
import { createRecords } from '../redis/record.ts';
import type { Outbox } from '../slack/reply.ts';
import { wakeDue } from '../workflow/due.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';
import type { Wakes } from './wakes.ts';

type Parts = { memory: Memory; outbox: Outbox; sessions: Sessions; wakes: Wakes };

export function buildErrands(
  base: Base,
  { memory, outbox, sessions, wakes }: Parts,
): { errands: Errands; tick(): Promise<void> } {
  const records = createRecords<Errand>({ ...memory, kind: 'errand', place: placeErrand });
  const shared = { ...base, records, outbox, slash: base.config.slack.command, cloudFor: sessions.cloud };
  const worker = createErrandWorker({ ...shared, leases: memory.leases });
  wakes.handle('E', worker.step);
  return {
    errands: createErrands({ ...shared, wake: wakes.wake }),
    // Nothing of the cloud's tells when an errand goes on: each looks for itself when it is due.
    tick: () => wakeDue({ ...shared, wake: wakes.wake }),
  };
}
