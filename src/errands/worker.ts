// Steps of one errand, by one worker at a time: look, decide, save the intention, act, save the answer. Any of it may run twice.
import { unreachable } from '../errors.ts';
import type { Log } from '../log.ts';
import { isLease, type Lease, type Leases } from '../redis/lease.ts';
import type { RecordStore } from '../redis/record.ts';
import { saveUnlessMoved } from '../workflow/save.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { sendStep } from './act.ts';
import { advance, type Move, SEND_WITHIN_MS } from './advance.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { currentStep, type Errand, type Intention } from './errand.ts';
import { lookAt } from './look.ts';
import { settle } from './settle.ts';
import type { Sight } from './sight.ts';
import { leaseOf } from './store.ts';

export type WorkerDeps = AnnounceDeps & {
  records: Pick<RecordStore<Errand>, 'get' | 'update'>;
  leases: Leases;
  cloudFor: CloudFor;
  now: () => number;
  /** Resolves after `ms`, or at once when the process is shutting down. */
  pause(ms: number): Promise<void>;
  log: Pick<Log, 'info'>;
};

export type ErrandWorker = {
  /** Goes on with the errand as far as it can go now. May run any number of times. */
  step(id: string): Promise<void>;
};

/** What is due so soon is waited for here, instead of for the next tick. */
const SHORT_MS = 2_000;
/** So that a worker is not kept by one errand: the next tick goes on with it. */
const MOST_TURNS = 60;
const LONGEST_MS = 30_000;

export function createErrandWorker(deps: WorkerDeps): ErrandWorker {
  return {
    async step(id) {
      const errand = await deps.records.get(id);
      if (!errand) return;
      const lease = await deps.leases.acquire(leaseOf(errand), `${errand.title} (${id})`);
      if (!isLease(lease)) return;
      try {
        await work({ lease, id, deps });
      } finally {
        await lease.release();
      }
    },
  };
}

/** Whoever has this holds the errand, and its server. */
type Turn = { lease: Lease; id: string; deps: WorkerDeps };

async function work(turn: Turn): Promise<void> {
  const { deps, id } = turn;
  const end = deps.now() + LONGEST_MS;
  let seen: Sight | null = null;
  let errand = await deps.records.get(id);
  for (let turns = 0; errand && turns < MOST_TURNS && deps.now() < end; turns += 1) {
    const move: Move = advance(errand, seen, deps.now());
    seen = null;
    switch (move.do) {
      case 'look': {
        const step = currentStep(errand);
        seen = step && (await lookAt(errand, step, deps));
        break;
      }
      case 'rest': {
        const saved: Errand | null = await save(turn, errand, move.errand);
        const shown = saved && (await announce(saved, deps));
        if (shown && !(await becomesDue(shown, deps))) return;
        errand = shown ?? (await deps.records.get(id));
        break;
      }
      case 'act': {
        const saved: Errand | null = await save(turn, errand, move.errand);
        errand = saved ? await act(turn, await announce(saved, deps)) : await deps.records.get(id);
        break;
      }
      default:
        unreachable(move);
    }
  }
}

/** Waits for what is due in a moment. False: it is not for this worker to wait for. */
async function becomesDue({ due, state }: Errand, { now, pause }: WorkerDeps): Promise<boolean> {
  if (due === null || state === 'done') return false;
  const wait = due - now();
  if (wait > SHORT_MS) return false;
  if (wait > 0) await pause(wait);
  return due <= now();
}

/** Null when somebody's click was faster. */
async function save({ deps, id }: Turn, base: Errand, next: Errand): Promise<Errand | null> {
  const saved = await saveUnlessMoved(deps.records, { base, next });
  if (saved && saved.state !== base.state) {
    deps.log.info({ errand: id, from: base.state, to: saved.state }, 'errand state');
  }
  return saved;
}

/** The intention is saved. Sends it only while it is certain that nobody else has begun to wonder about it. */
async function act({ lease, id, deps }: Turn, errand: Errand): Promise<Errand | null> {
  const step = currentStep(errand);
  const intention = step?.intention;
  if (!step || !intention) return null;
  const stillMine = async () => (await lease.stillHeld()) && deps.now() <= intention.at + SEND_WITHIN_MS;
  const outcome = await sendStep(errand, step, { ...deps, stillMine });
  if (!outcome) return null;
  const cloudRequestId = outcome.kind === 'answered' ? outcome.answer.requestId : null;
  const answer = outcome.kind === 'answered' ? outcome.answer.kind : outcome.kind;
  deps.log.info(
    { errand: id, task: step.task.kind, attempt: intention.attempt, answer, cloudRequestId },
    'errand call',
  );
  return deps.records.update(id, (stored) =>
    isSame(currentStep(stored)?.intention ?? null, intention) ? settle(stored, outcome, deps.now()) : null,
  );
}

function isSame(stored: Intention | null, sent: Intention): boolean {
  return stored?.at === sent.at && stored.attempt === sent.attempt && stored.answer === null;
}
