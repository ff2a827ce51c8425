// Why a creation did not end well, in plain text: what happened, and what to do next.
import { type CloudError, isAboutAccount } from '../openstack/errors.ts';
import type { OrderAnswer, Spec } from './creation.ts';

const LENGTH = 300;

/** The cloud said no for good. Its own words are quoted and cut. */
export function refusedSentence({ name }: Spec, error: CloudError): string {
  const said = quoted(error.serviceMessage);
  if (isAboutAccount(error))
    return `The account in the cloud is restricted, so ${name} was not made.${said} Ask whoever manages the account.`;
  switch (error.kind) {
    case 'quota':
      return `The project's quota does not allow another server like this.${said} Free something, have the quota raised, or choose a smaller flavor or disk.`;
    case 'forbidden':
      return `Your role in the project does not allow creating servers like this.${said} Ask for the role, or ask somebody who has it.`;
    case 'conflict':
      return `The cloud could not take the order for ${name}.${said} If it does not know which network is meant, name one.`;
    case 'not_found':
    case 'bad_request':
      return `The cloud refused the order for ${name}.${said} Something it names may have changed meanwhile: look at image, network and key pair, then order again.`;
    default:
      return `The cloud refused the order for ${name}.${said} Try again later.`;
  }
}

/** Asked again and again, and there is no server. */
export function neverTakenSentence(answer: OrderAnswer | null): string {
  return `The cloud did not take the order, although it was asked several times.${quoted(answer?.said ?? '')} No server was made; try again later.`;
}

export function goneSentence(name: string): string {
  return `${name} no longer exists: somebody deleted it before it was ready.`;
}

function quoted(message: string): string {
  const said = message.trim();
  if (said === '') return '';
  const shown = said.length > LENGTH ? `${said.slice(0, LENGTH)}…` : said;
  return ` It said: “${shown}”${isSentence(shown) ? '' : '.'}`;
}

/** Ends as one: what quotes it needs no full stop of its own. */
export function isSentence(text: string): boolean {
  return /[.!?…]$/u.test(text);
}
