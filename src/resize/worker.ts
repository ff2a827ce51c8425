// One step of one request, by one worker at a time per server: look, decide, save the intention, act, save the answer.
import { unreachable } from '../errors.ts';
import type { Log } from '../log.ts';
import { isLease, type Lease, type Leases } from '../redis/lease.ts';
import type { RecordStore } from '../redis/record.ts';
import { isDue } from '../workflow/due.ts';
import { saveUnlessMoved } from '../workflow/save.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { sendAct } from './act.ts';
import { advance, isStale } from './advance.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { lookAt } from './look.ts';
import type { Observation } from './observation.ts';
import { settle } from './settle.ts';
import type { Intention, OnState, ResizeRequest } from './request.ts';
import type { Step } from './steps.ts';
import { serverClaim } from './store.ts';

export type WorkerDeps = Omit<AnnounceDeps, 'records'> & {
  records: Pick<RecordStore<ResizeRequest>, 'get' | 'update'>;
  leases: Leases;
  cloudFor: CloudFor;
  now: () => number;
  log: Pick<Log, 'info' | 'warn'>;
  onState?: OnState;
};

/** `busy`: somebody else is at this server, the observation was not used. */
export type Stepped = 'done' | 'busy';

export type ResizeWorker = {
  /** Goes on with the request as far as it can go now. `observation`: what a poller has just seen. May run any number of times. */
  step(id: string, observation?: Observation): Promise<Stepped>;
};

/** A step that has not come to rest after so many turns goes on at the next tick. */
const MOST_TURNS = 20;

export function createResizeWorker(deps: WorkerDeps): ResizeWorker {
  return {
    async step(id, observation) {
      const request = await deps.records.get(id);
      if (!request) return 'done';
      // It was asked for before our last call was answered: it has to be asked for again.
      if (observation && isStale(request, observation)) return 'busy';
      if (isIdle(request, observation ?? null, deps.now())) {
        await announce(request, deps);
        return 'done';
      }
      const lease = await deps.leases.acquire(serverClaim(request.plan.server.id), `resize request ${id}`);
      if (!isLease(lease)) return 'busy';
      try {
        await work({ lease, id, deps }, observation ?? null);
        return 'done';
      } finally {
        await lease.release();
      }
    },
  };
}

/** Most of what a poller sees changes nothing, and telling people needs nobody's leave: no lease for either. */
function isIdle(request: ResizeRequest, seen: Observation | null, now: number): boolean {
  const next = advance(request, seen, now);
  return next.do === 'rest' && next.request === request;
}

/** Whoever has this holds the server. */
type Turn = { lease: Lease; id: string; deps: WorkerDeps };

async function work(turn: Turn, observation: Observation | null): Promise<void> {
  const { deps, id } = turn;
  let seen = observation;
  let request = await deps.records.get(id);
  for (let turns = 0; request && turns < MOST_TURNS; turns += 1) {
    const step: Step = advance(request, seen, deps.now());
    seen = null;
    switch (step.do) {
      case 'look':
        seen = await lookAt(request, step.look, deps);
        break;
      case 'rest': {
        const saved = await save(turn, request, step.request);
        if (saved) await announce(saved, deps);
        if (saved && !isDue(saved, deps.now())) return;
        request = saved === request ? null : await deps.records.get(id);
        break;
      }
      case 'act': {
        const saved = await save(turn, request, step.request);
        request = saved ? await act(turn, saved) : await deps.records.get(id);
        break;
      }
      default:
        unreachable(step);
    }
  }
}

/** Null when somebody's click was faster. */
async function save({ deps }: Turn, base: ResizeRequest, next: ResizeRequest): Promise<ResizeRequest | null> {
  const keep = (decided: ResizeRequest, { announced, logged }: ResizeRequest) => ({ ...decided, announced, logged });
  const saved = await saveUnlessMoved(deps.records, { base, next }, keep);
  if (saved && saved.state !== base.state) deps.onState?.(saved, base.state);
  return saved;
}

/** The intention is saved. Null when the lease was lost: whoever has it now looks whether it was sent. */
async function act({ lease, id, deps }: Turn, request: ResizeRequest): Promise<ResizeRequest | null> {
  const { intention } = request;
  if (!intention) throw new Error(`${id} acts without having said so`);
  const outcome = await sendAct(request, intention, { ...deps, stillMine: () => lease.stillHeld() });
  if (!outcome) return null;
  const facts = { request: id, server: request.plan.server.id, act: intention.act, attempt: intention.attempt };
  const cloudRequestId = outcome.kind === 'signed_out' ? null : outcome.requestId;
  deps.log.info({ ...facts, outcome: outcome.kind, cloudRequestId }, 'resize call');
  return deps.records.update(id, (stored) =>
    isSame(stored.intention, intention) ? settle(stored, outcome, deps.now()) : null,
  );
}

function isSame(stored: Intention | null, sent: Intention): boolean {
  return stored?.act === sent.act && stored.at === sent.at && stored.attempt === sent.attempt && stored.answer === null;
}
