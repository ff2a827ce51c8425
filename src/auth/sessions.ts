// Who is signed in to the cloud as whom, and the way from a Slack person to a connection that acts as them.
import type { Cloud } from '../openstack/cloud.ts';
import type { Person } from '../slack/reply.ts';

export type Project = { id: string; name: string; domainName: string | null };

/** What may be shown of a sign-in; the tokens stay behind `cloud`. */
export type Session = {
  person: Person;
  cloudUser: { id: string; name: string };
  method: 'oidc' | 'application_credential';
  projects: Project[];
  /** The chosen project; null when several are possible and none is chosen yet. */
  projectId: string | null;
  region: string | null;
  /** Differs for every sign-in. */
  signInId: string;
};

/** A session together with its connections, all from one read of Redis. */
export type SignedIn = {
  session: Session;
  /** As `Sessions.cloud`, without reading the session again. */
  cloud(projectId?: string): Promise<Cloud>;
};

/** Every method throws `UserError` for what the person must do something about. */
export type Sessions = {
  /** Null when the person is not signed in, or the sign-in has ended and cannot be renewed. One Redis read. */
  find(person: Person): Promise<Session | null>;
  /** Throws `not_signed_in`. */
  require(person: Person): Promise<Session>;
  /** `require` and `cloud` for the price of one Redis read. Throws `not_signed_in`. */
  open(person: Person): Promise<SignedIn>;
  /**
   * A connection to `projectId`, else to the chosen project. Throws `not_signed_in` when the sign-in cannot be renewed,
   * `bad_usage` when no project is chosen, `not_allowed` when the person has no role in the project (any more),
   * `unavailable` when the cloud or the identity provider does not answer.
   */
  cloud(person: Person, projectId?: string): Promise<Cloud>;
  /** By id. Throws `not_found` when the project is not one of the session's, `not_signed_in`. */
  chooseProject(person: Person, projectId: string): Promise<Session>;
  /** Null: whatever the cloud's catalog offers. */
  chooseRegion(person: Person, region: string | null): Promise<Session>;
  /** Forgets the sign-in here first, then revokes every token held; `failed` counts the ones that could not be. */
  signOut(person: Person): Promise<{ revoked: number; failed: number }>;
};
