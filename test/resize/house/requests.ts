// Requests and servers for tables, complete and plausible; say only what matters.
import type { Observation } from '../../../src/resize/observation.ts';
import { makePlan, type Plan, type ServerSeen } from '../../../src/resize/plan.ts';
import { preflightLines } from '../../../src/resize/preflight.ts';
import type { ActKind, FlavorFacts, Intention, ResizeRequest } from '../../../src/resize/request.ts';
import { ALICE, BOB, PROJECT } from './house.ts';

export const T0 = Date.UTC(2026, 10, 21, 12);
export const MINUTE = 60_000;

export const SMALL: FlavorFacts & { id: string } = { id: '11', name: 's2.small', vcpus: 1, ramMiB: 1024, diskGiB: 10 };
export const LARGE: FlavorFacts & { id: string } = { id: '13', name: 'c1.large', vcpus: 4, ramMiB: 8192, diskGiB: 10 };

/** As a server shows it from microversion 2.47 on. */
export function shown({ name, vcpus, ramMiB, diskGiB }: FlavorFacts) {
  return { name, vcpus, ramMiB, diskGiB };
}

export function server(changes: Partial<ServerSeen> = {}): ServerSeen {
  return {
    id: 'server-1',
    name: 'web-1',
    status: 'ACTIVE',
    vmState: null,
    taskState: null,
    flavor: shown(SMALL),
    imageId: 'debian-12',
    volumeIds: [],
    locked: false,
    fault: null,
    zone: null,
    ...changes,
  };
}

export function plan(changes: { server?: Partial<ServerSeen>; from?: FlavorFacts; to?: typeof LARGE } = {}): Plan {
  return makePlan({
    project: PROJECT,
    region: null,
    server: server(changes.server),
    from: changes.from ?? SMALL,
    to: changes.to ?? LARGE,
  });
}

export function request(changes: Partial<ResizeRequest> = {}): ResizeRequest {
  const approved = plan();
  return {
    id: 'R-7KQ2',
    version: 1,
    channelId: 'C1',
    requester: ALICE,
    reason: 'more load',
    plan: approved,
    preflight: preflightLines({ plan: approved, server: server() }),
    state: 'awaiting_approval',
    held: null,
    createdAt: T0,
    approveBy: T0 + 60 * MINUTE,
    confirmBy: null,
    approvalTtl: 60 * MINUTE,
    confirmTtl: 24 * 60 * MINUTE,
    approvals: [],
    chosen: null,
    intention: null,
    actionsSeen: ['req-0'],
    outcome: null,
    note: null,
    events: [{ kind: 'asked', at: T0, by: ALICE }],
    revision: 1,
    announced: 1,
    logged: 1,
    due: T0 + 60 * MINUTE,
    ...changes,
  };
}

export const VOTE = { by: BOB, at: T0 + MINUTE };

/** Sent and taken at T0, unless said otherwise. */
export function intention(act: ActKind, changes: Partial<Intention> = {}): Intention {
  return {
    act,
    by: ALICE,
    at: T0,
    firstAt: T0,
    attempt: 1,
    before: ['req-0'],
    answer: { kind: 'accepted', at: T0, requestId: 'req-1', said: null },
    seen: false,
    ...changes,
  };
}

export function seen(
  changes: Partial<ServerSeen>,
  actions: { act: string; requestId: string; failed?: boolean; failedEvent?: string }[] | null = null,
): Observation {
  const list = actions?.map((action) => ({ failed: false, failedEvent: null, ...action })) ?? null;
  return { kind: 'server', at: T0 + 1, server: server(changes), actions: list };
}
