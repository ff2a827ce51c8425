// Signing in, as seen from Slack: the link, the code typed back, and the application credential.
import type { Now } from '../clock.ts';
import { unreachable } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Person } from '../slack/reply.ts';
import type { AttemptStore } from './attempt-store.ts';
import { judgeCode, newLink } from './attempt.ts';
import { toSession, type SessionRecord } from './record.ts';
import { cloudTokens, revokeCloudTokens, revokeEverything } from './revocation.ts';
import type { SessionStore } from './session-store.ts';
import type { Session } from './sessions.ts';
import { signInByCredential, type SignInDeps } from './sign-in.ts';
import type { Words } from './words.ts';

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
   * Throws `sign_in_failed` (wrong code, nothing waiting, too many tries), `expired`, and `already_done`.
   */
  finish(person: Person, code: string): Promise<Session>;
  /** Throws `sign_in_failed` with the cloud's reason, `unsupported` where the cloud has none, and `CloudError`. */
  withApplicationCredential(person: Person, credential: { id: string; secret: string }): Promise<Session>;
};

export type LoginDeps = SignInDeps & {
  attempts: AttemptStore;
  sessions: SessionStore;
  words: Words;
  now: Now;
  log: Log;
  /** PUBLIC_URL without a slash at its end. */
  publicUrl: string;
  /** LOGIN_TTL. */
  ttlMs: number;
  /** 256 random bits, URL-safe. */
  randomSecret(): string;
  /** Work held for want of a sign-in may go on. May fail: the sign-in stands. */
  onSignedIn(person: Person): Promise<void>;
};

export function createLogin(deps: LoginDeps): Login {
  return {
    begin: (person, names) => begin(deps, person, names ?? null),
    finish: (person, code) => finish(deps, person, code),
    async withApplicationCredential(person, credential) {
      if (!deps.cloud.takesApplicationCredentials) throw deps.words.noApplicationCredentials();
      return goLive(deps, person, await proveCredential(deps, person, credential));
    },
  };
}

async function begin(deps: LoginDeps, person: Person, names: PersonNames | null): Promise<{ url: string }> {
  if (deps.oidc === null) throw deps.words.noIdentityProvider();
  const before = await deps.attempts.byPerson(person);
  const ticket = deps.randomSecret();
  await deps.attempts.start(person, newLink({ ticket, names, expiresAt: deps.now() + deps.ttlMs }), ticket);
  if (before?.attempt.stage === 'code') await drop(deps, person, before.attempt.record);
  return { url: `${deps.publicUrl}/login/${ticket}` };
}

async function finish(deps: LoginDeps, person: Person, typed: string): Promise<Session> {
  const found = await deps.attempts.byPerson(person);
  const verdict = judgeCode(found?.attempt ?? null, typed, deps.now());
  // Two codes typed at once are judged one after the other, or the tries could not be counted.
  if (found !== null && 'next' in verdict && !(await deps.attempts.move(found, verdict.next))) {
    return finish(deps, person, typed);
  }
  switch (verdict.kind) {
    case 'right':
      return goLive(deps, person, verdict.record);
    case 'wrong':
      throw deps.words.wrongCode(verdict.next.triesLeft);
    case 'dead':
      await drop(deps, person, verdict.record);
      throw deps.words.noTriesLeft();
    case 'used':
      throw deps.words.codeUsed();
    case 'expired':
      throw deps.words.codeExpired();
    case 'nothing_waiting':
      throw deps.words.nothingWaiting();
    default:
      return unreachable(verdict);
  }
}

/** Nobody proved to be the person of these tokens, so nobody may keep them. */
async function drop(deps: LoginDeps, person: Person, record: SessionRecord): Promise<void> {
  deps.log.info({ ...person, signInId: record.signInId }, 'a sign-in was dropped before its code was typed');
  await revokeEverything(deps, record);
}

async function proveCredential(
  deps: LoginDeps,
  person: Person,
  { id, secret }: { id: string; secret: string },
): Promise<SessionRecord> {
  const before = await deps.sessions.read(person);
  try {
    return await signInByCredential(deps, { id: id.trim(), secret: secret.trim() }, before);
  } catch (error) {
    throw deps.words.credentialRefused(error) ?? error;
  }
}

async function goLive(deps: LoginDeps, person: Person, record: SessionRecord): Promise<Session> {
  const replaced = await deps.sessions.read(person);
  await deps.sessions.write(person, record);
  deps.log.info({ ...person, signInId: record.signInId, method: record.method }, 'a person has signed in to the cloud');
  // Not the provider's tokens: it may hang both sign-ins on one grant, and revoking the old would end the new (RFC 7009 2.1).
  if (replaced !== null) void revokeCloudTokens(deps, cloudTokens(replaced));
  await deps.onSignedIn(person).catch((err: unknown) => {
    deps.log.error({ err, ...person }, 'work that waited for a sign-in was not woken');
  });
  return toSession(person, record);
}
