// One call that changes the cloud, and what its answer means. Which of them may be repeated is decided here only.
import { unreachable } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isAboutAccount, isAmbiguous, isCloudError, type CloudError } from '../openstack/errors.ts';
import { object, text } from '../openstack/json.ts';
import { isAway, isNoWayIn } from '../workflow/way-in.ts';
import { requestOf } from './calls.ts';
import { cloudOf, type LookDeps } from './look.ts';
import type { Plan } from './plan.ts';
import type { ActOutcome } from './settle.ts';
import type { ActAnswer, ActKind, AnswerKind, Intention, ResizeRequest } from './request.ts';

/** `stillMine`: asked when everything is ready to be sent, because getting a token can take long. */
export type ActDeps = LookDeps & { stillMine(): Promise<boolean> };

/**
 * Sends what the saved intention says, with the token of the one it belongs to; null: not sent, the server is no longer
 * ours to act on. Throws only for bugs, and when Redis is away.
 */
export async function sendAct(
  request: ResizeRequest,
  { act, by }: Pick<Intention, 'act' | 'by'>,
  deps: ActDeps,
): Promise<ActOutcome | null> {
  let cloud: Cloud;
  try {
    cloud = await cloudOf(request.plan, by, deps.cloudFor);
  } catch (error) {
    if (isNoWayIn(error)) return { kind: 'signed_out' };
    if (isAway(error)) return { ...answer('later', deps.now()), retryAfterMs: null };
    throw error;
  }
  if (!(await deps.stillMine())) return null;
  try {
    const { requestId, body } = await cloud.call(requestOf(request.plan, act));
    return { ...acceptance(request.plan, act, body), at: deps.now(), requestId, said: null, retryAfterMs: null };
  } catch (error) {
    if (!isCloudError(error)) throw error;
    return outcomeOf(error, act, deps.now());
  }
}

/** A native resize is followed by its job; without one to follow, only the server can tell. */
function acceptance({ backend }: Plan, act: ActKind, body: unknown): Pick<ActAnswer, 'kind' | 'jobId'> {
  if (backend !== 'native' || act !== 'resize') return { kind: 'accepted' };
  const jobId = text(object(body)['job_id']);
  return jobId === null ? { kind: 'lost' } : { kind: 'accepted', jobId };
}

function outcomeOf(error: CloudError, act: ActKind, at: number): ActOutcome {
  if (error.kind === 'unauthorized' || error.kind === 'mfa_required') return { kind: 'signed_out' };
  const { requestId, retryAfterMs, serviceMessage } = error;
  const kind = answerKind(error, act);
  return { ...answer(kind, at), requestId, retryAfterMs, said: serviceMessage || null, ...refusalIn(error, kind) };
}

function refusalIn({ kind, code }: CloudError, answered: AnswerKind): Pick<ActAnswer, 'because' | 'code'> {
  if (answered !== 'refused') return {};
  // No role would help: the code says it all.
  if (isAboutAccount({ code })) return code === null ? {} : { code };
  const because = kind === 'quota' || kind === 'forbidden' ? kind : 'bad_request';
  return { because, ...(code !== null && { code }) };
}

function answerKind(error: CloudError, act: ActKind): AnswerKind {
  // Of two resizes at once Nova answers one with a 500 and carries it out all the same.
  if (isAmbiguous(error)) return error.status === 500 ? 'error' : 'lost';
  switch (error.kind) {
    case 'forbidden':
    case 'quota':
      return 'refused';
    case 'bad_request':
      // "Instance has not been resized": a confirm or revert is under way already (reference 0.3).
      return act === 'confirm' || act === 'revert' ? 'conflict' : 'refused';
    case 'conflict':
    case 'not_found':
      // The look that follows tells what it is, a deleted server included.
      return 'conflict';
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
      return 'later';
    case 'unauthorized':
    case 'mfa_required':
    case 'unexpected':
      return 'error';
    default:
      return unreachable(error.kind);
  }
}

function answer(kind: AnswerKind, at: number): ActAnswer {
  return { kind, at, requestId: null, said: null };
}
