// Signing in: the link, the trip to the identity provider, and the code typed back into Slack.
import type { Person } from '../slack/reply.ts';
import type { Session } from './sessions.ts';

/** How Slack calls the person and the workspace; null when that could not be found out. */
export type PersonNames = { userName: string | null; teamName: string | null };

export type Login = {
  /**
   * A link for exactly this person, good once and for LOGIN_TTL; it kills the person's earlier link, trip and code.
   * Without `names` they are looked up when the page is drawn. Throws `unsupported` where no identity provider is set up.
   */
  begin(person: Person, names?: PersonNames): Promise<{ url: string }>;
  /**
   * Makes the pending sign-in live. Blanks and dashes in `code` do not matter.
   * Throws `sign_in_failed` (wrong code, nothing waiting, too many tries) and `expired`.
   */
  finish(person: Person, code: string): Promise<Session>;
  /** Throws `sign_in_failed` with the cloud's reason, `unsupported` where the cloud has none, `unavailable`. */
  withApplicationCredential(person: Person, credential: { id: string; secret: string }): Promise<Session>;
};
