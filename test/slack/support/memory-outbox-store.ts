// An OutboxStore in memory, for tests of the delivery loop. Several outboxes may share it, as replicas share Redis.
import {
  type Claim,
  type ClaimedLane,
  laneOf,
  newDelivery,
  type OutboxRow,
  type OutboxStore,
  type Pace,
} from '../../../src/slack/outbox-store.ts';

type Lane = { due: number; pace: Pace; held: Claim | null; keys: Set<string> };

export function createMemoryOutboxStore(): OutboxStore & { row(key: string): OutboxRow } {
  const rows = new Map<string, OutboxRow>();
  const lanes = new Map<string, Lane>();
  let seq = 0;

  const laneAt = (name: string): Lane => {
    const lane = lanes.get(name) ?? { due: Infinity, pace: { postAt: 0, editAt: 0 }, held: null, keys: new Set() };
    lanes.set(name, lane);
    return lane;
  };
  const holds = (claim: Claim): Lane | null => {
    const lane = lanes.get(claim.lane);
    return lane?.held?.token === claim.token ? lane : null;
  };
  const copy = <T>(value: T): T => structuredClone(value);

  return {
    async put(messages, now) {
      for (const message of messages) {
        const known = rows.get(message.key);
        const { to, under } = known?.message ?? message;
        const kept = { ...message, to, ...(under !== undefined && { under }) };
        seq += known ? 0 : 1;
        rows.set(message.key, {
          key: message.key,
          seq: known?.seq ?? seq,
          version: (known?.version ?? 0) + 1,
          message: copy(kept),
          delivery: known?.delivery ?? newDelivery(),
        });
        const lane = laneAt(laneOf(kept));
        lane.keys.add(message.key);
        lane.due = Math.min(lane.due, now);
      }
    },
    async claim(now, { token, leaseMs }): Promise<ClaimedLane | { nextAt: number | null }> {
      const free = [...lanes].filter(([, lane]) => lane.keys.size > 0);
      const availableAt = (lane: Lane): number =>
        Math.max(lane.due, lane.held && lane.held.until > now ? lane.held.until : 0);
      const first = free.toSorted(([, one], [, other]) => availableAt(one) - availableAt(other))[0];
      if (!first) return { nextAt: null };
      const [name, lane] = first;
      if (availableAt(lane) > now) return { nextAt: availableAt(lane) };
      const claim = { lane: name, token, until: now + leaseMs };
      Object.assign(lane, { held: claim, due: claim.until });
      const open = [...lane.keys].map((key) => rows.get(key)).filter((row) => row !== undefined);
      return copy({ claim, pace: lane.pace, rows: open.toSorted((one, other) => one.seq - other.seq) });
    },
    async find(keys) {
      return copy(keys.map((key) => rows.get(key)).filter((row) => row !== undefined));
    },
    async record(claim, key, { delivery, pace }) {
      const lane = holds(claim);
      const row = rows.get(key);
      if (!lane || !row) return false;
      row.delivery = copy(delivery);
      lane.pace = copy(pace);
      if (delivery.settled >= row.version) lane.keys.delete(key);
      return true;
    },
    async release(claim, due) {
      const lane = holds(claim);
      if (!lane) return;
      lane.held = null;
      lane.due = lane.due === claim.until ? due : Math.min(lane.due, due);
    },
    row(key) {
      const row = rows.get(key);
      if (!row) throw new Error(`no row ${key}`);
      return copy(row);
    },
  };
}
