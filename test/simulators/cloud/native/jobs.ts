// GET /jobs/{id}: how an order of the native API is getting on.

import type { Answer } from '../exchange.ts';
import type { ServiceCall } from '../resource-service.ts';
import type { SimJob } from '../stock/model.ts';
import { ecsRefusal } from './errors.ts';

export function getJob({ core, projectId }: ServiceCall, id: string): Answer {
  const job = core.world.stock.jobs.get(id);
  if (job === undefined || job.projectId !== projectId) throw ecsRefusal(400, 'Common.0011', 'The job ID is invalid.');
  return { status: 200, body: jobView(job) };
}

/** Of a failure the parent says little: the reason is with the part that failed. */
function jobView(job: SimJob): Record<string, unknown> {
  const times = { begin_time: time(job.beganAt), end_time: job.endedAt === null ? '' : time(job.endedAt) };
  const own = { job_id: job.id, job_type: job.type, status: job.status, ...times };
  const early = job.status === 'INIT';
  const part = {
    ...own,
    job_id: `${job.id.slice(0, 30)}01`,
    job_type: 'resizeSingleServer',
    entities: { server_id: job.serverId },
    error_code: job.error?.code ?? null,
    fail_reason: job.error?.reason ?? null,
  };
  const entities = early ? {} : { sub_jobs_total: 1, sub_jobs: [part] };
  return { ...own, entities, error_code: job.error === null ? null : 'Common.0021', fail_reason: null };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
