// Faults on demand: what a test tells the workspace to do wrong.

/** How a call of the app goes wrong. */
export type Fault =
  /** HTTP 429; `retryAfter` in seconds, null leaves the header out. */
  | { kind: 'rate_limited'; retryAfter: number | null }
  /** An HTTP error with an HTML body, e.g. 503. */
  | { kind: 'http'; status: number }
  /** HTTP 200 with `{ok: false, error}`, e.g. `internal_error`. */
  | { kind: 'error'; error: string }
  /** The connection is reset before the call had any effect. */
  | { kind: 'reset_before' }
  /** The call takes effect, then the connection is reset: its outcome is unknown to the app. */
  | { kind: 'reset_after' }
  /** The answer comes this many real milliseconds later. */
  | { kind: 'delay'; ms: number };

/** Which calls it hits: all given fields must match. `times` defaults to 1; Infinity until removed. */
export type FaultMatch = { method?: string; channel?: string; times?: number };

type Rule = { match: FaultMatch; fault: Fault; left: number };

export class Faults {
  /** Every delivery is sent twice, byte for byte; the answer to the first one counts. */
  duplicateDeliveries = false;
  /** Real milliseconds a delivery waits before it is sent; unequal waits reorder deliveries. */
  deliveryDelayMs: (kind: 'command' | 'interaction' | 'options' | 'event') => number = () => 0;
  #rules: Rule[] = [];
  #held: { kind: string; released: Promise<void> }[] = [];
  #outage = false;

  /** The next delivery of this kind waits until the returned function is called, however much has changed by then. */
  holdNext(kind: 'command' | 'interaction' | 'options' | 'event'): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.push({ kind, released: promise });
    return resolve;
  }

  /** Resolves when a delivery that leaves now may arrive. */
  async mayArrive(kind: string): Promise<void> {
    const held = this.#held.find((one) => one.kind === kind);
    if (held === undefined) return;
    this.#held = this.#held.filter((one) => one !== held);
    await held.released;
  }

  /** The whole API (response_urls too) answers nothing: connections are reset. */
  outage(down: boolean): void {
    this.#outage = down;
  }

  get isDown(): boolean {
    return this.#outage;
  }

  /** Makes matching calls fail; returns a function that takes the fault away. */
  add(match: FaultMatch, fault: Fault): () => void {
    const rule: Rule = { match, fault, left: match.times ?? 1 };
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  /** The fault for this call, used up by one. */
  take(method: string, channel: string | null): Fault | null {
    if (this.#outage) return { kind: 'reset_before' };
    const rule = this.#rules.find((candidate) => matches(candidate, method, channel));
    if (rule === undefined) return null;
    rule.left -= 1;
    return rule.fault;
  }
}

function matches({ match, left }: Rule, method: string, channel: string | null): boolean {
  if (left <= 0) return false;
  if (match.method !== undefined && match.method !== method) return false;
  return match.channel === undefined || match.channel === channel;
}
