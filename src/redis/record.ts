// Versioned JSON records, changed only by compare-and-set around a pure function, and found again through indexes
// that are written in the same atomic step as the record itself.
import type { RedisClient } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * Where a value is to be found. `due`: when somebody must look at it again (ms since the epoch). `claims`: names that
 * one record at a time may hold. `groups`: sorted sets it belongs to (score null: not a member). `keepMs`: lifetime.
 * Every name a value may ever hold is listed each time, so that leaving is as atomic as joining.
 */
export type Placement = {
  due: number | null;
  claims: { name: string; held: boolean }[];
  groups: { name: string; score: number | null }[];
  keepMs: number | null;
};

export type Created = { created: true } | { created: false; taken: string; by: string };

export type RecordStore<T> = {
  /** Refused when the id exists (`taken` is 'id') or another record holds one of the claims. */
  create(id: string, value: T): Promise<Created>;
  get(id: string): Promise<T | null>;
  /** Re-reads, applies `change`, saves if nobody was faster, else again. `change` returns null to leave it as it is. Throws RecordMissing. */
  update(id: string, change: (value: T) => T | null): Promise<T>;
  /** Missing ones are left out. */
  many(ids: string[]): Promise<T[]>;
  due(now: number, limit: number): Promise<string[]>;
  members(group: string, options?: { newestFirst?: boolean; limit?: number }): Promise<string[]>;
  holder(claim: string): Promise<string | null>;
};

export class RecordMissing extends Error {
  override readonly name = 'RecordMissing';
}

/** Oldest members of a group looked at with each save: more than come with it. What stays open for a month is rare. */
const LOOKED_AT = 20;

/**
 * KEYS: record, due set, then the claims, then the groups.
 * ARGV: id, expected version ('0' to create), JSON, due ('' for none), keepMs ('' for ever), what keys of records begin
 *       with, number of claims, then per claim '1' or '0', then per group its score or ''.
 * A record that has expired is taken out of its groups by those that come after it.
 * Returns 'ok'; 'conflict' when the version moved on; or the index of a taken claim and its holder.
 */
const SAVE = `
local id, expected, claims = ARGV[1], ARGV[2], tonumber(ARGV[7])
local version = redis.call('HGET', KEYS[1], 'version')
if (version or '0') ~= expected then return {'conflict', version or '0'} end
for i = 1, claims do
  if ARGV[7 + i] == '1' then
    local holder = redis.call('GET', KEYS[2 + i])
    if holder and holder ~= id then return {'taken', tostring(i), holder} end
  end
end
redis.call('HSET', KEYS[1], 'version', tostring(tonumber(expected) + 1), 'json', ARGV[3])
if ARGV[5] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
if ARGV[4] == '' then redis.call('ZREM', KEYS[2], id) else redis.call('ZADD', KEYS[2], ARGV[4], id) end
for i = 1, claims do
  local key = KEYS[2 + i]
  if ARGV[7 + i] == '1' then redis.call('SET', key, id)
  elseif redis.call('GET', key) == id then redis.call('DEL', key) end
end
for i = 1, #KEYS - 2 - claims do
  local group, score = KEYS[2 + claims + i], ARGV[7 + claims + i]
  if score == '' then redis.call('ZREM', group, id)
  else
    redis.call('ZADD', group, score, id)
    for _, member in ipairs(redis.call('ZRANGE', group, 0, ${LOOKED_AT - 1})) do
      if string.match(member, '^[%w_.-]+$') and redis.call('EXISTS', ARGV[6] .. member) == 0 then
        redis.call('ZREM', group, member)
      end
    end
  end
end
return {'ok'}`;

type Setup<T> = { redis: RedisClient; keys: Keys; kind: string; place: (value: T) => Placement };

type Stored<T> = { value: T; version: string };

/** Parsing is the caller's trust: only this store writes these records. */
export function createRecords<T>(setup: Setup<T>): RecordStore<T> {
  const { redis, keys, kind } = setup;
  const load = async (id: string) => read<T>(await redis.hmget(keys.record(kind, id), 'version', 'json'));
  const due = keys.recordDue(kind);
  return {
    async create(id, value) {
      const answer = await save(setup, { id, version: '0', value });
      if (answer.kind === 'ok') return { created: true };
      return answer.kind === 'taken'
        ? { created: false, taken: answer.claim, by: answer.by }
        : { created: false, taken: 'id', by: id };
    },
    get: async (id) => (await load(id))?.value ?? null,
    async update(id, change) {
      for (;;) {
        const stored = await load(id);
        if (!stored) throw new RecordMissing(`no ${kind} record ${id}`);
        const value = change(stored.value);
        if (value === null) return stored.value;
        const answer = await save(setup, { id, version: stored.version, value });
        if (answer.kind === 'ok') return value;
        if (answer.kind === 'taken') throw new Error(`${kind} ${id}: claim ${answer.claim} is held by ${answer.by}`);
      }
    },
    async many(ids) {
      const stored = await Promise.all(ids.map(load));
      return stored.filter((one) => one !== null).map((one) => one.value);
    },
    due: (now, limit) => redis.zrangebyscore(due, '-inf', String(now), 'LIMIT', 0, String(limit)),
    members(group, options = {}) {
      const key = keys.recordGroup(kind, group);
      const last = options.limit === undefined ? -1 : options.limit - 1;
      return options.newestFirst ? redis.zrevrange(key, 0, last) : redis.zrange(key, '0', String(last));
    },
    holder: (claim) => redis.get(keys.recordClaim(kind, claim)),
  };
}

function read<T>([version, json]: (string | null)[]): Stored<T> | null {
  if (!version || !json) return null;
  return { version, value: JSON.parse(json) as T };
}

type Saved = { kind: 'ok' } | { kind: 'conflict' } | { kind: 'taken'; claim: string; by: string };

async function save<T>(setup: Setup<T>, next: Stored<T> & { id: string }): Promise<Saved> {
  const { redis, keys, kind } = setup;
  const place = setup.place(next.value);
  const indexes = [
    ...place.claims.map((claim) => keys.recordClaim(kind, claim.name)),
    ...place.groups.map((group) => keys.recordGroup(kind, group.name)),
  ];
  const args = [
    next.id,
    next.version,
    JSON.stringify(next.value),
    text(place.due),
    text(place.keepMs),
    keys.record(kind, ''),
    String(place.claims.length),
    ...place.claims.map((claim) => (claim.held ? '1' : '0')),
    ...place.groups.map((group) => text(group.score)),
  ];
  const all = [keys.record(kind, next.id), keys.recordDue(kind), ...indexes];
  const answer = (await redis.eval(SAVE, all.length, ...all.concat(args))) as string[];
  if (answer[0] === 'taken') {
    return { kind: 'taken', claim: place.claims[Number(answer[1]) - 1]?.name ?? '?', by: answer[2] ?? '?' };
  }
  return { kind: answer[0] === 'ok' ? 'ok' : 'conflict' };
}

function text(value: number | null): string {
  return value === null ? '' : String(Math.round(value));
}
