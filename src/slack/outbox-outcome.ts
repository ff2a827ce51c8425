// What a try at delivering a message means for its row and its lane. Pure.
import type { Failure } from './failures.ts';
import { POST_EVERY_MS } from './outbox-step.ts';
import type { Delivery, OutboxRow, Pace } from './outbox-store.ts';
import { CALL_TIMEOUT_MS } from './web.ts';

/** `undeliverable`: Slack's word, when somebody should know that this message does not arrive (for now). */
export type Outcome = { delivery: Delivery; pace: Pace; undeliverable: string | null };
export type Before = { row: OutboxRow; pace: Pace; now: number };

/** A post whose outcome we never learned may still show up until then: our timeout, and Slack's own time to finish. */
const MAY_STILL_ARRIVE_MS = CALL_TIMEOUT_MS + 3000;
const LOOK_AGAIN_MS = 1000;
const BACK_OFF = { first: 1000, most: 60_000 };
const PARKED_BACK_OFF = { first: 30_000, most: 600_000 };

/** Nobody can mend these for this message: the conversation or the person is gone, or never existed. */
const GONE_FOR_GOOD = new Set([
  'account_inactive',
  'cannot_dm_bot',
  'channel_not_found',
  'is_archived',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
]);
/** Our blocks are at fault, which is a bug; the text alone still tells what happened. */
const BAD_CONTENT = new Set([
  'block_mismatch',
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
]);
/** The message we would edit is not there (any more) or not ours to edit: a new one takes its place. */
const MUST_POST_ANEW = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Stored before the post, so that a crash leaves a trace of it. */
export function attempting({ row, pace, now }: Before, nonce: string): Outcome {
  const attempt = { nonce, version: row.version, at: now };
  return outcome({ ...row.delivery, attempt }, { ...pace, postAt: now + POST_EVERY_MS });
}

export function shown({ row, pace, now }: Before, message: { channelId: string; ts: string }): Outcome {
  return outcome({ ...calm(row.delivery), ...message, settled: row.version, shownAt: now }, pace);
}

/** The post whose outcome was unknown has been found at Slack. */
export function found({ row, pace }: Before, message: { channelId: string; ts: string }): Outcome {
  const { attempt } = row.delivery;
  if (!attempt) throw new Error(`nothing was attempted for ${row.key}`);
  return outcome({ ...calm(row.delivery), ...message, settled: attempt.version, shownAt: attempt.at }, pace);
}

/** Not at Slack: look again while it may still arrive, then post anew. */
export function notFound({ row, pace, now }: Before): Outcome {
  const { delivery } = row;
  const isLost = !delivery.attempt || now >= delivery.attempt.at + MAY_STILL_ARRIVE_MS;
  if (isLost) return outcome({ ...delivery, attempt: null, dueAt: 0 }, pace);
  return outcome({ ...delivery, dueAt: now + LOOK_AGAIN_MS }, pace);
}

export function postFailed(before: Before, failure: Failure): Outcome {
  const { row, pace, now } = before;
  // The attempt stays: whether it is there is asked before anything else is done.
  if (failure.kind === 'unknown') return outcome(later(row.delivery, now), pace);
  const delivery = { ...row.delivery, attempt: null };
  if (failure.kind === 'unreached') return outcome(later(delivery, now), pace);
  if (failure.kind === 'rate_limited') return outcome(delivery, { ...pace, postAt: now + failure.afterMs });
  return refused({ ...before, row: { ...row, delivery } }, failure.error);
}

export function editFailed(before: Before, failure: Failure): Outcome {
  const { row, pace, now } = before;
  if (failure.kind === 'unknown' || failure.kind === 'unreached') return outcome(later(row.delivery, now), pace);
  if (failure.kind === 'rate_limited') return outcome(row.delivery, { ...pace, editAt: now + failure.afterMs });
  if (MUST_POST_ANEW.has(failure.error)) return outcome({ ...row.delivery, ts: null }, pace);
  return refused(before, failure.error);
}

/** Not being allowed to look is no proof that nothing is there: it waits, parked, until somebody lets the bot in. */
export function lookFailed(before: Before, failure: Failure): Outcome {
  const { row, pace, now } = before;
  if (failure.kind === 'refused') return refused(before, failure.error);
  const wait = failure.kind === 'rate_limited' ? failure.afterMs : backOff(row.delivery.failures, BACK_OFF);
  return outcome({ ...row.delivery, failures: row.delivery.failures + 1, dueAt: now + wait }, pace);
}

export function abandoned({ row, pace }: Before, error: string): Outcome {
  const delivery = { ...calm(row.delivery), settled: row.version };
  return { delivery, pace, undeliverable: error };
}

/** Somebody let the bot in: what waited for that need not wait longer. */
export function unparked({ row, pace }: Before): Outcome {
  return outcome({ ...row.delivery, dueAt: 0 }, pace);
}

function refused(before: Before, error: string): Outcome {
  const { row, pace, now } = before;
  const { delivery } = row;
  if (GONE_FOR_GOOD.has(error)) return abandoned(before, error);
  if (BAD_CONTENT.has(error)) {
    return delivery.plain ? abandoned(before, error) : outcome({ ...delivery, plain: true }, pace);
  }
  // An invitation, a scope or a new token may mend it.
  const parked = {
    ...delivery,
    parked: true,
    failures: delivery.failures + 1,
    dueAt: now + backOff(delivery.parked ? delivery.failures : 0, PARKED_BACK_OFF),
  };
  return { delivery: parked, pace, undeliverable: delivery.parked ? null : error };
}

function later(delivery: Delivery, now: number): Delivery {
  const wait = delivery.attempt ? LOOK_AGAIN_MS : backOff(delivery.failures, BACK_OFF);
  return { ...delivery, failures: delivery.failures + 1, dueAt: now + wait };
}

function backOff(failures: number, range: { first: number; most: number }): number {
  return Math.min(range.most, range.first * 2 ** Math.min(failures, 10));
}

/** A delivery without troubles. */
function calm(delivery: Delivery): Delivery {
  return { ...delivery, attempt: null, failures: 0, dueAt: 0, parked: false };
}

function outcome(delivery: Delivery, pace: Pace): Outcome {
  return { delivery, pace, undeliverable: null };
}
