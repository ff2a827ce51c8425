// Rows worked off in order, lane by lane: one worker per lane at a time over all replicas, newest content wins, and
// nothing is forgotten before it is settled. Written for the outbox; knows nothing of what a row means.
import type { RedisClient } from './connection.ts';
import type { Keys } from './keys.ts';

/** `settled`: versions up to this one need no more work. The rest of a row's progress is the worker's business. */
type Progress = { settled: number };

export type LaneRow<M, D> = { key: string; seq: number; version: number; message: M; delivery: D };
export type LaneClaim = { lane: string; token: string; until: number };
export type ClaimedRows<M, D, P> = { claim: LaneClaim; pace: P; rows: LaneRow<M, D>[] };

/** How to take a message apart: what never changes under its key, and what the newest put replaces. */
export type LaneShape<M, D, P> = {
  laneOf(message: M): string;
  split(message: M): { fixed: object; content: object };
  join(fixed: object, content: object): M;
  newDelivery(): D;
  newPace(): P;
};

type Deps<M, D, P> = { redis: RedisClient; keys: Keys; shape: LaneShape<M, D, P> };

const MOST_ROWS = 200;
const KEEP_SETTLED_MS = 30 * 24 * 60 * 60 * 1_000;

/**
 * KEYS: row, sequence, lanes, unfinished. ARGV: row key, lane, fixed, content, new delivery, now.
 * A held lane becomes due as well; `release` sees that and keeps it.
 */
const PUT = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'seq', redis.call('INCR', KEYS[2]), 'version', '0', 'fixed', ARGV[3], 'delivery', ARGV[5])
end
redis.call('HSET', KEYS[1], 'content', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[4], redis.call('HGET', KEYS[1], 'seq'), ARGV[1])
redis.call('ZADD', KEYS[3], 'LT', ARGV[6], ARGV[2])`;

/**
 * KEYS: lanes. ARGV: now, token, until, prefixes of unfinished, hold and pace, most rows.
 * Returns {'lane', name, pace or '', row keys…} or {'none', when the next lane is due or ''}.
 */
const CLAIM = `
local now, soonest = tonumber(ARGV[1]), ''
local lanes = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 500)
for i = 1, #lanes, 2 do
  local lane, due = lanes[i], tonumber(lanes[i + 1])
  local held = tonumber(redis.call('HGET', ARGV[5] .. lane, 'until') or '0')
  if held > due then due = held end
  if due <= now then
    redis.call('HSET', ARGV[5] .. lane, 'token', ARGV[2], 'until', ARGV[3])
    redis.call('ZADD', KEYS[1], ARGV[3], lane)
    local rows = redis.call('ZRANGE', ARGV[4] .. lane, 0, tonumber(ARGV[7]) - 1)
    return {'lane', lane, redis.call('GET', ARGV[6] .. lane) or '', unpack(rows)}
  end
  if soonest == '' or due < soonest then soonest = due end
end
return {'none', tostring(soonest)}`;

/** KEYS: hold, row, pace, unfinished. ARGV: token, row key, delivery, pace, settled, ms to keep a settled row. Returns 1 or 0. */
const RECORD = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'delivery', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'PX', 600000)
if tonumber(ARGV[5]) >= tonumber(redis.call('HGET', KEYS[2], 'version') or '0') then
  redis.call('ZREM', KEYS[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
end
return 1`;

