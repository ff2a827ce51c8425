// What the rest of the bot may do with resizes: ask for one, decide about one, look.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import type { Flavor } from '../openstack/flavors.ts';
import { showServer } from '../openstack/servers.ts';
import type { RecordStore } from '../redis/record.ts';
import type { Person } from '../slack/reply.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { newRequest, planFor, type FlavorList, type Ttls } from './ask.ts';
import { decide, type DecideContext } from './decide.ts';
import { cloudOf, currentFlavor } from './look.ts';
import { makePlan, type Project, type ServerSeen } from './plan.ts';
import type { Policy } from './policy.ts';
import { preflightLines } from './preflight.ts';
import { newRequestId, parseRequestId } from './request-id.ts';
import { isFinal, samePerson, type Decision, type OnState, type ResizeRequest, type ResizeState } from './request.ts';
import { HELD, personGroup, serverClaim, teamGroup, waitingGroup, waitsForPeople } from './store.ts';

/** `server` and `flavor` as just read with `cloud`, the requester's own connection. */
export type AskInput = {
  person: Person;
  channelId: string;
  server: ServerSeen;
  flavor: Flavor;
  reason: string | null;
  cloud: Cloud;
  project: Project;
};

export type ListFilter = {
  teamId: string;
  /** Only what this person asked for. */
  mine?: Person;
  /** Only what waits for a person: approval, confirmation, sign-in. */
  waiting?: boolean;
  limit: number;
};

/** `id` null: another workspace's, of which nothing else is told. */
export type OpenResize = ResizeRequest | { id: null; state: ResizeState };

export type Resizes = {
  /** Posts the card. Throws UserError as the preflight objects, and `busy` (an open request exists). */
  ask(input: AskInput): Promise<ResizeRequest>;
  /** Refuses what can be refused without asking the cloud, before somebody is asked for a reason. Throws UserError as `decide` does. */
  precheck(id: string, decision: Decision): Promise<ResizeRequest>;
  /** Throws UserError as `decide` does, and `not_found`, `not_signed_in`, `not_allowed` when the person cannot see the server. */
  decide(id: string, decision: Decision): Promise<ResizeRequest>;
  /** Ids in any case. Null also for one of another workspace. */
  get(id: string, by: Pick<Person, 'teamId'>): Promise<ResizeRequest | null>;
  openFor(serverId: string, by: Pick<Person, 'teamId'>): Promise<OpenResize | null>;
  /** Newest first. */
  list(filter: ListFilter): Promise<ResizeRequest[]>;
  /** Somebody has signed in: what waited for it goes on. */
  signedIn(person: Person): Promise<void>;
};

export type ResizesDeps = AnnounceDeps & {
  records: RecordStore<ResizeRequest>;
  cloudFor: CloudFor;
  flavors: FlavorList;
  policy: Policy;
  /** Has the worker step this request soon. */
  wake(id: string): Promise<void>;
  now: () => number;
  onState?: OnState;
  /** A fresh integer from 0 to below `below`. */
  random(below: number): number;
  ttls: Ttls;
};

export function createResizes(deps: ResizesDeps): Resizes {
  const { records } = deps;
  return {
    ask: (input) => ask(deps, input),
    precheck: (id, decision) => precheck(deps, id, decision),
    decide: (id, decision) => decideOn(deps, id, decision),
    async get(id, { teamId }) {
      const request = await find(deps, id);
      return request?.requester.teamId === teamId ? request : null;
    },
    async openFor(serverId, by) {
      const id = await records.holder(serverClaim(serverId));
      const request = id === null ? null : await records.get(id);
      return request && !isFinal(request.state) ? toldTo(request, by) : null;
    },
    list: (filter) => list(deps, filter),
    async signedIn(person) {
      const held = await records.many(await records.members(HELD));
      const waiting = held.filter((request) => request.held && samePerson(request.held.for, person));
      await Promise.all(waiting.map((request) => deps.wake(request.id)));
    },
  };
}

export function toldTo(request: ResizeRequest, { teamId }: Pick<Person, 'teamId'>): OpenResize {
  return request.requester.teamId === teamId ? request : { id: null, state: request.state };
}

/** Enough for any run of bad luck: there are 900,000 ids. */
const MOST_IDS = 10;

async function ask(deps: ResizesDeps, input: AskInput): Promise<ResizeRequest> {
  const open = await deps.records.holder(serverClaim(input.server.id));
  if (open) return repeated(deps, open, input);
  const { plan, lines } = await planFor(input, deps.flavors);
  for (let tried = 0; tried < MOST_IDS; tried += 1) {
    const id = newRequestId(deps.random);
    const request = newRequest(id, input, { plan, lines, now: deps.now(), ttls: deps.ttls });
    const created = await deps.records.create(id, request);
    if (created.created) {
      deps.onState?.(request, null);
      return announce(request, deps);
    }
    if (created.taken === serverClaim(input.server.id)) return repeated(deps, created.by, input);
  }
  throw new Error('no free request id found');
}

