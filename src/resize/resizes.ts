// What the rest of the bot may do with resizes: ask for one, decide about one, look.
import type { Cloud } from '../openstack/cloud.ts';
import type { Person } from '../slack/reply.ts';
import type { Project, ServerSeen } from './plan.ts';
import type { Decision, ResizeRequest } from './request.ts';

/** `server` as just read with `cloud`, the requester's own connection; `flavor` is a name or an id. */
export type AskInput = {
  person: Person;
  channelId: string;
  server: ServerSeen;
  flavor: string;
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

export type Resizes = {
  /** Posts the card. Throws UserError: `quota`, `not_found`, `ambiguous`, `wrong_state`, `busy` (an open request exists). */
  ask(input: AskInput): Promise<ResizeRequest>;
  /** Throws UserError as `decide` does, and `not_found`, `not_signed_in`, `not_allowed` when the person cannot see the server. */
  decide(id: string, decision: Decision): Promise<ResizeRequest>;
  /** Ids in any case. */
  get(id: string): Promise<ResizeRequest | null>;
  openFor(serverId: string): Promise<ResizeRequest | null>;
  /** Newest first. */
  list(filter: ListFilter): Promise<ResizeRequest[]>;
};
