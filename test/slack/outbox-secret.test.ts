// A message whose end only its receiver may see: fetched when it is posted, forgotten once Slack has it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOutbox } from '../../src/slack/outbox.ts';
import { createWeb } from '../../src/slack/web.ts';
import { createTestClock, createTestLog } from './support/deps.ts';
import { type FakeSlack, refusal, startFakeSlack } from './support/fake-slack.ts';
import { createMemoryOutboxStore } from './support/memory-outbox-store.ts';

let slack: FakeSlack;

beforeEach(async () => {
  slack = await startFakeSlack();
});
afterEach(async () => slack.close());

function setting(kept: string | null) {
  const clock = createTestClock();
  const log = createTestLog();
  const secret = { kept, looks: 0 };
  const outbox = createOutbox({
    store: createMemoryOutboxStore(),
    web: createWeb({ botToken: 'xoxb-1', apiUrl: slack.url, log, now: clock.now, sleep: async () => {} }),
    log,
    now: clock.now,
    newId: () => 'nonce',
    secrets: {
      look: async () => {
        secret.looks += 1;
        return secret.kept;
      },
      delivered: async () => {
        secret.kept = null;
      },
    },
  });
  const put = () =>
    outbox.put([{ key: 'dm', teamId: 'T1', to: { userId: 'U1' }, text: 'Your password:', secret: 'password:1' }]);
  return { clock, log, secret, outbox, put };
}

it('is posted with it, and then it is forgotten', async () => {
  const { outbox, put, secret, log } = setting('a&b<c>');
  await put();
  await outbox.tick();
  expect(slack.messages.map(({ text }) => text)).toEqual(['Your password: `a&amp;b&lt;c&gt;`']);
  expect(secret.kept).toBeNull();
  expect(JSON.stringify(log.lines)).not.toContain('a&');
});

it('shows one that holds a backtick as it is', async () => {
  const { outbox, put } = setting('a`b');
  await put();
  await outbox.tick();
  expect(slack.messages.map(({ text }) => text)).toEqual(['Your password: a`b']);
});

it('keeps it until Slack takes the message', async () => {
  const { outbox, put, secret, clock } = setting('s3cret');
  slack.fail('chat.postMessage', refusal('internal_error'), { status: 503 });
  await put();
  await outbox.tick();
  expect(secret.kept).toBe('s3cret');
  for (let tries = 0; tries < 200 && slack.messages.length === 0; tries += 1) {
    clock.advance(1_000);
    await outbox.tick();
  }
  expect(slack.messages.map(({ text }) => text)).toEqual(['Your password: `s3cret`']);
  expect(secret.kept).toBeNull();
});

it('is not posted twice when the answer of Slack was lost', async () => {
  const { outbox, put, clock } = setting('s3cret');
  slack.fail('chat.postMessage', { lost: true });
  await put();
  for (let tries = 0; tries < 30; tries += 1) {
    await outbox.tick();
    clock.advance(1_000);
  }
  expect(slack.messages.map(({ text }) => text)).toEqual(['Your password: `s3cret`']);
});

it('says so when it is gone', async () => {
  const { outbox, put } = setting(null);
  await put();
  await outbox.tick();
  expect(String(slack.messages[0]?.text)).toContain('It can no longer be shown');
});
