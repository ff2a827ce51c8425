// What the rest of the bot may do with errands: begin one, decide about one.
import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { RecordStore } from '../redis/record.ts';
import type { Outgoing, Person } from '../slack/reply.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { decide, type ErrandDecision, newStep } from './decide.ts';
import { changed, type Errand } from './errand.ts';
import type { Task } from './task.ts';
import { cloudOf } from './look.ts';
import { HELD } from './store.ts';

export type ErrandOrder = {
  id: string;
  /** The interaction that asked: worked a second time after a crash it is the same errand. */
  askedBy: string;
  person: Person;
  channelId: string | null;
  project: { id: string; name: string };
  region: string | null;
  title: string;
  server: { id: string; name: string } | null;
  repeat: string;
  tasks: Task[];
  /** What takes it back; empty: nothing does. May refer to the steps. */
  undo: Task[];
};

export type Errands = {
  /** Posts the card, and goes on by itself. */
  begin(order: ErrandOrder): Promise<Errand>;
  /** Throws UserError: `not_found`, `already_done`, `expired`, `busy`, `wrong_state`; and what `cloudOf` throws. */
  decide(id: string, decision: ErrandDecision): Promise<Errand>;
  /** Somebody has signed in: what waited for it goes on. */
  signedIn(person: Person): Promise<void>;
  /** For the outbox's `onUndeliverable`: a card that its channel does not take goes to the person as well, and stays up to date. */
  undeliverable(message: Outgoing): Promise<void>;
};

export type ErrandsDeps = AnnounceDeps & {
  records: RecordStore<Errand>;
  cloudFor: CloudFor;
  /** Has the worker step this errand soon. */
  wake(id: string): Promise<void>;
  now: () => number;
};

export function createErrands(deps: ErrandsDeps): Errands {
  return {
    begin: (order) => begin(deps, order),
    decide: (id, decision) => decideOn(deps, id, decision),
    async undeliverable({ key }) {
      const id = CARD.exec(key)?.[1];
      const known = id === undefined ? null : await deps.records.get(id);
      if (!known || known.alsoDirect) return;
      await announce(await deps.records.update(known.id, directly), deps);
    },
    async signedIn({ teamId, userId }) {
      const held = await deps.records.many(await deps.records.members(HELD));
      const theirs = held.filter((errand) => errand.held?.teamId === teamId && errand.held.userId === userId);
      // A look at the sign-in is due only now and then: this is the moment.
      await Promise.all(
        theirs.map(async ({ id }) => {
          await deps.records.update(id, (stored) =>
            stored.state === 'needs_login' ? { ...stored, due: deps.now() } : null,
          );
          await deps.wake(id);
        }),
      );
    },
  };
}

const CARD = /^errand:(E-[A-Z0-9]+):card$/;

function directly(errand: Errand): Errand | null {
  return errand.alsoDirect ? null : changed(errand, { alsoDirect: true });
}

/** No 0 O, 1 I L: they look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 6;

/** The same for the same interaction, e.g. `E-7KQ2MX`. */
export function errandId(person: Person, interactionId: string): string {
  const digest = createHash('sha256').update(`${person.teamId} ${person.userId} ${interactionId}`).digest();
  return `E-${Array.from(digest.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

async function begin(deps: ErrandsDeps, order: ErrandOrder): Promise<Errand> {
  const errand = newErrand(order, deps.now());
  const created = await deps.records.create(order.id, errand);
  const stored = created.created ? errand : await deps.records.get(order.id);
  if (!stored || stored.askedBy !== order.askedBy) throw new Error(`errand ${order.id} is somebody else's`);
  const shown = await announce(stored, deps);
  await deps.wake(order.id);
  return shown;
}

/** Pure. */
export function newErrand({ tasks, ...order }: ErrandOrder, now: number): Errand {
  return {
    ...order,
    version: 1,
    revision: 1,
    announced: 0,
    alsoDirect: false,
    steps: tasks.map((task) => newStep(task, 'do', order.person)),
    at: 0,
    state: 'running',
    held: null,
    undoUntil: null,
    note: null,
    createdAt: now,
    due: now,
  };
}

async function decideOn(deps: ErrandsDeps, id: string, decision: ErrandDecision): Promise<Errand> {
  const errand = await deps.records.get(id);
  if (!errand)
    throw new UserError(
      'not_found',
      'That has been over for more than a month, and I have forgotten it. Use the command instead.',
    );
  // Refuses what can be refused without asking anybody, then whoever has no access to the project.
  decide(errand, decision, deps.now());
  await cloudOf(errand, decision.by, deps.cloudFor);
  const saved = await deps.records.update(id, (stored) => decide(stored, decision, deps.now()));
  const shown = await announce(saved, deps);
  await deps.wake(id);
  return shown;
}
