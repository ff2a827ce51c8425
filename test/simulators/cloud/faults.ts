// Faults that a test orders for requests to come: what the network and the gateways in front of a cloud do.

/**
 * What happens instead of the ordinary answer:
 * a number: that status with the service's own error body (429 and 503 with `Retry-After: 1`);
 * `reset`: the connection dies before anything is done; `reset_after`: it is done, then the connection dies;
 * `hang`: never answered, never done; `hang_after`: done, never answered;
 * `html`: a proxy's 502 page; `empty`: 200 without a body, not done; `truncated`: done, the body cut in the middle;
 * `flow_limit`: HTTP 202 with the body `Common.0024`, not done; `apigw_throttled`: the gateway's 429;
 * `delayMs`: the ordinary answer, so much later;
 * an answer of one's own: not done.
 */
export type FaultKind =
  | number
  | 'reset'
  | 'reset_after'
  | 'hang'
  | 'hang_after'
  | 'html'
  | 'empty'
  | 'truncated'
  | 'flow_limit'
  | 'apigw_throttled'
  | { delayMs: number }
  | { status: number; headers?: Record<string, string>; body?: unknown };

/** `action` matches the one key of an action's body, e.g. `resize`. Without `times`: once. */
export type Fault = { match?: { method?: string; path?: RegExp; action?: string }; with: FaultKind; times?: number };

type Facing = { method: string; path: string; action: string | null };

export class Faults {
  #ordered: { fault: Fault; left: number }[] = [];

  order(fault: Fault): void {
    this.#ordered.push({ fault, left: fault.times ?? 1 });
  }

  /** The oldest order that fits this request, used up by one. */
  take(request: Facing): FaultKind | null {
    const order = this.#ordered.find(({ fault }) => fits(fault, request));
    if (order === undefined) return null;
    order.left -= 1;
    this.#ordered = this.#ordered.filter(({ left }) => left > 0);
    return order.fault.with;
  }

  clear(): void {
    this.#ordered = [];
  }
}

function fits({ match = {} }: Fault, request: Facing): boolean {
  return (
    (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || match.path.test(request.path)) &&
    (match.action === undefined || match.action === request.action)
  );
}
