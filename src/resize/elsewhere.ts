// What was not our doing: confirmed, reverted, resized, broken, deleted or out of reach while we were at it.
import { unreachable } from '../errors.ts';
import { elsewhereSentence, errorSentence, stillOffSentence } from './failures.ts';
import { lookers, type Observation } from './observation.ts';
import type { View } from './pursue.ts';
import { changed, type ResizeRequest } from './request.ts';
import { fail, failGone, finish, hold, rest, restWithNote, type Step } from './steps.ts';

const AWAY_LEAST_MS = 5_000;
const AWAY_MOST_MS = 60_000;

export function chosenElsewhere(
  { request, server, now }: View,
  { flavor, running }: { flavor: string; running: boolean },
): Step {
  if (flavor === 'new') return closedByCloud(request, 'succeeded', { running, now });
  if (flavor === 'old') return closedByCloud(request, 'reverted', { running, now });
  return fail(request, elsewhereSentence(request.plan, server), now);
}

/** Confirmed or reverted, but not by us: accepted as it is, and the card says so. */
export function closedByCloud(
  request: ResizeRequest,
  state: 'succeeded' | 'reverted',
  { running, now }: { running: boolean; now: number },
): Step {
  const kind = state === 'succeeded' ? 'cloud_confirmed' : 'cloud_reverted';
  const told = changed(request, { events: [{ kind, at: now }], set: {} });
  return finish(told, { state, said: null }, { running, now });
}

export function takenOver({ request, server, situation, now }: View): Step {
  const said = elsewhereSentence(request.plan, server);
  if (situation.kind === 'idle') return finish(request, { state: 'failed', said }, { running: situation.running, now });
  return fail(request, said, now);
}

export function broken({ request, server, situation, actions, now }: View): Step {
  if (situation.kind === 'deleted') return failGone(request, now);
  // Nova writes the reason down a moment after the ERROR, and leaves some out of lists: the server itself is asked once.
  if (server.fault === null && actions === null) {
    return { do: 'look', look: { kind: 'server', actions: true, as: lookers(request) } };
  }
  const off = request.plan.running ? ` ${stillOffSentence(request.plan)}` : '';
  return fail(request, errorSentence(request.plan, server.fault) + (request.state === 'starting' ? off : ''), now);
}

type Unseen = Extract<Observation, { kind: 'gone' | 'target_gone' | 'signed_out' | 'away' | 'unseen' }>;

export function withoutServer(request: ResizeRequest, seen: Unseen, now: number): Step {
  switch (seen.kind) {
    case 'gone':
      return failGone(request, now);
    case 'signed_out':
      return hold(request, seen.who, now);
    case 'away':
      return waitForCloud(request, seen, now);
    case 'unseen':
      return tellUnseen(request, seen);
    case 'target_gone':
      return rest(request);
    default:
      return unreachable(seen);
  }
}

/** The longer it has been away, the more seldom we knock. */
function waitForCloud(
  request: ResizeRequest,
  { away, retryAfterMs }: Extract<Unseen, { kind: 'away' }>,
  now: number,
): Step {
  const since = request.note?.kind === 'cloud_away' ? request.note.since : now;
  const pause = Math.min(Math.max((now - since) / 2, AWAY_LEAST_MS), AWAY_MOST_MS);
  return restWithNote(request, { kind: 'cloud_away', since, away }, now + Math.max(pause, retryAfterMs ?? 0));
}

/** Said once: whoever looks at all that waits goes on looking. What the card says already is due for a look of its own. */
function tellUnseen(request: ResizeRequest, { since, away }: Extract<Unseen, { kind: 'unseen' }>): Step {
  if (request.note !== null && request.note.kind !== 'slow') return rest(request);
  return restWithNote(request, { kind: 'cloud_away', since, away }, request.due);
}

/** Whatever the server shows, the cloud has answered. */
export function answering(request: ResizeRequest): ResizeRequest {
  return request.note?.kind === 'cloud_away' ? changed(request, { set: { note: null } }) : request;
}
