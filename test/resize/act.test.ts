// What an answer of the cloud means for the call that was made: done, refused, again later, or unknown.
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { sendAct, type ActDeps } from '../../src/resize/act.ts';
import type { ActKind } from '../../src/resize/request.ts';
import { ALICE, PROJECT, SERVER } from './house/house.ts';
import { createNova } from './house/nova.ts';
import { request, T0 } from './house/requests.ts';

function createDeps(changes: Partial<ActDeps> = {}) {
  const nova = createNova(() => T0);
  nova.addServer(SERVER);
  const deps: ActDeps = {
    cloudFor: () => Promise.resolve(nova.cloud(PROJECT.id)),
    now: () => T0,
    stillMine: () => Promise.resolve(true),
    ...changes,
  };
  return { nova, deps };
}

function failing(kind: CloudErrorKind, status: number | null, unsent = false): ActDeps['cloudFor'] {
  const { nova } = createDeps();
  const error = new CloudError({
    kind,
    method: 'POST',
    url: 'http://nova/action',
    status,
    code: null,
    serviceMessage: 'said so',
    requestId: 'req-9',
    retryAfterMs: 7_000,
    unsent,
  });
  return () => Promise.resolve({ ...nova.cloud(PROJECT.id), call: () => Promise.reject(error) });
}

const send = (act: ActKind, deps: ActDeps) => sendAct(request({ state: 'stopping' }), { act, by: ALICE }, deps);

describe('a call', () => {
  it('that is taken keeps the cloud’s request id', async () => {
    const { nova, deps } = createDeps();
    expect(await send('stop', deps)).toMatchObject({ kind: 'accepted', requestId: expect.stringMatching(/^req-/) });
    expect(nova.count('os-stop')).toBe(1);
  });

  it('is not sent once the server is no longer ours to act on', async () => {
    const { nova, deps } = createDeps({ stillMine: () => Promise.resolve(false) });
    expect(await send('stop', deps)).toBeNull();
    expect(nova.accepted).toEqual([]);
  });

  it.each<[CloudErrorKind, number | null, ActKind, string]>([
    ['conflict', 409, 'resize', 'conflict'],
    ['not_found', 404, 'resize', 'conflict'],
    ['bad_request', 400, 'resize', 'refused'],
    ['bad_request', 400, 'confirm', 'conflict'],
    ['bad_request', 400, 'revert', 'conflict'],
    ['quota', 403, 'resize', 'refused'],
    ['forbidden', 403, 'confirm', 'refused'],
    ['throttled', 429, 'resize', 'later'],
    ['unavailable', 503, 'resize', 'later'],
    ['unavailable', 500, 'resize', 'error'],
    ['unavailable', 502, 'resize', 'lost'],
    ['unavailable', 504, 'resize', 'lost'],
    ['timeout', null, 'resize', 'lost'],
    ['network', null, 'resize', 'lost'],
    ['unauthorized', 401, 'resize', 'signed_out'],
    ['mfa_required', 401, 'resize', 'signed_out'],
  ])('that ends with %s (%s) at %s counts as %s', async (...row) => {
    const [kind, status, act, outcome] = row;
    expect(await send(act, createDeps({ cloudFor: failing(kind, status) }).deps)).toMatchObject({ kind: outcome });
  });

  it('that never left the house is simply made again later, when the cloud asked for it', async () => {
    const { deps } = createDeps({ cloudFor: failing('network', null, true) });
    expect(await send('resize', deps)).toMatchObject({ kind: 'later', retryAfterMs: 7_000, said: 'said so' });
  });

  it.each([
    ['not_signed_in', 'signed_out'],
    ['not_allowed', 'signed_out'],
    ['unavailable', 'later'],
  ] as const)('for which the way in says %s counts as %s', async (code, outcome) => {
    const { deps } = createDeps({ cloudFor: () => Promise.reject(new UserError(code, 'No.')) });
    expect(await send('resize', deps)).toMatchObject({ kind: outcome });
  });

  it('does not hide a bug', async () => {
    const { deps } = createDeps({ cloudFor: () => Promise.reject(new TypeError('undefined is not a function')) });
    await expect(send('resize', deps)).rejects.toThrow(TypeError);
  });
});
