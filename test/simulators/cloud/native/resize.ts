// POST /cloudservers/{id}/resize: the whole way to the new flavor as one job, confirmed by the platform itself.

import { randomBytes } from 'node:crypto';

import type { Core } from '../core.ts';
import { isRecord, type Answer } from '../exchange.ts';
import type { SimFlavor, SimServer } from '../model.ts';
import { bodyOf, hasRole, type ServiceCall } from '../resource-service.ts';
import type { SimJob } from '../stock/model.ts';
import { ecsRefusal } from './errors.ts';

export function postResize(call: ServiceCall, serverId: string): Answer {
  const { flavorId, stopFirst } = readOrder(call);
  if (!hasRole(call, 'member')) {
    throw ecsRefusal(403, 'Pdp.0001', "Policy doesn't allow ecs:cloudServers:resize to be performed.");
  }
  const server = findServer(call, serverId);
  requireReady(server, stopFirst);
  const flavor = requireFlavor(call.core, server, flavorId);
  requireQuota(call.core, server, flavor);
  if (isDryRun(call)) return { status: 202 };
  return { status: 200, body: { job_id: begin(call, server, flavor).id } };
}

function isDryRun({ exchange }: ServiceCall): boolean {
  const body: unknown = JSON.parse(exchange.body);
  return isRecord(body) && body['dry_run'] === true;
}

function readOrder(call: ServiceCall): { flavorId: string; stopFirst: boolean } {
  const resize = bodyOf(call, 'resize');
  const flavorId = resize?.['flavorRef'];
  if (resize === null || typeof flavorId !== 'string') throw ecsRefusal(400, 'Ecs.0005', 'request body is illegal.');
  const known = call.core.settings.mode === 'huawei' ? ['flavorRef', 'mode', 'cpu_options'] : ['flavorRef'];
  const extra = Object.keys(resize).find((field) => !known.includes(field));
  if (extra !== undefined) throw ecsRefusal(400, 'Ecs.0005', `request body is illegal: ${extra}.`);
  return { flavorId, stopFirst: resize['mode'] === 'withStopServer' };
}

/** Somebody else's does not exist. */
export function findServer({ core, projectId }: ServiceCall, id: string): SimServer {
  const server = core.world.servers.get(id);
  if (server !== undefined && server.projectId === projectId && !server.isErased) return server;
  throw ecsRefusal(404, 'Ecs.0114', `The ECS ${id} does not exist.`);
}

function requireReady(server: SimServer, stopFirst: boolean): void {
  if (server.lockedBy !== null) throw ecsRefusal(400, 'Ecs.0605', 'The ECS is locked.');
  if (server.taskState !== null) throw ecsRefusal(501, 'Ecs.0603', 'Other commands are being executed on the ECS.');
  const ready = server.vmState === 'stopped' || (stopFirst && server.vmState === 'active');
  if (!ready) throw ecsRefusal(400, 'Ecs.0100', 'The ECS status does not meet requirements.');
}

function requireFlavor({ world }: Core, server: SimServer, id: string): SimFlavor {
  const flavor = world.flavors.get(id);
  if (flavor === undefined || flavor.disabled) throw ecsRefusal(400, 'Ecs.0029', `The flavor ${id} does not exist.`);
  if (flavor.id === server.flavorId) throw ecsRefusal(400, 'Ecs.0810', 'The target flavor equals the current one.');
  return flavor;
}

function requireQuota({ world }: Core, server: SimServer, to: SimFlavor): void {
  const from = world.flavor(server.flavorId);
  const { quota } = world.project(server.projectId);
  const used = world.usage(server.projectId);
  const cores = quota.cores !== -1 && to.vcpus > from.vcpus && used.cores + to.vcpus - from.vcpus > quota.cores;
  const ram = quota.ramMiB !== -1 && to.ramMiB > from.ramMiB && used.ramMiB + to.ramMiB - from.ramMiB > quota.ramMiB;
  if (cores || ram) throw ecsRefusal(400, 'Ecs.0001', 'The ECS quota is exceeded.');
}

/** The job owns the steps: the server's own timeline stays free. A server stopped for it is started again. */
function begin(call: ServiceCall, server: SimServer, flavor: SimFlavor): SimJob {
  const { core } = call;
  const job: SimJob = {
    id: randomBytes(16).toString('hex'),
    projectId: call.projectId,
    type: 'resizeServer',
    status: 'INIT',
    serverId: server.id,
    beganAt: core.timeline.now(),
    endedAt: null,
    error: null,
  };
  core.world.stock.jobs.set(job.id, job);
  const { exchange, caller, projectId } = call;
  core.world.recordAction(server, {
    action: 'resize',
    requestId: exchange.requestId,
    userId: caller.userId,
    projectId,
  });
  const wasActive = server.vmState === 'active';
  const pace = core.settings.pace === 'manual' ? { jobMs: 0, resizeMs: 0 } : core.settings.pace;
  const steps = [
    { afterMs: pace.jobMs, run: () => start(core, job, server) },
    { afterMs: pace.resizeMs, run: () => finish(core, { job, server, flavor, wasActive }) },
  ];
  core.timeline.plan(job.id, steps, core.settings.pace === 'manual' ? 'held' : 'timed');
  return job;
}

function start(core: Core, job: SimJob, server: SimServer): void {
  job.status = 'RUNNING';
  Object.assign(server, { taskState: 'resize_migrating', updatedAt: core.timeline.now() });
}

type Work = { job: SimJob; server: SimServer; flavor: SimFlavor; wasActive: boolean };

function finish(core: Core, { job, server, flavor, wasActive }: Work): void {
  const spoilt = core.spoils.get(server.id)?.action === 'resize' || flavor.resizeOutcome !== 'fits';
  core.spoils.delete(server.id);
  const [action] = server.actions;
  const now = core.timeline.now();
  if (spoilt && action !== undefined) action.message = 'Error';
  Object.assign(job, {
    status: spoilt ? 'FAIL' : 'SUCCESS',
    endedAt: now,
    error: spoilt ? { code: 'Ecs.0319', reason: 'Insufficient resources for the flavor.' } : null,
  });
  const after = wasActive ? { vmState: 'active', powerState: 1 } : { vmState: 'stopped', powerState: 4 };
  Object.assign(server, { ...after, taskState: null, updatedAt: now, ...(!spoilt && { flavorId: flavor.id }) });
}
