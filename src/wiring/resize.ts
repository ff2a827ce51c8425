// The resize workflow, configured: records, worker, and the tick that looks at the cloud.
import { randomInt } from 'node:crypto';
import type { Sessions } from '../auth/sessions.ts';
import { createRecords } from '../redis/record.ts';
import type { FlavorList } from '../resize/ask.ts';
import { fourEyes } from '../resize/policy.ts';
import type { OnState, ResizeRequest } from '../resize/request.ts';
import { createResizes, type Resizes } from '../resize/resizes.ts';
import { placeRequest } from '../resize/store.ts';
import { createResizeTick } from '../resize/tick.ts';
import { createResizeWorker } from '../resize/worker.ts';
import type { Outbox } from '../slack/reply.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';
import type { Wakes } from './wakes.ts';

type Parts = { memory: Memory; outbox: Outbox; sessions: Sessions; flavors: FlavorList; wakes: Wakes };

export type ResizeParts = {
  resizes: Resizes;
  tick(): Promise<void>;
};

export function buildResize(base: Base, { memory, outbox, sessions, flavors, wakes }: Parts): ResizeParts {
  const { config, log, now } = base;
  const records = createRecords<ResizeRequest>({ ...memory, kind: 'resize', place: placeRequest });
  const announcing = { records, outbox, slash: config.slack.command, onState: observeStates(base) };
  const cloudFor = sessions.cloud;
  const worker = createResizeWorker({
    ...announcing,
    leases: memory.leases,
    cloudFor,
    now,
    log,
  });
  const { wake } = wakes;
  wakes.handle('R', worker.step);
  const { tick } = createResizeTick({ records, worker, wake, cloudFor, now, log });
  return {
    resizes: createResizes({
      ...announcing,
      records,
      cloudFor,
      flavors,
      policy: fourEyes,
      wake,
      now,
      random: randomInt,
      ttls: { approvalTtlMs: config.ttl.approvalMs, confirmTtlMs: config.ttl.confirmMs },
    }),
    tick,
  };
}

/** One line and one count per state, whoever led the request there: a person's word, the cloud, or time. */
function observeStates({ log, metrics }: Base): OnState {
  return ({ id, plan, state, events }, from) => {
    metrics.resizes.inc({ state });
    const by = events.at(-1)?.by?.userId;
    log.info({ request: id, server: plan.server.id, from, to: state, ...(by && { by }) }, 'resize state');
  };
}
