// An errand: disks and NICs created, attached, detached and removed for a person, call after call, told on one card.
// One record, changed only by `advance` and `decide`, the truth behind the card.
import { unreachable } from '../errors.ts';
import type { Person } from '../slack/reply.ts';
import type { Away } from '../workflow/way-in.ts';
import type { Ref, Task, Thing } from './task.ts';

/** Why a step is there: it was asked for, somebody takes it back, or somebody clears away what it left. */
export type Phase = 'do' | 'undo' | 'remove';

/**
 * What came back from a call that changes the cloud.
 * - `accepted`: the cloud took it.
 * - `look`: refused as things are (409, 404): the next look tells what that means.
 * - `refused`: not at all; `said` is a sentence for people.
 * - `later`: certainly not done, try again (throttled, no connection).
 * - `lost`: it may have been done, nobody knows.
 */
export type AnswerKind = 'accepted' | 'look' | 'refused' | 'later' | 'lost';
export type Answer = { kind: AnswerKind; at: number; requestId: string | null; said: string | null };

/** Saved before the call is made. With `answer` null nobody knows whether it was sent. Times in ms since the epoch. */
export type Intention = { at: number; firstAt: number; attempt: number; answer: Answer | null };

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'dropped';

export type Step = {
  task: Task;
  phase: Phase;
  /** Whose token makes the call. */
  by: Person;
  state: StepState;
  intention: Intention | null;
  /** Ids of what could be taken for ours and was there before the call. Null: nobody has looked yet. */
  before: string[] | null;
  /** Of what it made or worked on. */
  id: string | null;
  /** The cloud's answer was lost, and this has appeared under the name since: most likely, but not certainly, it is ours. */
  byName: boolean;
  /** As the cloud answered it: a device name, an address. Hostile text. */
  detail: string | null;
  /** The cloud's word for what it is going through, e.g. `attaching`. */
  word: string | null;
  /** Why it did not work. Plain text. */
  said: string | null;
  startedAt: number | null;
  endedAt: number | null;
};

/** `running` and `needs_login` go on by themselves; the others wait for a person, or are over. */
export type ErrandState = 'running' | 'needs_login' | 'done' | 'undone' | 'removed' | 'failed';

/** Why nothing moves just now. */
export type Note =
  | { kind: 'busy'; since: number; word: string }
  /** Without `away`: the cloud. */
  | { kind: 'cloud_away'; since: number; away?: Away }
  | { kind: 'uncertain'; since: number };

export type Errand = {
  /** As people see it, e.g. `E-7KQ2MX`. */
  id: string;
  /** Which interaction asked for it. */
  askedBy: string;
  /** Counts saves; a step made from an older one is dropped. */
  version: number;
  /** Counts changes that people can see, and the newest of them that the outbox has been given. */
  revision: number;
  announced: number;
  person: Person;
  /** Null: asked outside any channel; the card is a direct message. */
  channelId: string | null;
  /** The channel does not take the card: it is a direct message as well. */
  alsoDirect: boolean;
  project: { id: string; name: string };
  region: string | null;
  /** What was asked for, e.g. `Attach data-1 to web-1`. Plain text. */
  title: string;
  /** The server it is about; held while a call is made. */
  server: { id: string; name: string } | null;
  /** The line that asks for the same again, without the slash command. */
  repeat: string;
  steps: Step[];
  /** Index of the step in hand. */
  at: number;
  state: ErrandState;
  /** Whose sign-in it waits for. */
  held: Person | null;
  /** When it began to wait for one as people were last told, ms since the epoch. Records of older versions do not say. */
  heldSince?: number;
  /** What takes it back, as long as `undoUntil`; empty: nothing does. */
  undo: Task[];
  undoUntil: number | null;
  note: Note | null;
  createdAt: number;
  /** When somebody must look again, ms since the epoch; null: when a person says so. */
  due: number | null;
};

/** Long enough to notice a mistake, too short to have come to rely on the disk. */
export const UNDO_MS = 15 * 60_000;

/** It will not change any more by itself, and nobody can change it. */
export function isOver({ state, undoUntil }: Errand): boolean {
  return state !== 'running' && state !== 'needs_login' && undoUntil === null;
}

export function currentStep(errand: Errand): Step | null {
  return errand.state === 'running' || errand.state === 'needs_login' ? (errand.steps[errand.at] ?? null) : null;
}

/** The id a reference stands for; null while the step that makes it has not. */
export function idOf({ steps }: Pick<Errand, 'steps'>, ref: Ref): string | null {
  return 'id' in ref ? ref.id : (steps[ref.step]?.id ?? null);
}

type Tasks = { steps: readonly { task: Task }[] };

/** The name people know it by; the id of what has none. */
export function nameOf({ steps }: Tasks, ref: Ref): string {
  if ('id' in ref) return ref.name || ref.id;
  const task = steps[ref.step]?.task;
  return task && 'name' in task ? task.name : 'it';
}

/** The name of what a task makes or works on. */
export function objectOf(errand: Tasks, task: Task): string {
  switch (task.kind) {
    case 'make_disk':
    case 'make_network':
    case 'make_subnet':
    case 'make_port':
      return task.name;
    case 'attach_disk':
    case 'detach_disk':
      return nameOf(errand, task.disk);
    case 'attach_port':
    case 'detach_port':
      return nameOf(errand, task.port);
    case 'remove':
      return nameOf(errand, task.it);
    default:
      return unreachable(task);
  }
}

/** `byName`: as in `Step`. */
export type Made = { thing: Thing; id: string; name: string; byName: boolean };

/** What it created and nobody has removed through it, oldest first. */
export function madeBy(errand: Errand): Made[] {
  const removed = new Set(
    errand.steps.flatMap(({ task, state }) =>
      task.kind === 'remove' && state === 'done' ? [idOf(errand, task.it) ?? ''] : [],
    ),
  );
  return errand.steps.flatMap(({ task, id, byName }) => {
    const thing = MAKES[task.kind];
    if (!thing || id === null || removed.has(id) || !('name' in task)) return [];
    return [{ thing, id, name: task.name, byName }];
  });
}

const MAKES: Partial<Record<Task['kind'], Thing>> = {
  make_disk: 'disk',
  make_network: 'network',
  make_subnet: 'subnet',
  make_port: 'port',
};

/** What lies about because it failed, or was taken back: to be named, with a button. */
export function leftovers(errand: Errand): Made[] {
  return errand.state === 'failed' || errand.state === 'undone' ? madeBy(errand) : [];
}

/** The next version: `set` replaces, and the card is due to be shown anew. */
export function changed(errand: Errand, set: Partial<Errand>): Errand {
  return { ...errand, ...set, version: errand.version + 1, revision: errand.revision + 1 };
}

/** The next version, of no concern to people. */
export function noted(errand: Errand, set: Partial<Errand>): Errand {
  return { ...errand, ...set, version: errand.version + 1 };
}

/** The errand with its current step changed. */
export function withStep(errand: Errand, set: Partial<Step>): Pick<Errand, 'steps'> {
  return { steps: errand.steps.map((step, place) => (place === errand.at ? { ...step, ...set } : step)) };
}
