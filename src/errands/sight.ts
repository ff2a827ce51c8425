// What a look at the cloud can show of the step in hand.
import type { Away } from '../workflow/way-in.ts';

/** `at`: our clock when the look began, ms since the epoch: nothing later is known by it. */
export type Sight = { at: number } & (
  | /** Not begun. `before`: ids of what could later be taken for ours. */ { kind: 'absent'; before: string[] }
  /** The cloud is at it; `word` is its own. `byName`: taken for ours because of its name alone. */
  | { kind: 'pending'; id: string; word: string; byName?: boolean }
  | { kind: 'ready'; id: string; detail: string | null; byName?: boolean }
  /** It will not come to anything. */
  | { kind: 'broken'; id: string | null; said: string }
  /** As things are it cannot be, and waiting does not help. */
  | { kind: 'blocked'; said: string }
  /** Something else is being done to it; that passes. */
  | { kind: 'busy'; word: string }
  /** The one whose sign-in it needs is not signed in, or has no way into the project. */
  | { kind: 'signed_out' }
  | { kind: 'away'; away: Away; retryAfterMs: number | null }
);