/** The same wish delivered twice (or typed twice) is one request; anything else has to wait for the open one. */
async function repeated(deps: ResizesDeps, id: string, input: AskInput): Promise<ResizeRequest> {
  const open = await deps.records.get(id);
  const same = open?.plan.to.id === input.flavor.id;
  if (open?.state === 'awaiting_approval' && same && samePerson(open.requester, input.person)) {
    return announce(open, deps);
  }
  throw new UserError('busy', `${input.server.name} already has ${openWords(id, open, input.person)}`, {
    about: 'server',
  });
}

function openWords(id: string, open: ResizeRequest | null, by: Person): string {
  if (open && toldTo(open, by).id === null) {
    return 'an open resize request in another Slack workspace. It has to be seen through or cancelled there first.';
  }
  const target = open ? ` (to ${open.plan.to.name})` : '';
  return `an open resize request, ${id}${target}. See it through or have it cancelled first.`;
}

async function decideOn(deps: ResizesDeps, id: string, decision: Decision): Promise<ResizeRequest> {
  const request = await precheck(deps, id, decision);
  return unlessExpired(deps, request.id, async () => {
    const seen = await rights(deps, request, decision);
    const { policy, now } = deps;
    return save(deps, request.id, (stored) => decide(stored, decision, { now: now(), policy, seen }));
  });
}

async function precheck(deps: ResizesDeps, id: string, decision: Decision): Promise<ResizeRequest> {
  const request = await find(deps, id);
  if (!request)
    throw new UserError('not_found', `There is no request ${id}. The requests command lists the open ones.`);
  return unlessExpired(deps, request.id, async () => {
    decide(request, decision, { now: deps.now(), policy: deps.policy, seen: null });
    return request;
  });
}

/** The card may still offer what has expired. */
async function unlessExpired<T>(deps: ResizesDeps, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && error.code === 'expired') await deps.wake(id);
    throw error;
  }
}

async function save(
  deps: ResizesDeps,
  id: string,
  change: (stored: ResizeRequest) => ReturnType<typeof decide>,
): Promise<ResizeRequest> {
  let refusal: UserError | null = null;
  let before: ResizeState | null = null;
  const saved = await deps.records.update(id, (stored) => {
    const decided = change(stored);
    refusal = decided.refusal;
    before = stored.state;
    return decided.request;
  });
  if (saved.state !== before) deps.onState?.(saved, before);
  await Promise.all([deps.wake(id), announce(saved, deps)]);
  // Assigned in the callback, which the compiler does not follow.
  const told = refusal as UserError | null;
  if (told) throw told;
  return saved;
}

/** Rights are those of this moment: who votes must see the server now, who chooses must be able to send it now. */
async function rights(
  deps: ResizesDeps,
  request: ResizeRequest,
  { kind, by }: Decision,
): Promise<DecideContext['seen']> {
  if (kind === 'cancel') return null;
  const { plan } = request;
  const cloud = await cloudOf(plan, by, async (person, projectId) =>
    deps.cloudFor(person, projectId).catch((error: unknown) => {
      throw error instanceof UserError && error.code === 'not_allowed' ? unseen(request, error) : error;
    }),
  );
  if (kind === 'confirm' || kind === 'revert') return null;
  const server = await seenBy(cloud, request);
  if (kind === 'deny') return null;
  const from = await currentFlavor(cloud, server, [plan.from, plan.to]);
  const now = makePlan({ ...plan, server, from });
  return { plan: now, lines: preflightLines({ plan: now, server }) };
}

async function seenBy(cloud: Cloud, request: ResizeRequest) {
  try {
    return await showServer(cloud, request.plan.server.id);
  } catch (error) {
    throw isCloudError(error, 'not_found') || isCloudError(error, 'forbidden') ? unseen(request, error) : error;
  }
}

function unseen({ id, plan }: ResizeRequest, cause: unknown): UserError {
  const sentence = `You cannot decide about ${id}: with your sign-in, ${plan.server.name} in project ${plan.project.name} is not to be seen. Either you have no role there, or the server is gone.`;
  return new UserError('not_allowed', sentence, { cause });
}

async function find({ records }: ResizesDeps, typed: string): Promise<ResizeRequest | null> {
  const id = parseRequestId(typed);
  return id === null ? null : records.get(id);
}

/** When two filters apply, one index is read and the other is looked through. */
const LOOKED_THROUGH = 200;

async function list({ records }: ResizesDeps, filter: ListFilter): Promise<ResizeRequest[]> {
  const { mine, waiting, limit } = filter;
  const group = mine ? personGroup(mine) : waiting ? waitingGroup(filter.teamId) : teamGroup(filter.teamId);
  const read = mine && waiting ? LOOKED_THROUGH : limit;
  const found = await records.many(await records.members(group, { newestFirst: true, limit: read }));
  return found.filter((request) => !waiting || waitsForPeople(request)).slice(0, limit);
}
