// Works on one claimed lane of the outbox: one step after the other, each recorded, until there is nothing to do or the lease runs out.
import type { ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api';
import { unreachable } from '../errors.ts';
import { failureOf } from './failures.ts';
import { LIMITS, truncate } from './limits.ts';
import { fitting } from './notices.ts';
import {
  abandoned,
  attempting,
  type Before,
  editFailed,
  found,
  lookFailed,
  notFound,
  type Outcome,
  postFailed,
  shown,
  unparked,
} from './outbox-outcome.ts';
import { isUnfinished, nextStep, type Step } from './outbox-step.ts';
import type { ClaimedLane, OutboxRow, Pace } from './outbox-store.ts';
import { findPosted, METADATA_EVENT } from './outbox-search.ts';
import type { OutboxDeps } from './ports.ts';
import { exactly } from './text.ts';
import { CALL_TIMEOUT_MS } from './web.ts';

type Lane = { rows: OutboxRow[]; pace: Pace };
/** False: the lease is lost, and the lane somebody else's. */
type Save = (row: OutboxRow, outcome: Outcome) => Promise<boolean>;

/** Leaves room to record what a call has done. */
const STEP_MS = CALL_TIMEOUT_MS + 500;

const SECRET_GONE = '(It can no longer be shown: its time was over before Slack took this message.)';

/** Answers with when the lane is due again; null when it is not ours any more. Throws what the store throws. */
export async function workLane(deps: OutboxDeps, { claim, pace, rows }: ClaimedLane): Promise<number | null> {
  const lane: Lane = { rows: await withParents(deps, rows), pace };

  const save: Save = async (row, outcome) => {
    const isOurs = await deps.store.record(claim, row.key, outcome);
    row.delivery = outcome.delivery;
    lane.pace = outcome.pace;
    if (isOurs && outcome.undeliverable) await report(deps, row, outcome.undeliverable);
    return isOurs;
  };

  while (claim.until - deps.now() >= STEP_MS) {
    const step = nextStep({ ...lane, now: deps.now() });
    if (step.kind === 'wait') return step.until;
    if (!(await take(deps, lane, { step, save }))) return null;
  }
  return deps.now();
}

async function take(deps: OutboxDeps, lane: Lane, { step, save }: { step: Step; save: Save }): Promise<boolean> {
  switch (step.kind) {
    case 'post':
      return post(deps, lane, { ...step, save });
    case 'edit':
      return save(step.row, await edit(deps, lane, step));
    case 'look':
      return save(step.row, await look(deps, lane, step));
    case 'abandon':
      return save(step.row, abandoned(before(deps, lane, step.row), 'parent_undeliverable'));
    case 'wait':
      return true;
    default:
      return unreachable(step);
  }
}

// https://docs.slack.dev/reference/methods/chat.postMessage
async function post(
  deps: OutboxDeps,
  lane: Lane,
  { row, threadTs, save }: { row: OutboxRow; threadTs: string | null; save: Save },
): Promise<boolean> {
  const { teamId } = row.message;
  const channel = await channelFor(deps, row).catch((error: unknown) => ({ failure: failureOf(error) }));
  // Nothing was posted yet, so there is nothing to look for: the row has no attempt.
  if (typeof channel !== 'string') return save(row, postFailed(before(deps, lane, row), channel.failure));

  const secret = await secretOf(deps, row);
  const nonce = deps.newId();
  row.delivery.channelId = channel;
  if (!(await save(row, attempting(before(deps, lane, row), nonce)))) return false;
  try {
    const answer = await deps.web.call({ method: 'chat.postMessage', teamId }, async (client) =>
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the browser's
      client.chat.postMessage(postArguments(row, { channel, nonce, threadTs, secret })),
    );
    const message = { channelId: answer.channel ?? channel, ts: answer.ts ?? '' };
    await forgetSecret(deps, row);
    return (await save(row, shown(before(deps, lane, row), message))) && (await unpark(deps, lane, save));
  } catch (error) {
    return save(row, postFailed(before(deps, lane, row), failureOf(error)));
  }
}

// https://docs.slack.dev/reference/methods/chat.update
async function edit(deps: OutboxDeps, lane: Lane, { row, ts }: { row: OutboxRow; ts: string }): Promise<Outcome> {
  const { teamId } = row.message;
  try {
    const channel = await channelFor(deps, row);
    await deps.web.call({ method: 'chat.update', teamId }, async (client) =>
      client.chat.update(editArguments(row, { channel, ts })),
    );
    return shown(before(deps, lane, row), { channelId: channel, ts });
  } catch (error) {
    return editFailed(before(deps, lane, row), failureOf(error));
  }
}

async function look(
  deps: OutboxDeps,
  lane: Lane,
  { row, threadTs }: { row: OutboxRow; threadTs: string | null },
): Promise<Outcome> {
  try {
    const channelId = await channelFor(deps, row);
    const ts = await findPosted(deps.web, row, { channelId, threadTs });
    if (ts === null) return notFound(before(deps, lane, row));
    deps.log.info({ key: row.key, channelId, ts }, 'Found a message whose posting had an unknown outcome');
    return found(before(deps, lane, row), { channelId, ts });
  } catch (err) {
    deps.log.warn({ err, key: row.key }, 'Could not look for a message whose posting had an unknown outcome');
    return lookFailed(before(deps, lane, row), failureOf(err));
  }
}

async function unpark(deps: OutboxDeps, lane: Lane, save: Save): Promise<boolean> {
  for (const row of lane.rows.filter(({ delivery }) => delivery.parked)) {
    if (!(await save(row, unparked(before(deps, lane, row))))) return false;
  }
  return true;
}

async function channelFor(deps: OutboxDeps, row: OutboxRow): Promise<string> {
  const { to, teamId } = row.message;
  if (row.delivery.channelId) return row.delivery.channelId;
  return 'channelId' in to ? to.channelId : deps.web.directChannel({ teamId, userId: to.userId });
}

/** A reply needs its parent's ts, also when the parent was posted long ago. */
async function withParents(deps: OutboxDeps, rows: OutboxRow[]): Promise<OutboxRow[]> {
  const here = new Set(rows.map(({ key }) => key));
  const wanted = rows.map(({ message }) => message.under).filter((key) => key !== undefined && !here.has(key));
  const parents =
    wanted.length > 0 ? await deps.store.find([...new Set(wanted)].filter((key) => key !== undefined)) : [];
  return [...rows, ...parents.filter((parent) => !isUnfinished(parent))];
}

async function report(deps: OutboxDeps, row: OutboxRow, error: string): Promise<void> {
  deps.log.error({ key: row.key, to: row.message.to, error }, 'Slack does not take a message');
  try {
    await deps.onUndeliverable?.(row.message, error);
  } catch (err) {
    deps.log.error({ err, key: row.key }, 'Nobody could be told of an undeliverable message');
  }
}

/** As mrkdwn; null for a message without one. */
async function secretOf({ secrets }: OutboxDeps, { message }: OutboxRow): Promise<string | null> {
  if (message.secret === undefined) return null;
  const secret = (await secrets?.look(message)) ?? null;
  return secret === null ? SECRET_GONE : exactly(secret);
}

/** What cannot be forgotten now ends by its own lifetime. */
async function forgetSecret({ secrets, log }: OutboxDeps, { message, key }: OutboxRow): Promise<void> {
  if (message.secret === undefined) return;
  await secrets?.delivered(message).catch((err: unknown) => {
    log.warn({ err, key }, 'A delivered secret was not forgotten at once');
  });
}

function before(deps: OutboxDeps, lane: Lane, row: OutboxRow): Before {
  return { row, pace: lane.pace, now: deps.now() };
}

type Posting = { channel: string; nonce: string; threadTs: string | null; secret: string | null };

function postArguments(row: OutboxRow, { channel, nonce, threadTs, secret }: Posting): ChatPostMessageArguments {
  const content = contentOf(row);
  const said = {
    channel,
    ...(secret === null ? content : { ...content, text: `${content.text} ${secret}` }),
    metadata: { event_type: METADATA_EVENT, event_payload: { key: row.key, nonce } },
    unfurl_links: false,
    unfurl_media: false,
  };
  if (threadTs === null) return said;
  return { ...said, thread_ts: threadTs, reply_broadcast: row.message.broadcast === true };
}

function editArguments(row: OutboxRow, { channel, ts }: { channel: string; ts: string }): ChatUpdateArguments {
  return { channel, ts, ...contentOf(row) };
}

/** An edit must say `blocks: []` to be rid of blocks, so they are always sent. */
function contentOf({ message, delivery }: OutboxRow): {
  text: string;
  blocks: NonNullable<OutboxRow['message']['blocks']>;
} {
  const blocks = delivery.plain ? [] : fitting(message.blocks ?? []);
  return { text: truncate(message.text, LIMITS.messageText), blocks };
}
