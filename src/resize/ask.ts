// From "resize this server to that flavor" to a checked plan, read from the cloud as the requester.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Flavor } from '../openstack/flavors.ts';
import { showLimits } from '../openstack/limits.ts';
import { currentFlavor } from './look.ts';
import { offeredFlavors } from './offered.ts';
import { makePlan, type Plan } from './plan.ts';
import { preflight, type PreflightLine } from './preflight.ts';
import type { ResizeRequest } from './request.ts';
import type { AskInput } from './resizes.ts';

/** Flavors the project sees; may be remembered for a few minutes: the plan is checked afresh before the run. */
export type FlavorList = { of(cloud: Cloud): Promise<Flavor[]> };

/** Of a reason, in UTF-16 units: it has to fit on the card and in the line that repeats the command. */
export const REASON_LENGTH = 300;

/** Throws UserError as the preflight objects: `wrong_state`, `already_done`, `unsupported`, `quota`. */
export async function planFor(input: AskInput, flavors: FlavorList): Promise<{ plan: Plan; lines: PreflightLine[] }> {
  const { cloud, server } = input;
  const [known, limits, offered] = await Promise.all([
    flavors.of(cloud),
    showLimits(cloud),
    offeredFlavors(cloud, server.id),
  ]);
  const to = input.flavor;
  const from = await currentFlavor(cloud, server, known);
  const plan = makePlan({
    project: input.project,
    region: cloud.region,
    server,
    from,
    to,
    backend: cloud.profile.resizeBackend,
  });
  const { objection, lines } = preflight({ plan, server, targetDisabled: to.disabled, limits, offered });
  if (objection) {
    const about = objection.code === 'wrong_state' ? 'server' : 'flavor';
    throw new UserError(objection.code, objection.sentence, { about });
  }
  return { plan, lines };
}

export type Ttls = { approvalTtlMs: number; confirmTtlMs: number };

/** Pure. */
export function newRequest(
  id: string,
  input: AskInput,
  facts: { plan: Plan; lines: PreflightLine[]; now: number; ttls: Ttls },
): ResizeRequest {
  const { plan, lines, now, ttls } = facts;
  const approveBy = now + ttls.approvalTtlMs;
  return {
    id,
    version: 1,
    channelId: input.channelId,
    requester: input.person,
    reason: input.reason?.trim().slice(0, REASON_LENGTH) || null,
    plan,
    preflight: lines,
    state: 'awaiting_approval',
    held: null,
    createdAt: now,
    approveBy,
    confirmBy: null,
    approvalTtl: ttls.approvalTtlMs,
    confirmTtl: ttls.confirmTtlMs,
    approvals: [],
    chosen: null,
    intention: null,
    actionsSeen: [],
    outcome: null,
    note: null,
    events: [{ kind: 'asked', at: now, by: input.person }],
    revision: 1,
    announced: 0,
    logged: 0,
    due: approveBy,
  };
}
