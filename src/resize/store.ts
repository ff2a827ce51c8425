// Where requests are kept, and how they are found again: by what is due, by server, by person, by what they wait for.
import type { Placement } from '../redis/record.ts';
import type { Person } from '../slack/reply.ts';
import { isFinal, type ResizeRequest, type ResizeState } from './request.ts';

/** Closed requests stay readable for a month. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;

/** The cloud is working: looked at with every tick. */
export const MOVING = 'moving';
/** The cloud may act on its own, while a person thinks: looked at now and then. */
export const RESTING = 'resting';
/** Waits for somebody's sign-in. */
export const HELD = 'held';

/** One open request per server, over all replicas. */
export function serverClaim(serverId: string): string {
  return `server:${serverId}`;
}

export function teamGroup(teamId: string): string {
  return `team:${teamId}`;
}

/** What waits for people of a workspace. */
export function waitingGroup(teamId: string): string {
  return `waiting:${teamId}`;
}

export function personGroup({ teamId, userId }: Person): string {
  return `person:${teamId}:${userId}`;
}

const MOVING_STATES: ReadonlySet<ResizeState> = new Set([
  'stopping',
  'resizing',
  'confirming',
  'reverting',
  'starting',
] satisfies ResizeState[]);

const PEOPLE_STATES: ReadonlySet<ResizeState> = new Set([
  'awaiting_approval',
  'awaiting_confirmation',
  'needs_login',
] satisfies ResizeState[]);

export function waitsForPeople(request: ResizeRequest): boolean {
  return PEOPLE_STATES.has(request.state);
}

/** For `createRecords`: saved in one step with the request itself. */
export function placeRequest(request: ResizeRequest): Placement {
  const { state, requester, createdAt } = request;
  const when = (member: boolean) => (member ? createdAt : null);
  const told = request.announced >= request.revision;
  return {
    // What people have not been shown yet is due at once, should the one who saved it die before showing it.
    due: told ? request.due : 0,
    claims: [{ name: serverClaim(request.plan.server.id), held: !isFinal(state) }],
    groups: [
      { name: teamGroup(requester.teamId), score: createdAt },
      { name: personGroup(requester), score: createdAt },
      { name: waitingGroup(requester.teamId), score: when(waitsForPeople(request)) },
      { name: MOVING, score: when(MOVING_STATES.has(state)) },
      { name: RESTING, score: when(state === 'awaiting_confirmation') },
      { name: HELD, score: when(state === 'needs_login') },
    ],
    keepMs: isFinal(state) && told ? KEEP_MS : null,
  };
}
