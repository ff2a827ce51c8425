// Jobs of the native ECS API: how orders that take long turn out.
import type { Cloud } from './cloud.ts';
import { isCloudError } from './errors.ts';
import { instant, list, object, text } from './json.ts';
import { segment } from './path.ts';

/** Times are ms since the epoch. */
export type Job = {
  id: string;
  /** `INIT`, `RUNNING`, `SUCCESS`, `FAIL`, or a word we do not know. */
  status: string;
  type: string | null;
  beganAt: number | null;
  endedAt: number | null;
  /** E.g. `Ecs.0207`; null early on and after success. */
  errorCode: string | null;
  /** Hostile text. */
  failReason: string | null;
  serverId: string | null;
  subJobs: Job[];
};

/** Null for an id that the cloud does not know (any more). GET /v1/{project}/jobs/{id} (ecs-api C.5). Throws CloudError. */
export async function showJob(cloud: Cloud, id: string): Promise<Job | null> {
  try {
    const answer = await cloud.call({ service: 'ecs', method: 'GET', path: `/jobs/${segment(id)}` });
    return parseJob(answer.body, id);
  } catch (error) {
    // An unknown id is a 400 with this code, or a 404.
    const unknown = isCloudError(error) && (error.code === 'Common.0011' || error.kind === 'not_found');
    if (unknown) return null;
    throw error;
  }
}

export type JobOutcome =
  | { kind: 'running' }
  | { kind: 'succeeded' }
  | { kind: 'failed'; code: string | null; reason: string | null };

/**
 * A job with a failed part has failed, also when it calls itself a success. A word we do not know counts as running: the
 * caller has a time limit of its own.
 */
export function readOutcome(job: Job): JobOutcome {
  const parts = [job, ...job.subJobs];
  if (job.status !== 'FAIL' && job.status !== 'SUCCESS') return { kind: 'running' };
  const failed = parts.filter(({ status }) => status === 'FAIL');
  if (failed.length === 0) return { kind: 'succeeded' };
  // The job's own code often says no more than that a part has failed.
  const telling =
    failed.find(({ failReason }) => failReason !== null) ?? failed.findLast(({ errorCode }) => errorCode !== null);
  return { kind: 'failed', code: telling?.errorCode ?? null, reason: telling?.failReason ?? null };
}

function parseJob(value: unknown, id: string): Job {
  const wire = object(value);
  const entities = object(wire['entities']);
  return {
    id: text(wire['job_id']) ?? id,
    status: text(wire['status'])?.toUpperCase() ?? 'UNKNOWN',
    type: text(wire['job_type']),
    beganAt: instant(wire['begin_time']),
    endedAt: instant(wire['end_time']),
    errorCode: text(wire['error_code']),
    failReason: text(wire['fail_reason']) ?? text(entities['errorcode_message']),
    serverId: text(entities['server_id']),
    subJobs: list(entities['sub_jobs']).map((sub) => parseJob(sub, '')),
  };
}
