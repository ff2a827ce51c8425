import { expect, it } from 'vitest';
import type { Spec } from '../../src/creation/creation.ts';
import { refusedSentence } from '../../src/creation/words.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';

const SPEC: Spec = {
  name: 'web-9',
  flavor: { id: 'f', name: 's2.small', vcpus: 1, ramMiB: 1024 },
  image: { id: 'i', name: 'debian-12' },
  network: null,
  keyName: null,
  zone: null,
  disk: null,
};

it.each<[kind: CloudErrorKind, code: string | null, sentence: RegExp]>([
  ['quota', null, /quota does not allow another server like this\. It said: “no\.” Free something/],
  ['forbidden', 'Pdp.0001', /Your role in the project does not allow .* Ask for the role/],
  ['forbidden', 'Ecs.0069', /The account in the cloud is restricted, so web-9 was not made\..* Ask whoever manages/],
  ['conflict', null, /could not take the order for web-9\..* name one\./],
  ['bad_request', null, /Something it names may have changed meanwhile: look at image, network and key pair/],
  ['not_found', null, /Something it names may have changed meanwhile/],
])('an order refused with %s (%s) says why and what to do', (kind, code, sentence) => {
  const facts = { method: 'POST', url: 'https://cloud', status: 400, requestId: null, retryAfterMs: null };
  const error = new CloudError({ ...facts, kind, code, serviceMessage: 'no.', unsent: false });
  expect(refusedSentence(SPEC, error)).toMatch(sentence);
});
