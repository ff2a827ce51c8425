import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Web } from '../../src/slack/ports.ts';
import { createWeb } from '../../src/slack/web.ts';
import { createTestClock, createTestLog, type TestClock } from './support/deps.ts';
import { type FakeSlack, refusal, startFakeSlack } from './support/fake-slack.ts';

let slack: FakeSlack;
let clock: TestClock;
let counted: string[];
let slept: number[];
let headers: Headers[];
let web: Web;

beforeEach(async () => {
  slack = await startFakeSlack();
  clock = createTestClock();
  [counted, slept, headers] = [[], [], []];
  web = newWeb();
});
afterEach(async () => slack.close());

function newWeb(more: Partial<Parameters<typeof createWeb>[0]> = {}): Web {
  return createWeb({
    botToken: 'xoxb-1',
    apiUrl: slack.url,
    fetch: async (input, init) => {
      headers.push(new Headers(init?.headers));
      return fetch(input, init);
    },
    log: createTestLog(),
    now: clock.now,
    sleep: async (ms) => void slept.push(ms),
    observe: { call: (method, outcome) => counted.push(`${method} ${outcome}`) },
    ...more,
  });
}

const ada = { teamId: 'T1', userId: 'U1' };
const publish = async (again: boolean) =>
  web.call({ method: 'views.publish', teamId: 'T1', again }, async (client) =>
    client.views.publish({ user_id: 'U1', view: { type: 'home', blocks: [] } }),
  );

describe('names', () => {
  it('are asked once and remembered for an hour', async () => {
    expect(await Promise.all([web.userName(ada), web.userName(ada), web.teamName('T1')])).toEqual([
      'name of U1',
      'name of U1',
      'Acme',
    ]);
    await web.userName(ada);
    expect(slack.of('users.info')).toHaveLength(1);
    clock.advance(3_600_001);
    await web.userName(ada);
    expect(slack.of('users.info')).toHaveLength(2);
  });

  it('fall back to the id when Slack does not tell, and are asked again next time', async () => {
    slack.fail('users.info', refusal('user_not_found'));
    expect(await web.userName(ada)).toBe('U1');
    expect(await web.userName(ada)).toBe('name of U1');
  });
});

describe('a call', () => {
  it('that may be repeated survives a blip', async () => {
    slack.fail('views.publish', { status: 503 }, { lost: true });
    await publish(true);
    expect(slept).toEqual([300, 1500]);
    expect(counted).toEqual(['views.publish unknown', 'views.publish unknown', 'views.publish ok']);
  });

  it('that may be repeated waits as long as Slack says, but not longer than a person would', async () => {
    slack.fail('views.publish', { status: 429, headers: { 'retry-after': '7' } });
    await publish(true);
    expect(slept).toEqual([7000]);
    slack.fail('views.publish', { status: 429, headers: { 'retry-after': '300' } });
    await expect(publish(true)).rejects.toThrow('rate-limit');
    expect(slept).toEqual([7000]);
  });

  it('that must not be repeated is not', async () => {
    slack.fail('views.publish', { status: 503 });
    await expect(publish(false)).rejects.toThrow();
    expect(slack.of('views.publish')).toHaveLength(1);
  });

  it('that is refused is not repeated', async () => {
    slack.fail('views.publish', refusal('not_enabled'));
    await expect(publish(true)).rejects.toThrow('not_enabled');
    expect(counted).toEqual(['views.publish not_enabled']);
  });

  it('that is rate limited delays no other', async () => {
    slack.fail('chat.postMessage', { status: 429, headers: { 'retry-after': '60' } });
    const post = async (channel: string) =>
      web.call({ method: 'chat.postMessage', teamId: 'T1' }, async (client) =>
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the browser's
        client.chat.postMessage({ channel, text: 'x' }),
      );
    await expect(post('C1')).rejects.toThrow();
    await post('C2');
    expect(slack.messages.map(({ channel }) => channel)).toEqual(['C2']);
  });
});

it("each workspace's calls carry its own token, also after a token has changed", async () => {
  let version = 1;
  web = newWeb({
    authorize: async (teamId) => ({ botToken: `xoxb-${teamId}-${version}`, botId: 'B', botUserId: 'U' }),
  });
  await web.userName({ teamId: 'T1', userId: 'U1' });
  await web.userName({ teamId: 'T2', userId: 'U2' });
  version = 2;
  await web.userName({ teamId: 'T1', userId: 'U3' });
  expect(headers.map((header) => header.get('authorization'))).toEqual([
    'Bearer xoxb-T1-1',
    'Bearer xoxb-T2-1',
    'Bearer xoxb-T1-2',
  ]);
});

it('a bad token is found at the start, and a later try is a new one', async () => {
  slack.fail('auth.test', refusal('invalid_auth'));
  await expect(web.check()).rejects.toThrow('invalid_auth');
  await web.check();
});

describe('a response_url', () => {
  it.each([
    ['is used up', { status: 404, body: 'used_url' }],
    ['refuses in a good answer', { body: { ok: false, error: 'expired_url' } }],
  ])('that %s is known to have shown nothing', async (_, fault) => {
    slack.fail('response_url', fault);
    await expect(web.respond(slack.responseUrl, { text: 'x' })).rejects.toMatchObject({ name: 'ResponseUrlError' });
  });

  it('that fails otherwise leaves it open', async () => {
    slack.fail('response_url', { status: 502 });
    await expect(web.respond(slack.responseUrl, { text: 'x' })).rejects.not.toMatchObject({ name: 'ResponseUrlError' });
    expect(counted).toEqual(['response_url unknown']);
  });
});
