// What the delivery loop needs remembered: messages wanted, what Slack shows of them, and who is working on which channel.
import type { Outgoing } from './reply.ts';

/**
 * One message, under its key. `version` counts the puts; the row is unfinished while `delivery.settled < version`.
 * `seq` is the order of first puts over the whole outbox.
 */
export type OutboxRow = { key: string; seq: number; version: number; message: Outgoing; delivery: Delivery };

/** The worker's half of a row; `put` never touches it, `record` never touches the rest. */
export type Delivery = {
  /** The conversation, once known (a DM is opened first). */
  channelId: string | null;
  /** The message at Slack; null while there is none that we know of. */
  ts: string | null;
  /** Versions up to this one need no more work: they are shown, replaced by a newer one, or given up. */
  settled: number;
  /** When Slack last took a version of it; ms since the epoch, 0 = never. */
  shownAt: number;
  /** Written before a post. While it is set, a message with this nonce may exist that we do not know of. */
  attempt: { nonce: string; version: number; at: number } | null;
  /** Failures in a row, for the back-off. */
  failures: number;
  /** Not before this time; ms since the epoch. */
  dueAt: number;
  /** Slack refuses the place for now (the bot is not in the channel): retried slowly, and others may overtake it. */
  parked: boolean;
  /** Slack refused the blocks: send the text alone. */
  plain: boolean;
};

/** Pace of one channel, shared by all replicas: no post, no edit before these times (ms since the epoch). */
export type Pace = { postAt: number; editAt: number };

/** The exclusive right to work on one lane (one channel, or one person's DM) until the lease runs out. */
export type Claim = { lane: string; token: string; until: number };

export type ClaimedLane = { claim: Claim; pace: Pace; rows: OutboxRow[] };

/**
 * Every method is atomic on its own (one script or one transaction). A *lane* is `laneOf(message)`.
 * A lane is *due* at a time that the store keeps; it is in the store as long as it has unfinished rows.
 */
export type OutboxStore = {
  /**
   * Per message: a new key makes a row (next `seq`, version 1, `newDelivery()`); a known key gets the new `text`, `blocks` and
   * `version + 1`, keeping `to`, `under`, `seq` and `delivery` as they are. The row is (again) unfinished, and its lane becomes
   * due at `now`, or stays due earlier. A lane that somebody holds becomes due too: nobody else can claim it until it is free.
   */
  put(messages: Outgoing[], now: number): Promise<void>;

  /**
   * Takes the free lane that has been due longest (due ≤ `now`, no lease), leases it for `leaseMs` to `token`, and sets its due time to the
   * end of the lease, so that a crash brings it back. Answers with its unfinished rows, lowest `seq` first, at most 200.
   * With nothing to take: when the next lane is due (a held lane counts with the end of its lease), or null for none.
   */
  claim(now: number, lease: { token: string; leaseMs: number }): Promise<ClaimedLane | { nextAt: number | null }>;

  /** Rows by key, finished ones included; a missing one is left out. */
  find(keys: string[]): Promise<OutboxRow[]>;

  /**
   * Replaces one row's `delivery` and the lane's pace, if the claim still holds; false (and nothing written) when it does not.
   * When then `delivery.settled >= version`, the row is finished: it leaves the lane but is kept, for later edits and replies, for 30 days.
   */
  record(claim: Claim, key: string, change: { delivery: Delivery; pace: Pace }): Promise<boolean>;

  /**
   * Ends the claim, if it still holds. Without unfinished rows the lane leaves the store; with some it is due at `due`, or
   * earlier if a `put` made it due meanwhile (that is: its due time is no longer the one `claim` set).
   */
  release(claim: Claim, due: number): Promise<void>;
};

/** One line of delivery per destination, so that one slow channel never delays another. */
export function laneOf(message: Outgoing): string {
  const place = 'channelId' in message.to ? message.to.channelId : message.to.userId;
  return `${message.teamId}/${place}`;
}

export function newDelivery(): Delivery {
  return {
    channelId: null,
    ts: null,
    settled: 0,
    shownAt: 0,
    attempt: null,
    failures: 0,
    dueAt: 0,
    parked: false,
    plain: false,
  };
}
