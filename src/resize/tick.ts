// What happens every POLL_INTERVAL, on one replica: what is due is woken, what waits for the cloud is looked at together.
import type { Log } from '../log.ts';
import type { RecordStore } from '../redis/record.ts';
import { createPoller, type Waiting } from '../watch/poller.ts';
import { wakeDue } from '../workflow/due.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { lookers } from './observation.ts';
import { lastEvent, type ResizeRequest } from './request.ts';
import { MOVING, RESTING } from './store.ts';
import type { ResizeWorker } from './worker.ts';

export type TickDeps = {
  records: Pick<RecordStore<ResizeRequest>, 'due' | 'many' | 'members'>;
  worker: ResizeWorker;
  wake(id: string): Promise<void>;
  cloudFor: CloudFor;
  now: () => number;
  log: Pick<Log, 'warn'>;
};

/** `tick` is to be called by one replica at a time; two at once cost requests, not correctness. */
export function createResizeTick(deps: TickDeps): { tick(): Promise<void> } {
  const poller = createPoller({
    waiting: (kind) => deps.records.members(kind === 'moving' ? MOVING : RESTING),
    describe: async (ids) => (await deps.records.many(ids)).map(waitingOf),
    cloudFor: deps.cloudFor,
    changed: (id, { server, at }) => deps.worker.step(id, { kind: 'server', at, server, actions: null }),
    async unwatched(ids) {
      const at = deps.now();
      const requests = await deps.records.many(ids);
      await Promise.all(
        requests.map((request) => deps.worker.step(request.id, { kind: 'signed_out', at, who: request.requester })),
      );
    },
    async unseen(ids, outage) {
      const at = deps.now();
      await Promise.all(ids.map((id) => deps.worker.step(id, { kind: 'unseen', at, ...outage })));
    },
    now: deps.now,
    onError: (err, facts) => deps.log.warn({ err, ...facts }, 'could not look at a project'),
  });
  return {
    async tick() {
      await wakeDue(deps);
      await poller.tick();
    },
  };
}

/** It began to wait for the cloud when it was approved last. */
function waitingOf(request: ResizeRequest): Waiting {
  return {
    id: request.id,
    serverId: request.plan.server.id,
    projectId: request.plan.project.id,
    region: request.plan.region,
    people: lookers(request),
    since: lastEvent(request, 'approved')?.at ?? request.createdAt,
  };
}
