// What the answer to an order means for the creation: taken, refused, or nobody knows. Pure.
import { unreachable } from '../errors.ts';
import { end, noted } from './advance.ts';
import { type Creation, quietly, visibly } from './creation.ts';

export type Outcome =
  | { kind: 'accepted'; serverId: string; hasPassword: boolean }
  /** `said` is a whole sentence for people. */
  | { kind: 'refused'; said: string }
  | { kind: 'later'; said: string | null; retryAfterMs: number | null }
  | { kind: 'lost'; said: string | null }
  /** Certainly not sent. */
  | { kind: 'signed_out' }
  | { kind: 'other_region' };

/** The poller tells of the first change; this is for a poller that does not. */
const FIRST_LOOK_MS = 15_000;
const HELD_MS = 60_000;
const LATER_MS = 5_000;

/** Written down next to the intention, with when to look. */
export function settle(creation: Creation, outcome: Outcome, now: number): Creation {
  const { intention } = creation;
  if (!intention) return creation;
  switch (outcome.kind) {
    case 'accepted': {
      const server = { id: outcome.serverId, status: 'BUILD', task: null, addresses: [] };
      const { hasPassword } = outcome;
      return visibly(creation, { state: 'building', server, hasPassword, note: null, due: now + FIRST_LOOK_MS });
    }
    case 'refused':
      return end(creation, 'failed', { said: outcome.said, now });
    case 'later': {
      const answer = { kind: 'later' as const, at: now, said: outcome.said };
      const wait = Math.max(outcome.retryAfterMs ?? 0, Math.min(60_000, LATER_MS * intention.attempt));
      const asked = { ...creation, intention: { ...intention, answer } };
      return noted(asked, { kind: 'retrying', since: now, said: outcome.said }, now + wait);
    }
    case 'lost': {
      const answer = { kind: 'lost' as const, at: now, said: outcome.said };
      return quietly(creation, { intention: { ...intention, answer }, due: now });
    }
    case 'signed_out':
    case 'other_region':
      return noted({ ...creation, intention: null }, { kind: outcome.kind, since: now }, now + HELD_MS);
    default:
      return unreachable(outcome);
  }
}
