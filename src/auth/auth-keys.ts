// The Redis keys that sign-in needs; redis/keys.ts builds them.
import type { Person } from '../slack/reply.ts';

export type AuthKeys = {
  /** The sealed session. */
  session(person: Person): string;
  /** The person's one sealed sign-in attempt, from the link to the typed code: a new one overwrites it. */
  loginLatest(person: Person): string;
  /** Whose link it is. The argument is a digest: the link itself is never in Redis. */
  loginTicket(digest: string): string;
  /** Whose trip to the identity provider it is; again a digest. */
  loginState(digest: string): string;
};
