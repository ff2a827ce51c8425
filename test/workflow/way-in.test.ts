// What a card says about a way into the cloud that is closed for the moment.
import { expect, it } from 'vitest';
import { OidcError } from '../../src/auth/oidc-error.ts';
import { createWords } from '../../src/auth/words.ts';
import { UserError } from '../../src/errors.ts';
import { awaySentence, isAway, whoIsAway } from '../../src/workflow/way-in.ts';
import { cloudError } from '../commands/fake-cloud.ts';

const words = createWords('/ecs');
const asked = { method: 'GET', path: '/servers/detail' } as const;

it.each<[what: string, error: unknown, said: string]>([
  ['the cloud is silent', cloudError('timeout', asked), 'The cloud does not answer, since noon.'],
  ['the cloud finds fault with the look', cloudError('bad_request', asked), 'Tell this bot’s operator'],
  ['the cloud says that there is no such list', cloudError('not_found', asked), 'Tell this bot’s operator'],
  ['the cloud answers with what makes no sense', cloudError('unexpected', asked), 'Tell this bot’s operator'],
  [
    'the identity provider is silent',
    words.fromProvider(new OidcError('unavailable', 'no answer')),
    'The identity provider does not answer, since noon.',
  ],
  [
    'the identity provider does not take the bot any more',
    words.fromProvider(new OidcError('refused', 'no', 'invalid_client')),
    'Tell this bot’s operator.',
  ],
  [
    'the cloud does not know the identity provider any more',
    words.providerUnknown(cloudError('not_found', asked)),
    'Tell this bot’s operator.',
  ],
  ['renewing takes too long', new UserError('unavailable', 'It takes too long.'), 'The identity provider does not'],
])('when %s, the card blames nobody else', (_what, error, said) => {
  if (!isAway(error)) throw new Error('not away');
  const sentence = awaySentence('noon', whoIsAway(error));
  expect(sentence).toContain(said);
  expect(sentence.includes('does not answer')).toBe(!said.startsWith('Tell'));
});