/** KEYS: hold, lanes, unfinished. ARGV: token, lane, due, the due time that the claim set. */
const RELEASE = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return end
redis.call('DEL', KEYS[1])
if redis.call('EXISTS', KEYS[3]) == 0 then return redis.call('ZREM', KEYS[2], ARGV[2]) end
local due, now = tonumber(ARGV[3]), tonumber(redis.call('ZSCORE', KEYS[2], ARGV[2]) or ARGV[4])
if now ~= tonumber(ARGV[4]) and now < due then due = now end
redis.call('ZADD', KEYS[2], tostring(due), ARGV[2])`;

/** What the outbox's delivery loop takes, whatever its rows are. A key always goes to the same lane. */
export function createLanes<M extends { key: string }, D extends Progress, P>(deps: Deps<M, D, P>) {
  const { redis, keys, shape } = deps;

  async function put(messages: M[], now: number): Promise<void> {
    await Promise.all(
      messages.map((message) => {
        const lane = shape.laneOf(message);
        const { fixed, content } = shape.split(message);
        const named = [keys.outboxRow(message.key), keys.outboxSeq(), keys.outboxLanes(), keys.outboxUnfinished(lane)];
        const values = [message.key, lane, ...[fixed, content, shape.newDelivery()].map(json), whole(now)];
        return redis.eval(PUT, named.length, ...named.concat(values));
      }),
    );
  }

  async function find(rowKeys: string[]): Promise<LaneRow<M, D>[]> {
    const rows = await Promise.all(
      rowKeys.map(async (key) => toRow(shape, key, await redis.hgetall(keys.outboxRow(key)))),
    );
    return rows.filter((row) => row !== null);
  }

  async function claim(
    now: number,
    lease: { token: string; leaseMs: number },
  ): Promise<ClaimedRows<M, D, P> | { nextAt: number | null }> {
    const until = Math.round(now + lease.leaseMs);
    const prefixes = [keys.outboxUnfinished(), keys.outboxHold(), keys.outboxPace()];
    const values = [whole(now), lease.token, whole(until), ...prefixes, whole(MOST_ROWS)];
    const [kind, name = '', pace, ...rowKeys] = (await redis.eval(
      CLAIM,
      1,
      ...[keys.outboxLanes()].concat(values),
    )) as string[];
    if (kind !== 'lane') return { nextAt: name === '' ? null : Number(name) };
    return {
      claim: { lane: name, token: lease.token, until },
      pace: pace ? (JSON.parse(pace) as P) : shape.newPace(),
      rows: await find(rowKeys),
    };
  }

  async function record(held: LaneClaim, key: string, change: { delivery: D; pace: P }): Promise<boolean> {
    const lane = held.lane;
    const named = [keys.outboxHold(lane), keys.outboxRow(key), keys.outboxPace(lane), keys.outboxUnfinished(lane)];
    const values = [held.token, key, json(change.delivery), json(change.pace)];
    const last = [whole(change.delivery.settled), whole(KEEP_SETTLED_MS)];
    return (await redis.eval(RECORD, named.length, ...named.concat(values, last))) === 1;
  }

  async function release(held: LaneClaim, due: number): Promise<void> {
    const named = [keys.outboxHold(held.lane), keys.outboxLanes(), keys.outboxUnfinished(held.lane)];
    const values = [held.token, held.lane, whole(due), whole(held.until)];
    await redis.eval(RELEASE, named.length, ...named.concat(values));
  }

  return { put, claim, find, record, release };
}

/** How many rows are not settled, over all lanes; for numbers, so it need not be of one moment. */
export async function countUnfinished({
  redis,
  keys,
}: Pick<Deps<never, never, never>, 'redis' | 'keys'>): Promise<number> {
  const lanes = await redis.zrange(keys.outboxLanes(), '0', '-1');
  const counts = await Promise.all(lanes.map((lane) => redis.zcard(keys.outboxUnfinished(lane))));
  return counts.reduce((sum, count) => sum + count, 0);
}

function toRow<M, D, P>(shape: LaneShape<M, D, P>, key: string, row: Record<string, string>): LaneRow<M, D> | null {
  if (!row.fixed || !row.content || !row.delivery) return null;
  const message = shape.join(JSON.parse(row.fixed) as object, JSON.parse(row.content) as object);
  return { key, seq: Number(row.seq), version: Number(row.version), message, delivery: JSON.parse(row.delivery) as D };
}

const json = (value: unknown) => JSON.stringify(value);
const whole = (value: number) => String(Math.round(value));
