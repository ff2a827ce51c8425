// One step of one creation, by one worker at a time: look, decide, save the intention, order, save the answer.
import { unreachable } from '../errors.ts';
import type { Log } from '../log.ts';
import { isLease, type Lease, type Leases } from '../redis/lease.ts';
import type { RecordStore } from '../redis/record.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { isDue } from '../workflow/due.ts';
import { saveUnlessMoved } from '../workflow/save.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { advance, type Observation, SEND_WITHIN_MS, type Step } from './advance.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { passwordRef } from './cards.ts';
import { type Creation, type Intention, isOver } from './creation.ts';
import { lookAt } from './look.ts';
import { sendOrder } from './order.ts';
import { settle } from './settle.ts';

export type WorkerDeps = AnnounceDeps & {
  records: Pick<RecordStore<Creation>, 'get' | 'update'>;
  leases: Leases;
  secrets: Pick<Secrets, 'keep' | 'look' | 'forget'>;
  cloudFor: CloudFor;
  now: () => number;
  log: Pick<Log, 'info'>;
};

/** `busy`: somebody else is at it, the observation was not used. */
export type Stepped = 'done' | 'busy';

export type CreationWorker = {
  /** Goes on as far as it can go now. `observation`: what a poller has just seen. May run any number of times. */
  step(id: string, observation?: Observation): Promise<Stepped>;
};

/** A step that has not come to rest after so many turns goes on at the next tick. */
const MOST_TURNS = 10;
/** Builds that take longer than this have failed for whoever waits for the password. */
const PASSWORD_KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

export function createCreationWorker(deps: WorkerDeps): CreationWorker {
  return {
    async step(id, observation) {
      const creation = await deps.records.get(id);
      if (!creation) return 'done';
      if (isIdle(creation, observation ?? null, deps.now())) {
        await announce(creation, deps);
        return 'done';
      }
      const lease = await deps.leases.acquire(`creation:${id}`, `creation ${id}`);
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

/** Most of what a poller sees changes nothing, and telling people needs nobody's leave. */
function isIdle(creation: Creation, seen: Observation | null, now: number): boolean {
  const next = advance(creation, seen, now);
  return next.do === 'rest' && next.creation === creation;
}

type Turn = { lease: Lease; id: string; deps: WorkerDeps };

async function work(turn: Turn, observation: Observation | null): Promise<void> {
  const { deps, id } = turn;
  let seen = observation;
  let creation = await deps.records.get(id);
  for (let turns = 0; creation && turns < MOST_TURNS; turns += 1) {
    const step: Step = advance(creation, seen, deps.now());
    seen = null;
    switch (step.do) {
      case 'look':
        seen = await lookAt(creation, step.by, deps);
        break;
      case 'rest': {
        const saved = await save(turn, creation, await withPassword(creation, step.creation, deps));
        if (saved) await tell(saved, deps);
        if (saved && !isDue(saved, deps.now())) return;
        creation = saved === creation ? null : await deps.records.get(id);
        break;
      }
      case 'order': {
        const saved = await save(turn, creation, step.creation);
        creation = saved ? await order(turn, saved) : await deps.records.get(id);
        if (creation) await tell(creation, deps);
        break;
      }
      default:
        unreachable(step);
    }
  }
}

/** We may have died between keeping the password and writing down whose it is. */
async function withPassword(before: Creation, next: Creation, { secrets }: WorkerDeps): Promise<Creation> {
  if (before.server !== null || next.server === null) return next;
  return { ...next, hasPassword: (await secrets.look(passwordRef(next))) !== null };
}

/** A password for a server that will never run is of use to nobody. */
async function tell(creation: Creation, deps: WorkerDeps): Promise<void> {
  if (isOver(creation) && creation.state !== 'active' && creation.hasPassword) {
    await deps.secrets.forget(passwordRef(creation));
  }
  await announce(creation, deps);
}

/** Null when it has moved on meanwhile. */
async function save({ deps }: Turn, base: Creation, next: Creation): Promise<Creation | null> {
  const saved = await saveUnlessMoved(deps.records, { base, next });
  if (saved && saved.state !== base.state) logState(deps, base, saved);
  return saved;
}

/** The intention is saved. Sends it only while it is certain that nobody else has begun to wonder about it. */
async function order({ lease, id, deps }: Turn, creation: Creation): Promise<Creation | null> {
  const { intention } = creation;
  if (!intention || !(await lease.stillHeld()) || deps.now() > intention.at + SEND_WITHIN_MS) return null;
  const outcome = await sendOrder(creation, {
    cloudFor: deps.cloudFor,
    keep: (password) =>
      deps.secrets.keep(passwordRef(creation), {
        title: `First password of server ${creation.spec.name}`,
        value: password.reveal(),
        ttlMs: PASSWORD_KEPT_MS,
      }),
  });
  deps.log.info({ creation: id, attempt: intention.attempt, outcome: outcome.kind }, 'creation ordered');
  const settled = await deps.records.update(id, (stored) =>
    isSame(stored.intention, intention) ? settle(stored, outcome, deps.now()) : null,
  );
  if (settled.state !== creation.state) logState(deps, creation, settled);
  return settled;
}

function isSame(stored: Intention | null, sent: Intention): boolean {
  return stored?.at === sent.at && stored.attempt === sent.attempt && stored.answer === null;
}

function logState({ log }: WorkerDeps, from: Creation, to: Creation): void {
  const facts = { creation: to.id, server: to.server?.id ?? null, from: from.state, to: to.state };
  log.info(facts, 'creation state');
}
