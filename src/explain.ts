// Any thrown value → what the person reads, and what the log gets. The only place that turns failures into words.
import { UserError, unreachable } from './errors.ts';
import type { Log } from './log.ts';
import { CloudError, isAboutAccount } from './openstack/errors.ts';
import { RedisAway } from './redis/store.ts';
import type { Interaction } from './slack/reply.ts';
import { escapeMrkdwn } from './slack/text.ts';

export type Explain = (error: unknown, interaction: Interaction) => Explained;

/** `text` is mrkdwn, `plain` the same without. `about`: see `UserError`. */
export type Explained = { text: string; plain: string; about?: string };

type Deps = {
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** A short random reference that the person can quote and the log holds. */
  newReference: () => string;
  /** e.g. `/ecs` */
  slash: string;
  /** Counts what nobody was told the cause of. */
  onUnknown?: () => void;
};

export function createExplain(deps: Deps): Explain {
  return (error, interaction) => {
    const where = {
      interaction: interaction.kind,
      slackUser: interaction.person.userId,
      team: interaction.person.teamId,
    };
    if (error instanceof UserError) {
      deps.log.info({ ...where, code: error.code, ...cloudFacts(error.cause) }, 'refused');
      const { message, mrkdwn, about } = error;
      return { ...toldIn(message), ...(mrkdwn !== null && { text: mrkdwn }), ...(about !== null && { about }) };
    }
    if (error instanceof RedisAway) {
      deps.log.warn({ ...where, err: error }, 'refused');
      return toldIn(REDIS_AWAY);
    }
    const reference = deps.newReference();
    deps.log.error({ ...where, reference, ...cloudFacts(error), err: error }, 'failed');
    if (error instanceof CloudError) return toldIn(cloudSentence(error, { reference, slash: deps.slash }));
    deps.onUnknown?.();
    return toldIn(apology(reference));
  };
}

function toldIn(plain: string): Explained {
  return { text: escapeMrkdwn(plain), plain };
}

const REDIS_AWAY = 'I cannot reach my own records at the moment. Try again in a minute.';

function apology(reference: string): string {
  return `Something went wrong on my side, and I don't know more than that. Try again; if it stays, give the people who run me this reference: ref ${reference}.`;
}

/** Method, URL, status and the cloud's request id: what its operators ask for first. */
function cloudFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof CloudError)) return {};
  const { method, url, status, requestId, code } = error;
  return { method, url, status, cloudRequestId: requestId, cloudCode: code };
}

/** One sentence of what happened, one of what to do; what the cloud said is quoted, cut, and never trusted. */
function cloudSentence(error: CloudError, { reference, slash }: { reference: string; slash: string }): string {
  const said = error.serviceMessage ? ` It said: “${error.serviceMessage.slice(0, 300)}”` : '';
  const ref = ` (ref ${reference})`;
  switch (error.kind) {
    case 'unauthorized':
      return `The cloud no longer accepts your sign-in. Sign in again with ${slash} login.${ref}`;
    case 'mfa_required':
      return `The cloud wants a second factor for this account, which I cannot give. Sign in with ${slash} login instead.${ref}`;
    case 'forbidden':
      if (isAboutAccount(error))
        return `The cloud holds this back because of the account, not of your role.${said} Ask whoever manages the account, its balance and its rights.${ref}`;
      return `Your role in the cloud does not allow this.${said} Ask for the role, or ask somebody who has it.${ref}`;
    case 'quota':
      return `The project's quota is used up.${said} Free something or ask for more quota.${ref}`;
    case 'not_found':
      return `The cloud does not know this (any more).${said} Look with ${slash} list.${ref}`;
    case 'conflict':
      return `The server is in a state that does not allow this now.${said} Look with ${slash} show, and try again.${ref}`;
    case 'bad_request':
      return `The cloud refused this.${said} Look at what it names, then try again.${ref}`;
    case 'throttled':
      return `The cloud is being asked too often. Try again in ${waitWords(error.retryAfterMs ?? 60_000)}.${ref}`;
    case 'unavailable':
    case 'timeout':
    case 'network':
      return `The cloud does not answer properly at the moment. Try again in a minute.${ref}`;
    case 'unexpected':
      return `The cloud answered something I don't understand. Try again; if it stays, give the people who run me the reference.${ref}`;
    default:
      return unreachable(error.kind);
  }
}

/** Rounded up: nobody should come back too early. */
function waitWords(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 1) return 'a second';
  return seconds <= 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
