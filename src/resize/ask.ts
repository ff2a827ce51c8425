// From "resize this server to that flavor" to a checked plan, read from the cloud as the requester.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import { showFlavor, type Flavor } from '../openstack/flavors.ts';
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

/** Throws UserError: `not_found`, `ambiguous` (flavor); `wrong_state`, `already_done`, `unsupported`, `quota` (preflight). */
export async function planFor(input: AskInput, flavors: FlavorList): Promise<{ plan: Plan; lines: PreflightLine[] }> {
  const { cloud, server } = input;
  const [known, limits, offered] = await Promise.all([
    flavors.of(cloud),
    showLimits(cloud),
    offeredFlavors(cloud, server.id),
  ]);
  const [to, from] = await Promise.all([findTarget(cloud, known, input.flavor), currentFlavor(cloud, server, known)]);
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

async function findTarget(cloud: Cloud, known: Flavor[], wanted: string): Promise<Flavor> {
  const byId = known.find((flavor) => flavor.id === wanted);
  if (byId) return byId;
  const named = known.filter((flavor) => flavor.name.toLowerCase() === wanted.toLowerCase());
  const [only, another] = named;
  if (another) {
    const ids = named.map((flavor) => flavor.id).join(', ');
    throw new UserError('ambiguous', `Several flavors are called ${wanted}; name one by its id: ${ids}.`, {
      about: 'flavor',
    });
  }
  return only ?? findUnlisted(cloud, wanted);
}

/** Disabled flavors are not listed but shown, so that the refusal can say what it is. */
async function findUnlisted(cloud: Cloud, wanted: string): Promise<Flavor> {
  try {
    return await showFlavor(cloud, wanted);
  } catch (error) {
    if (!isCloudError(error, 'not_found') && !isCloudError(error, 'bad_request')) throw error;
    throw new UserError('not_found', `There is no flavor ${wanted}. The flavors command lists what there is.`, {
      about: 'flavor',
      cause: error,
    });
  }
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
