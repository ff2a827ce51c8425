// The log of every request the simulated cloud has had: for assertions, and for the demo's side panel.

import { createHash } from 'node:crypto';

export type Call = {
  /** Milliseconds since the epoch, by the simulated cloud's clock. */
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** 0 while unanswered, or when the connection died first. */
  status: number;
  /** Whatever it does to this cloud is done, answered or not. */
  isOver: boolean;
  user: string | null;
  /** Real milliseconds until the answer. */
  ms: number;
  /** Tells tokens apart without showing them. */
  tokenFingerprint: string | null;
  requestId: string;
  /** The action's name, for POST …/action. */
  action: string | null;
  /** As it came; '' without one. Sign-ins are kept without theirs. */
  body: string;
  /** The microversion asked for, as written: `compute 2.60`. */
  version: string | null;
};

/** Strings compare equal or, for `path`, as a part; every part given must fit. */
export type CallFilter = {
  method?: string;
  path?: string | RegExp;
  status?: number;
  user?: string;
  action?: string;
  since?: number;
};

export function matchesCall(call: Call, filter: CallFilter): boolean {
  const { path } = filter;
  const pathFits = path === undefined || (typeof path === 'string' ? call.path.includes(path) : path.test(call.path));
  return (
    pathFits &&
    (filter.method === undefined || call.method === filter.method) &&
    (filter.status === undefined || call.status === filter.status) &&
    (filter.user === undefined || call.user === filter.user) &&
    (filter.action === undefined || call.action === filter.action) &&
    (filter.since === undefined || call.at >= filter.since)
  );
}

export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 8);
}
