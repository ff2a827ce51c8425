// New servers, configured: records, worker, and the tick that looks at what is being built.
import { randomUUID } from 'node:crypto';
import type { Sessions } from '../auth/sessions.ts';
import { creationButtons } from '../commands/create/buttons.ts';
import type { Creation } from '../creation/creation.ts';
import { createCreations, type Creations } from '../creation/creations.ts';
import { placeCreation } from '../creation/store.ts';
import { createCreationTick } from '../creation/tick.ts';
import { createCreationWorker } from '../creation/worker.ts';
import { createRecords } from '../redis/record.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Outbox } from '../slack/reply.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';
import type { Wakes } from './wakes.ts';

type Parts = { memory: Memory; outbox: Outbox; sessions: Sessions; secrets: Secrets; wakes: Wakes };

export function buildCreation(
  base: Base,
  { memory, outbox, sessions, secrets, wakes }: Parts,
): { creations: Creations; tick(): Promise<void> } {
  const { wake } = wakes;
  const records = createRecords<Creation>({ ...memory, kind: 'creation', place: placeCreation });
  const announcing = { records, outbox, slash: base.config.slack.command, buttons: creationButtons };
  const shared = { ...base, ...announcing, cloudFor: sessions.cloud };
  const worker = createCreationWorker({ ...shared, leases: memory.leases, secrets });
  wakes.handle('C', worker.step);
  return {
    creations: createCreations({ ...shared, wake, randomId: randomUUID }),
    tick: createCreationTick({ ...shared, worker, wake }).tick,
  };
}
