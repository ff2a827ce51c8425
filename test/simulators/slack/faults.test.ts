// Rate limits, and every fault a test can ask for.
import { ErrorCode, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALICE, openWorkspace, post, OPS, QUIET, refusalOf, TOKEN, type TestWorkspace } from './test-workspace.ts';

let world: TestWorkspace;
beforeEach(async () => {
  world = await openWorkspace({ rateLimits: true });
});
afterEach(() => world.close());

const send = (channel = OPS) => post(world, { channel, text: 'x' });
const limited = { code: ErrorCode.RateLimitedError };

describe('rate limits', () => {
  test('a channel takes a small burst, then one message per second', async () => {
    for (let sent = 0; sent < 4; sent += 1) await send();
    await expect(send()).rejects.toMatchObject({ ...limited, retryAfter: 1 });
    world.clock.now += 1000;
    await send();
    await expect(send()).rejects.toMatchObject(limited);
    expect(world.slack.messages(OPS)).toHaveLength(5);
  });

  test('another channel and another method are not slowed', async () => {
    for (let sent = 0; sent < 4; sent += 1) await send();
    await expect(send()).rejects.toMatchObject(limited);
    await expect(send(ALICE)).resolves.toMatchObject({ ok: true });
    await expect(world.client.users.info({ user: ALICE })).resolves.toMatchObject({ ok: true });
  });

  test.each([
    ['users.list', 20],
    ['team.info', 50],
    ['users.info', 100],
  ])('%s may be called %i times a minute', async (method, calls) => {
    for (let made = 0; made < calls; made += 1) await refusalOf(world.client.apiCall(method, { user: ALICE }));
    world.clock.now += 59_000;
    await expect(world.client.apiCall(method, { user: ALICE })).rejects.toMatchObject({ ...limited, retryAfter: 1 });
    world.clock.now += 1_000;
    expect(await refusalOf(world.client.apiCall(method, { user: ALICE }))).not.toContain('rate');
  });

  test('are off unless asked for', async () => {
    const other = await openWorkspace();
    for (let sent = 0; sent < 10; sent += 1) await post(other, { channel: OPS, text: 'x' });
    expect(other.slack.messages(OPS)).toHaveLength(10);
    await other.close();
  });
});

describe('faults', () => {
  test('429 for one method in one channel, so many times', async () => {
    const fault = { kind: 'rate_limited', retryAfter: 7 } as const;
    world.slack.faults.add({ method: 'chat.postMessage', channel: OPS, times: 1 }, fault);
    await expect(send(ALICE)).resolves.toMatchObject({ ok: true });
    await expect(send()).rejects.toMatchObject({ ...limited, retryAfter: 7 });
    await expect(send()).resolves.toMatchObject({ ok: true });
  });

  test('429 without Retry-After', async () => {
    world.slack.faults.add({}, { kind: 'rate_limited', retryAfter: null });
    const answer = await fetch(`${world.slack.apiUrl}auth.test`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, null]);
  });

  test('503, and 200 with internal_error', async () => {
    world.slack.faults.add({}, { kind: 'http', status: 503 });
    await expect(send()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 });
    world.slack.faults.add({}, { kind: 'error', error: 'internal_error' });
    expect(await refusalOf(send())).toBe('internal_error');
    expect(world.slack.messages(OPS)).toEqual([]);
  });

  test('a reset after the message was taken makes a retrying client post twice', async () => {
    world.slack.faults.add({ method: 'chat.postMessage' }, { kind: 'reset_after' });
    const retryConfig = { retries: 1, minTimeout: 1, maxTimeout: 1 };
    const eager = new WebClient(TOKEN, { slackApiUrl: world.slack.apiUrl, retryConfig, logger: QUIET });
    await post({ client: eager }, { channel: OPS, text: 'once, please' });
    expect(world.slack.messages(OPS)).toHaveLength(2);
  });

  test('a reset before leaves nothing behind', async () => {
    world.slack.faults.add({}, { kind: 'reset_before' });
    await expect(send()).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(world.slack.messages(OPS)).toEqual([]);
    expect(world.slack.calls).toMatchObject([{ error: 'reset' }]);
  });

  test('a delayed answer comes after the deed', async () => {
    world.slack.faults.add({}, { kind: 'delay', ms: 30 });
    const answer = send();
    await world.slack.waitFor(() => world.slack.messages(OPS).length === 1, 'the message');
    await expect(answer).resolves.toMatchObject({ ok: true });
  });

  test('an outage takes everything until it ends, and a fault can be taken back', async () => {
    world.slack.faults.outage(true);
    await expect(send()).rejects.toMatchObject({ code: ErrorCode.RequestError });
    await world.slack.say(ALICE, OPS, '/ecs');
    const url = world.app.lastCommand().get('response_url') ?? '';
    await expect(fetch(url, { method: 'POST', body: '{}' })).rejects.toThrow('fetch failed');
    world.slack.faults.outage(false);
    const mend = world.slack.faults.add({ times: Infinity }, { kind: 'http', status: 500 });
    await expect(send()).rejects.toMatchObject({ statusCode: 500 });
    mend();
    await expect(send()).resolves.toMatchObject({ ok: true });
  });
});
