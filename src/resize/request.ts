// A resize from the asking to the end: one record, changed only by decide and advance, the truth behind the card.
import type { Person } from '../slack/reply.ts';
import type { Away } from '../workflow/way-in.ts';
import type { Plan } from './plan.ts';
import type { PreflightLine } from './preflight.ts';

/** States in which the cloud is working for us, or waits for a person with the server already changed. */
export type RunningState = 'stopping' | 'resizing' | 'awaiting_confirmation' | 'confirming' | 'reverting' | 'starting';

/** States nothing leaves. */
export type FinalState = 'succeeded' | 'reverted' | 'denied' | 'expired' | 'cancelled' | 'failed';

/** `scheduled` is reserved: nothing enters it yet. `needs_login` holds any running state, see `held`. */
export type ResizeState = 'awaiting_approval' | 'approved' | 'scheduled' | 'needs_login' | RunningState | FinalState;

/** `id` is null only for a flavor that the server still has and the cloud no longer lists. */
export type FlavorFacts = { id: string | null; name: string; vcpus: number; ramMiB: number; diskGiB: number };

/** A click on the card, or its typed twin. */
export type DecisionKind = 'approve' | 'deny' | 'cancel' | 'confirm' | 'revert';
export type Decision = { kind: DecisionKind; by: Person; reason?: string };

/** The one cloud call a step makes. */
export type ActKind = 'stop' | 'resize' | 'confirm' | 'revert' | 'start';

/**
 * What came back from a call that changes the cloud.
 * - `accepted`: the cloud took it.
 * - `conflict`: not now (409): another task, a lock, or somebody did the same before us.
 * - `refused`: not at all (400, 403): `said` is the sentence for people.
 * - `later`: certainly not done, try again (throttled, signed out, no connection).
 * - `error`: a 500: it may have been done (two resizes at once end so), the server knows.
 * - `lost`: no answer in time, or a gateway's error: it may still be done.
 */
export type AnswerKind = 'accepted' | 'conflict' | 'refused' | 'later' | 'error' | 'lost';
export type ActAnswer = {
  kind: AnswerKind;
  at: number;
  requestId: string | null;
  said: string | null;
  /** Of a native resize that was accepted. */
  jobId?: string;
  /** Of a refusal: what kind it is, and the native API's code where there is one. */
  because?: 'quota' | 'forbidden' | 'bad_request';
  code?: string;
};

/**
 * Saved before the call is made. With `answer` null nobody knows whether it was sent: only the server can tell.
 * `before`: the ids of the newest actions of the server known then; a later one of this kind means that it was sent.
 */
export type Intention = {
  act: ActKind;
  by: Person;
  /** Milliseconds since the epoch: of this attempt, and of the first. */
  at: number;
  firstAt: number;
  attempt: number;
  before: string[];
  answer: ActAnswer | null;
  /** The server was seen changing because of it. */
  seen: boolean;
};

/** Why nothing moves just now; shown on the card. */
export type Note =
  | { kind: 'slow'; since: number }
  | { kind: 'locked'; since: number }
  | { kind: 'busy'; since: number; task: string }
  /** Without `away`: the cloud. */
  | { kind: 'cloud_away'; since: number; away?: Away }
  | { kind: 'uncertain'; since: number; act: ActKind }
  | { kind: 'retrying'; since: number; act: ActKind; said: string | null };

export type EventKind =
  | 'asked'
  | 'approved'
  | 'denied'
  | 'cancelled'
  | 'expired'
  | 'drifted'
  | 'stopping'
  | 'resizing'
  | 'resized'
  | 'confirming'
  | 'auto_confirming'
  | 'cloud_confirmed'
  | 'reverting'
  | 'cloud_reverted'
  | 'not_taken'
  | 'starting'
  | 'succeeded'
  | 'reverted'
  | 'failed'
  | 'needs_login'
  | 'resumed';

/** What happened, in order: card, thread and "already approved by …" are all told from these. Times in ms since the epoch. */
export type ResizeEvent = { kind: EventKind; at: number; by?: Person; said?: string };

export type Vote = { by: Person; at: number };

/** What the server does at the end, and which state that is. */
export type Outcome = { state: 'succeeded' | 'reverted' | 'failed'; said: string | null };

export type ResizeRequest = {
  /** As people see and type it, e.g. `R-7KQ2`. */
  id: string;
  /** Counts saves; a step made from an older one is dropped. */
  version: number;
  channelId: string;
  requester: Person;
  reason: string | null;
  /** Exactly what is approved; see plan.ts. */
  plan: Plan;
  preflight: PreflightLine[];
  state: ResizeState;
  /** Set in `needs_login`: the state it goes back to, and whose sign-in it waits for. */
  held: { state: ResizeState; for: Person } | null;
  createdAt: number;
  /** Deadlines in ms since the epoch: approval until then, or expired; confirmed or reverted until then, or confirmed. */
  approveBy: number;
  confirmBy: number | null;
  /** Milliseconds; CONFIRM_TTL and APPROVAL_TTL as they were when it was asked. */
  approvalTtl: number;
  confirmTtl: number;
  approvals: Vote[];
  /** Who chose confirm or revert; null when nobody did, or the deadline or the cloud did. */
  chosen: { kind: 'confirm' | 'revert'; by: Person; at: number } | null;
  intention: Intention | null;
  /** Newest action ids of the server when last looked. */
  actionsSeen: string[];
  /** What `starting` ends in. */
  outcome: Outcome | null;
  note: Note | null;
  events: ResizeEvent[];
  /** Counts changes that people can see, and the newest of them that the outbox has been given. */
  revision: number;
  announced: number;
  /** How many events have had their line in the thread. */
  logged: number;
  /** When somebody must look again, ms since the epoch; null: when the poller or a person says so. */
  due: number | null;
};

/** For the log and the numbers: a request has come into its state, from another one or (null) newly asked. */
export type OnState = (request: ResizeRequest, from: ResizeState | null) => void;

const FINAL: ReadonlySet<ResizeState> = new Set<FinalState>([
  'succeeded',
  'reverted',
  'denied',
  'expired',
  'cancelled',
  'failed',
]);

export function isFinal(state: ResizeState): state is FinalState {
  return FINAL.has(state);
}

/** Approved, and the server not yet touched. */
export function isBeforeRun(request: ResizeRequest): boolean {
  const state = request.held?.state ?? request.state;
  return state === 'approved' || state === 'scheduled';
}

export function samePerson(one: Person, other: Person): boolean {
  return one.teamId === other.teamId && one.userId === other.userId;
}

/** The newest event of a kind, e.g. who denied it and when. */
export function lastEvent(request: ResizeRequest, kind: EventKind): ResizeEvent | null {
  return request.events.findLast((event) => event.kind === kind) ?? null;
}

/** The next version: `set` replaces, `events` are appended, and the card is due to be shown anew. */
export function changed(
  request: ResizeRequest,
  { events = [], set }: { events?: ResizeEvent[]; set: Partial<ResizeRequest> },
): ResizeRequest {
  return {
    ...request,
    ...set,
    events: [...request.events, ...events],
    version: request.version + 1,
    revision: request.revision + 1,
  };
}
