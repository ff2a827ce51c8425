import { describe, expect, it } from 'vitest';
import { UserError } from '../src/errors.ts';
import { createExplain } from '../src/explain.ts';
import { CloudError, type CloudErrorKind } from '../src/openstack/errors.ts';
import { RedisAway } from '../src/redis/store.ts';
import type { Interaction } from '../src/slack/reply.ts';

const CLICK: Interaction = { kind: 'home_opened', id: '1', person: { teamId: 'T1', userId: 'U1' }, receivedAt: 0 };

function explainer() {
  const lines: { fields: object; message: string }[] = [];
  const write = (fields: object, message?: string) => void lines.push({ fields, message: message ?? '' });
  const explain = createExplain({
    log: { info: write, warn: write, error: write } as never,
    newReference: () => '7f3a90bc',
    slash: '/ecs',
  });
  return { explain, lines };
}

function cloudError(kind: CloudErrorKind, serviceMessage = '', retryAfterMs: number | null = null): CloudError {
  return codedError(kind, 'conflictingRequest', { serviceMessage, retryAfterMs });
}

function codedError(
  kind: CloudErrorKind,
  code: string,
  { serviceMessage = '', retryAfterMs = null }: { serviceMessage?: string; retryAfterMs?: number | null } = {},
): CloudError {
  return new CloudError({
    kind,
    serviceMessage,
    method: 'POST',
    url: 'https://ecs.example.org/v2.1/servers/1/action',
    status: 409,
    code,
    requestId: 'req-1',
    retryAfterMs,
    unsent: false,
  });
}

describe('what people read when something fails', () => {
  it('is the sentence itself for a refusal, made harmless', () => {
    const { explain, lines } = explainer();

    expect(explain(new UserError('not_found', 'No server <!channel> here.'), CLICK).text).toBe(
      'No server &lt;!channel&gt; here.',
    );
    expect(lines).toMatchObject([{ message: 'refused', fields: { code: 'not_found' } }]);
  });

  it('is said in plain text as well, and to which field it belongs', () => {
    const { explain } = explainer();
    const error = new UserError('wrong_state', 'Denied by user U2.', { mrkdwn: 'Denied by <@U2>.', about: 'flavor' });

    expect(explain(error, CLICK)).toEqual({ text: 'Denied by <@U2>.', plain: 'Denied by user U2.', about: 'flavor' });
    expect(explain(cloudError('forbidden', 'no <role>'), CLICK).plain).toContain('It said: “no <role>”');
  });

  it('keeps in the log what the cloud said behind a refusal of ours', () => {
    const { explain, lines } = explainer();

    explain(new UserError('unavailable', 'Nobody knows.', { cause: cloudError('unavailable') }), CLICK);

    expect(lines).toMatchObject([
      { message: 'refused', fields: { code: 'unavailable', method: 'POST', status: 409, cloudRequestId: 'req-1' } },
    ]);
  });

  it('says that Redis is away, which passes', () => {
    const { explain, lines } = explainer();

    expect(explain(new RedisAway(), CLICK).text).toBe(
      'I cannot reach my own records at the moment. Try again in a minute.',
    );
    expect(lines).toMatchObject([{ message: 'refused' }]);
  });

  it('is an apology with a reference for anything unknown, and the log holds the cause', () => {
    const { explain, lines } = explainer();
    const cause = new Error('secret detail');

    const { text } = explain(cause, CLICK);

    expect(text).toContain('ref 7f3a90bc');
    expect(text).not.toContain('secret detail');
    expect(lines).toMatchObject([{ message: 'failed', fields: { reference: '7f3a90bc', err: cause } }]);
  });

  it.each<[CloudErrorKind, RegExp]>([
    ['unauthorized', /Sign in again with \/ecs login/],
    ['mfa_required', /wants a second factor/],
    ['forbidden', /role in the cloud does not allow/],
    ['quota', /quota is used up/],
    ['not_found', /does not know this/],
    ['conflict', /state that does not allow/],
    ['bad_request', /refused this/],
    ['throttled', /Try again in 60 seconds/],
    ['timeout', /does not answer properly/],
    ['unexpected', /answered something I don't understand/],
  ])('is a specific sentence with a reference when the cloud says %s', (kind, sentence) => {
    const { explain } = explainer();

    const { text } = explain(cloudError(kind), CLICK);

    expect(text).toMatch(sentence);
    expect(text).toContain('ref 7f3a90bc');
  });

  it.each(['Ecs.0066', 'Ecs.0067', 'Ecs.0071'])('tells a restricted account from a missing role: %s', (code) => {
    const { explain } = explainer();
    const { text } = explain(codedError('forbidden', code, { serviceMessage: 'Insufficient balance.' }), CLICK);
    expect(text).toBe(
      'The cloud holds this back because of the account, not of your role. It said: “Insufficient balance.” Ask whoever manages the account, its balance and its rights. (ref 7f3a90bc)',
    );
    expect(explain(codedError('forbidden', 'Pdp.0001'), CLICK).text).toContain('Your role in the cloud does not allow');
  });

  it('says what to do next when the cloud refuses for good', () => {
    const { explain } = explainer();
    expect(explain(cloudError('bad_request', 'Image x is not active.'), CLICK).text).toBe(
      'The cloud refused this. It said: “Image x is not active.” Look at what it names, then try again. (ref 7f3a90bc)',
    );
  });

  it.each([
    [null, '60 seconds'],
    [0, 'a second'],
    [1, 'a second'],
    [1_001, '2 seconds'],
    [3_600_000, '60 minutes'],
  ])('says when to try again after being asked to wait %s ms', (retryAfterMs, words) => {
    const { explain } = explainer();
    const error = cloudError('throttled', '', retryAfterMs);

    expect(explain(error, CLICK).text).toContain(`asked too often. Try again in ${words}. (ref`);
  });

  it('quotes the cloud without letting it mention anybody, and logs method, URL, status and request id', () => {
    const { explain, lines } = explainer();

    const { text } = explain(cloudError('conflict', 'Instance <!here> is locked'), CLICK);

    expect(text).toContain('&lt;!here&gt; is locked');
    expect(lines[0]?.fields).toMatchObject({
      method: 'POST',
      url: 'https://ecs.example.org/v2.1/servers/1/action',
      status: 409,
      cloudRequestId: 'req-1',
    });
  });
});
