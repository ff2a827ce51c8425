// What happens every POLL_INTERVAL, on one replica: what is due is woken, what the cloud builds is looked at together.
import type { Log } from '../log.ts';
import type { RecordStore } from '../redis/record.ts';
import { createPoller, type Waiting } from '../watch/poller.ts';
import { wakeDue } from '../workflow/due.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import type { Creation } from './creation.ts';
import { BUILDING } from './store.ts';
import type { CreationWorker } from './worker.ts';

export type TickDeps = {
  records: Pick<RecordStore<Creation>, 'due' | 'many' | 'members'>;
  worker: CreationWorker;
  wake(id: string): Promise<void>;
  cloudFor: CloudFor;
  now: () => number;
  log: Pick<Log, 'warn'>;
};

/** `tick` is to be called by one replica at a time; two at once cost requests, not correctness. */
export function createCreationTick(deps: TickDeps): { tick(): Promise<void> } {
  const poller = createPoller({
    waiting: async (kind) => (kind === 'moving' ? deps.records.members(BUILDING) : []),
    describe: async (ids) => (await deps.records.many(ids)).flatMap(waitingOf),
    cloudFor: deps.cloudFor,
    changed: (id, { server, at }) => deps.worker.step(id, { kind: 'server', at, server, listed: true }),
    // The worker finds out which of the reasons it is when it is due.
    async unwatched(ids) {
      await Promise.all(ids.map((id) => deps.worker.step(id)));
    },
    async unseen(ids, outage) {
      const at = deps.now();
      await Promise.all(ids.map((id) => deps.worker.step(id, { kind: 'unseen', at, ...outage })));
    },
    now: deps.now,
    onError: (err, facts) => deps.log.warn({ err, ...facts }, 'could not look at what is built in a project'),
  });
  return {
    async tick() {
      await wakeDue(deps);
      await poller.tick();
    },
  };
}

function waitingOf({ id, server, project, region, requester, createdAt }: Creation): Waiting[] {
  if (!server) return [];
  return [{ id, serverId: server.id, projectId: project.id, region, people: [requester], since: createdAt }];
}
