// One look at the cloud for one request, as one of its people, told in the words that `advance` understands.
import { unreachable, UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import { showFlavor } from '../openstack/flavors.ts';
import { readOutcome, showJob } from '../openstack/jobs.ts';
import { showLimits } from '../openstack/limits.ts';
import { listServerActions, showServerAction, type ServerAction } from '../openstack/server-actions.ts';
import { showServer } from '../openstack/servers.ts';
import type { Person } from '../slack/reply.ts';
import { isAway, isNoWayIn, type CloudFor, whoIsAway } from '../workflow/way-in.ts';
import type { ActionSeen, JobSeen, Look, Observation } from './observation.ts';
import { offeredFlavors } from './offered.ts';
import { flavorShown, type Former, makePlan, type Plan, type ServerSeen } from './plan.ts';
import { preflight } from './preflight.ts';
import type { ResizeRequest } from './request.ts';

export type LookDeps = { cloudFor: CloudFor; now: () => number };

/**
 * The way in for one request. Throws what `CloudFor` throws, and `not_allowed` for somebody who has chosen another
 * region: there the server would not be found, which must not be taken for deleted.
 */
export async function cloudOf({ project, region, server }: Plan, person: Person, cloudFor: CloudFor): Promise<Cloud> {
  const cloud = await cloudFor(person, project.id);
  if (cloud.region === region) return cloud;
  const [wanted, chosen] = [region ?? 'the default region', cloud.region ?? 'the default region'];
  throw new UserError(
    'not_allowed',
    `${server.name} is in ${wanted}, and you have chosen ${chosen}. Choose ${wanted} with the region command, then try again.`,
  );
}

/** What a cloud or a sign-in can do is an observation; only a bug, or Redis being away, is thrown. */
export async function lookAt(request: ResizeRequest, look: Look, deps: LookDeps): Promise<Observation> {
  const people = look.kind === 'server' ? look.as : [look.as];
  const at = deps.now();
  for (const person of people) {
    try {
      const cloud = await cloudOf(request.plan, person, deps.cloudFor);
      return await see(cloud, { request, look, at });
    } catch (error) {
      if (isNoWayIn(error)) continue;
      if (isAway(error)) {
        const retryAfterMs = isCloudError(error) ? error.retryAfterMs : null;
        return { kind: 'away', at, away: whoIsAway(error), retryAfterMs };
      }
      throw error;
    }
  }
  return { kind: 'signed_out', at, who: people[0] ?? request.requester };
}

type Sight = { request: ResizeRequest; look: Look; at: number };

async function see(cloud: Cloud, { request, look, at }: Sight): Promise<Observation> {
  try {
    switch (look.kind) {
      case 'sign_in':
        return { kind: 'signed_in', at, who: look.as };
      case 'server':
        return await seeServer(cloud, request, { at, actions: look.actions });
      case 'before_run':
        return await seeEverything(cloud, request, at);
      default:
        return unreachable(look);
    }
  } catch (error) {
    if (isCloudError(error, 'not_found')) return { kind: 'gone', at };
    throw error;
  }
}

async function seeServer(
  cloud: Cloud,
  { plan, intention }: ResizeRequest,
  { at, actions }: { at: number; actions: boolean },
): Promise<Observation> {
  const jobId = intention?.answer?.jobId;
  const [server, list, job] = await Promise.all([
    showServer(cloud, plan.server.id),
    actions ? seeActions(cloud, plan.server.id, intention?.before ?? []) : null,
    jobId === undefined ? null : seeJob(cloud, jobId),
  ]);
  return { kind: 'server', at, server, actions: list, ...(job && { job }) };
}

async function seeJob(cloud: Cloud, id: string): Promise<JobSeen> {
  const job = await showJob(cloud, id);
  return job === null ? { kind: 'unknown' } : readOutcome(job);
}

/** Failed actions of ours are read in full: only there Nova says in which step it gave up. */
async function seeActions(cloud: Cloud, serverId: string, before: string[]): Promise<ActionSeen[]> {
  const actions = await listServerActions(cloud, serverId);
  const known = actions.findIndex((action) => before.includes(action.requestId));
  const failed = (known === -1 ? actions : actions.slice(0, known)).find((action) => action.failed);
  const detailed = failed ? await showServerAction(cloud, serverId, failed.requestId) : null;
  return actions.map((action) => actionSeen(action.requestId === detailed?.requestId ? detailed : action));
}

function actionSeen(action: ServerAction): ActionSeen {
  const event = action.events.find(({ result }) => result?.toLowerCase() === 'error');
  return {
    act: action.action,
    requestId: action.requestId,
    failed: action.failed,
    failedEvent: event?.name ?? null,
  };
}

/** Everything the approval was about, as it is now. */
async function seeEverything(cloud: Cloud, request: ResizeRequest, at: number): Promise<Observation> {
  const { plan } = request;
  const [server, target, limits, actions, offered] = await Promise.all([
    showServer(cloud, plan.server.id),
    targetFlavor(cloud, plan.to.id),
    showLimits(cloud),
    listServerActions(cloud, plan.server.id),
    offeredFlavors(cloud, plan.server.id),
  ]);
  if (!target) return { kind: 'target_gone', at };
  const from = await currentFlavor(cloud, server, [plan.from, plan.to]);
  const now = makePlan({ project: plan.project, region: plan.region, server, from, to: target, backend: plan.backend });
  const checked = preflight({ plan: now, server, targetDisabled: target.disabled, limits, offered });
  return { kind: 'before_run', at, server, actions: actions.map(actionSeen), plan: now, preflight: checked };
}

async function targetFlavor(cloud: Cloud, id: string) {
  try {
    return await showFlavor(cloud, id);
  } catch (error) {
    if (isCloudError(error, 'not_found')) return null;
    throw error;
  }
}

/** The flavor a server has, with its facts; a deleted one that is known by id only keeps that. Throws CloudError. */
export async function currentFlavor(cloud: Cloud, server: ServerSeen, known: Former[]): Promise<Former> {
  const shown = flavorShown(server, known);
  if (shown) return shown;
  const id = server.flavor && 'id' in server.flavor ? server.flavor.id : null;
  const flavor = id === null ? null : await targetFlavor(cloud, id);
  return flavor ?? { id, name: id ?? 'unknown', vcpus: 0, ramMiB: 0, diskGiB: 0 };
}
