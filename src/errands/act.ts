// One call of an errand, and what its answer means. Which of them may be repeated is decided by `advance`, after a look.
import { unreachable } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { type CloudError, isAboutAccount, isAmbiguous, isCloudError } from '../openstack/errors.ts';
import { object, text } from '../openstack/json.ts';
import { isAway, isNoWayIn } from '../workflow/way-in.ts';
import { type Answer, type AnswerKind, type Errand, idOf, type Step } from './errand.ts';
import { cloudOf, type LookDeps } from './look.ts';
import type { Outcome } from './settle.ts';
import { requestOf, serverOf, type Task } from './task.ts';
import { accountSentence, forbiddenSentence, quotaSentence, refusedSentence } from './words.ts';

/** `stillMine`: asked when everything is ready to be sent, because getting a token can take long. */
export type ActDeps = LookDeps & { stillMine(): Promise<boolean> };

/**
 * Sends what the saved intention of this step says, with the token of the one it belongs to; null: not sent, the errand is
 * no longer ours to act on. Throws only for bugs, and when Redis is away.
 */
export async function sendStep(errand: Errand, step: Step, deps: ActDeps): Promise<Outcome | null> {
  const { task } = step;
  let cloud: Cloud;
  try {
    cloud = await cloudOf(errand, step.by, deps.cloudFor);
  } catch (error) {
    if (isNoWayIn(error)) return { kind: 'signed_out' };
    if (isAway(error)) return answered({ kind: 'later', at: deps.now(), requestId: null, said: null });
    throw error;
  }
  if (!(await deps.stillMine())) return null;
  const request = requestOf(task, (ref) => idOf(errand, ref) ?? '');
  try {
    const { body, requestId } = await cloud.call(request);
    const id = idIn(body, task);
    // A success that does not say what it made: the cloud's list will.
    const kind = MADE[task.kind] !== undefined && id === null ? 'lost' : 'accepted';
    return { ...answered({ kind, at: deps.now(), requestId, said: null }), id };
  } catch (error) {
    if (!isCloudError(error)) throw error;
    return outcomeOf(error, task, deps.now());
  }
}

function answered(answer: Answer, waitMs = 0): Extract<Outcome, { kind: 'answered' }> {
  return { kind: 'answered', answer, id: null, waitMs };
}

/** Under which name the answer to a creation holds what was made. */
const MADE: Partial<Record<Task['kind'], string>> = {
  make_disk: 'volume',
  make_network: 'network',
  make_subnet: 'subnet',
  make_port: 'port',
};

function idIn(body: unknown, { kind }: Task): string | null {
  const name = MADE[kind];
  return name === undefined ? null : text(object(object(body)[name])['id']);
}

function outcomeOf(error: CloudError, task: Task, at: number): Outcome {
  if (error.kind === 'unauthorized' || error.kind === 'mfa_required') return { kind: 'signed_out' };
  const { requestId, serviceMessage, retryAfterMs } = error;
  const said = sentenceFor(error, task, serviceMessage === '' ? null : serviceMessage.slice(0, 300));
  return answered({ kind: answerKind(error, task), at, requestId, said }, retryAfterMs ?? 0);
}

function sentenceFor(error: CloudError, task: Task, said: string | null): string | null {
  const { kind } = error;
  if (kind === 'quota') return quotaSentence(task, said);
  if (isAboutAccount(error)) return accountSentence(task, said);
  if (kind === 'forbidden') return forbiddenSentence(task, said);
  return kind === 'bad_request' || kind === 'conflict' || kind === 'not_found' ? refusedSentence(task, said) : said;
}

function answerKind(error: CloudError, task: Task): AnswerKind {
  if (isAmbiguous(error)) return 'lost';
  switch (error.kind) {
    case 'quota':
    case 'forbidden':
      return 'refused';
    case 'bad_request':
    case 'conflict':
    case 'not_found':
      // Gone, already so, or a matter of the server's state: the look that follows tells.
      return serverOf(task) !== null || task.kind === 'remove' ? 'look' : 'refused';
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
      return 'later';
    case 'unauthorized':
    case 'mfa_required':
    case 'unexpected':
      return 'lost';
    default:
      return unreachable(error.kind);
  }
}
