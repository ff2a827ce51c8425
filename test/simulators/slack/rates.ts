// Slack's published rate limits, per method and workspace, and one message per second and channel.
import type { Now } from '../../../src/clock.ts';

const WINDOW_MS = 60_000;

// Calls per minute. Tier 2 = 20, tier 3 = 50, tier 4 = 100; "special" methods allow some hundreds.
const TIER_2 = ['users.list', 'conversations.list', 'usergroups.users.list', 'usergroups.list'];
const TIER_4 = [
  'chat.postEphemeral',
  'views.open',
  'views.push',
  'views.update',
  'views.publish',
  'users.info',
  'conversations.members',
];
const SPECIAL = ['auth.test', 'chat.postMessage', 'chat.getPermalink'];
const TIER_3_LIMIT = 50;

function perMinute(method: string): number {
  if (TIER_2.includes(method)) return 20;
  if (TIER_4.includes(method)) return 100;
  return SPECIAL.includes(method) ? 300 : TIER_3_LIMIT;
}

/** A channel takes one message per second; this many may come at once after a pause. */
const CHANNEL_BURST = 4;
const CHANNEL_REFILL_MS = 1_000;

type Bucket = { tokens: number; at: number };

export class Rates {
  readonly #now: Now;
  readonly #calls = new Map<string, number[]>();
  readonly #channels = new Map<string, Bucket>();

  constructor(now: Now) {
    this.#now = now;
  }

  /** Counts the call; the seconds to wait when it is one too many, else null. */
  count(method: string, channel: string | null): number | null {
    const wait = this.#methodWait(method);
    if (wait !== null) return wait;
    return method === 'chat.postMessage' && channel !== null ? this.#channelWait(channel) : null;
  }

  #methodWait(method: string): number | null {
    const now = this.#now();
    const recent = (this.#calls.get(method) ?? []).filter((at) => now - at < WINDOW_MS);
    this.#calls.set(method, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= perMinute(method)) return seconds(oldest + WINDOW_MS - now);
    recent.push(now);
    return null;
  }

  #channelWait(channel: string): number | null {
    const now = this.#now();
    const before = this.#channels.get(channel) ?? { tokens: CHANNEL_BURST, at: now };
    const refilled = before.tokens + Math.max(0, now - before.at) / CHANNEL_REFILL_MS;
    const tokens = Math.min(CHANNEL_BURST, refilled);
    const allowed = tokens >= 1;
    this.#channels.set(channel, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed ? null : seconds((1 - tokens) * CHANNEL_REFILL_MS);
  }
}

/** Retry-After is whole seconds, never 0. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
