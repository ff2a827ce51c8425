// What to do next in one lane of the outbox. Pure.
import type { OutboxRow, Pace } from './outbox-store.ts';

export type Step =
  | { kind: 'post'; row: OutboxRow; threadTs: string | null }
  | { kind: 'edit'; row: OutboxRow; ts: string }
  /** A post may have happened: look for it at Slack before posting again. */
  | { kind: 'look'; row: OutboxRow; threadTs: string | null }
  /** A reply to something that will never be there. */
  | { kind: 'abandon'; row: OutboxRow }
  | { kind: 'wait'; until: number };

export type LaneState = {
  /** Unfinished ones are worked on; finished ones may be there as parents. */
  rows: OutboxRow[];
  pace: Pace;
  now: number;
};

/** https://docs.slack.dev/apis/web-api/rate-limits: about one message per second and channel. */
export const POST_EVERY_MS = 1000;
/** Slack's advice for messages that follow something closely is one edit in three seconds. */
export const EDIT_EVERY_MS = 3000;
/** When nothing is known to come: a put makes the lane due at once, this is for what we did not think of. */
const LOOK_AGAIN_MS = 60_000;

/** Posts go out in the order of their first put; edits when their time has come, and they hold up nothing. */
export function nextStep(lane: LaneState): Step {
  const { pace, now } = lane;
  let until = now + LOOK_AGAIN_MS;
  let isTurnTaken = false;

  for (const row of unfinished(lane.rows)) {
    const { delivery } = row;
    const thread = threadOf(row, lane.rows);
    if (thread.kind === 'gone') return { kind: 'abandon', row };
    if (thread.kind === 'later') continue;
    // A parked post is out of its turn already; whoever comes after it must not wait for an invitation.
    const isInTurn = delivery.ts === null && !delivery.parked;
    if (isInTurn && isTurnTaken) continue;
    const at = Math.max(delivery.dueAt, earliest(row, pace));
    if (at <= now) return stepFor(row, thread.ts);
    until = Math.min(until, at);
    isTurnTaken ||= isInTurn;
  }
  return { kind: 'wait', until };
}

export function isUnfinished(row: OutboxRow): boolean {
  return row.delivery.settled < row.version;
}

function unfinished(rows: OutboxRow[]): OutboxRow[] {
  return rows.filter(isUnfinished).toSorted((one, other) => one.seq - other.seq);
}

/** `later`: the parent is yet to be posted. `gone`: it was given up. */
type Thread = { kind: 'known'; ts: string | null } | { kind: 'later' } | { kind: 'gone' };

function threadOf(row: OutboxRow, rows: OutboxRow[]): Thread {
  const { under } = row.message;
  // A message that is there already is edited where it is.
  if (under === undefined || row.delivery.ts !== null) return { kind: 'known', ts: null };
  const parent = rows.find((candidate) => candidate.key === under);
  if (parent?.delivery.ts) return { kind: 'known', ts: parent.delivery.ts };
  return { kind: parent && !isUnfinished(parent) ? 'gone' : 'later' };
}

function earliest({ delivery }: OutboxRow, pace: Pace): number {
  if (delivery.attempt) return 0;
  if (delivery.ts === null) return pace.postAt;
  return Math.max(pace.editAt, delivery.shownAt + EDIT_EVERY_MS);
}

function stepFor(row: OutboxRow, threadTs: string | null): Step {
  const { attempt, ts } = row.delivery;
  if (attempt) return { kind: 'look', row, threadTs };
  return ts === null ? { kind: 'post', row, threadTs } : { kind: 'edit', row, ts };
}
