import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox } from '../../src/slack/outbox.ts';
import type { DeliveringOutbox } from '../../src/slack/ports.ts';
import type { Outgoing } from '../../src/slack/reply.ts';
import { createWeb } from '../../src/slack/web.ts';
import { createTestClock, createTestLog, type TestClock } from './support/deps.ts';
import { type FakeSlack, refusal, startFakeSlack } from './support/fake-slack.ts';
import { createMemoryOutboxStore } from './support/memory-outbox-store.ts';

let slack: FakeSlack;
let clock: TestClock;
let store: ReturnType<typeof createMemoryOutboxStore>;
let undeliverable: string[];
let serial: number;

beforeEach(async () => {
  slack = await startFakeSlack();
  clock = createTestClock();
  store = createMemoryOutboxStore();
  undeliverable = [];
  serial = 0;
});
afterEach(async () => slack.close());

function replica(): DeliveringOutbox {
  const log = createTestLog();
  const web = createWeb({ botToken: 'xoxb-1', apiUrl: slack.url, log, now: clock.now, sleep: async () => {} });
  return createOutbox({
    store,
    web,
    log,
    now: clock.now,
    newId: () => `id-${(serial += 1)}`,
    onUndeliverable: ({ key }, error) => void undeliverable.push(`${key} ${error}`),
  });
}

function message(key: string, text: string, more: Partial<Outgoing> = {}): Outgoing {
  return { key, teamId: 'T1', to: { channelId: 'C1' }, text, ...more };
}

/** Lets `ms` pass in steps, with the outbox looking after each. */
async function pass(outbox: DeliveringOutbox, ms: number, step = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    clock.advance(step);
    await outbox.tick();
  }
}

const texts = (): unknown[] => slack.messages.map(({ text }) => text);

describe('a message that must arrive', () => {
  it('is posted once and then edited, the newest state winning', async () => {
    const outbox = replica();
    await outbox.put([message('card', 'asked')]);
    await outbox.tick();
    await outbox.put([message('card', 'approved')]);
    await outbox.put([message('card', 'resizing')]);
    await outbox.tick();
    expect(texts()).toEqual(['asked']);
    await pass(outbox, 3000);
    expect(texts()).toEqual(['resizing']);
    expect(slack.of('chat.postMessage')).toHaveLength(1);
    expect(slack.of('chat.update')).toHaveLength(1);
  });

  it('is edited at most once in three seconds however often it changes', async () => {
    const outbox = replica();
    await outbox.put([message('card', '0')]);
    await outbox.tick();
    for (let change = 1; change <= 20; change += 1) {
      await outbox.put([message('card', String(change))]);
      await pass(outbox, 500);
    }
    await pass(outbox, 3000);
    expect(slack.of('chat.update').length).toBeLessThanOrEqual(4);
    expect(texts()).toEqual(['20']);
  });

  it('waits its turn: one per second in a channel, in order, while another channel is served at once', async () => {
    const outbox = replica();
    await outbox.put([message('a', '1'), message('b', '2'), message('c', '3')]);
    await outbox.put([message('other', 'elsewhere', { to: { channelId: 'C2' } })]);
    await outbox.tick();
    expect(texts().toSorted()).toEqual(['1', 'elsewhere']);
    await pass(outbox, 1000);
    expect(texts()).toContain('2');
    expect(texts()).not.toContain('3');
    await pass(outbox, 1000);
    expect(texts().filter((text) => text !== 'elsewhere')).toEqual(['1', '2', '3']);
  });

  it('is posted once when two replicas work at the same time', async () => {
    const [one, two] = [replica(), replica()];
    await one.put([message('a', '1'), message('b', '2')]);
    await Promise.all([one.tick(), two.tick()]);
    clock.advance(1000);
    await Promise.all([two.tick(), one.tick()]);
    expect(texts()).toEqual(['1', '2']);
  });

  it('goes into the thread of its parent once that is there, even long after', async () => {
    const outbox = replica();
    await outbox.put([message('log', 'stopped', { under: 'card', broadcast: true })]);
    await outbox.tick();
    expect(slack.messages).toEqual([]);
    await outbox.put([message('card', 'the card')]);
    await pass(outbox, 2000);
    const [card, log] = slack.messages;
    expect(log).toMatchObject({ text: 'stopped', thread_ts: card?.ts, reply_broadcast: 'true' });

    await outbox.put([message('later', 'started', { under: 'card' })]);
    await pass(outbox, 1000);
    expect(slack.messages[2]).toMatchObject({ text: 'started', thread_ts: card?.ts });
  });

  it('reaches a person by opening the conversation with them once', async () => {
    const outbox = replica();
    await outbox.put([message('dm', 'done', { to: { userId: 'U1' } })]);
    await outbox.put([message('dm2', 'done again', { to: { userId: 'U1' } })]);
    await pass(outbox, 2000);
    expect(slack.messages.map(({ channel }) => channel)).toEqual(['D-U1', 'D-U1']);
    expect(slack.of('conversations.open')).toEqual([{ users: 'U1' }]);
  });
});

describe('when Slack limits the rate', () => {
  it('waits as long as Slack says in that channel, and not in others', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { status: 429, headers: { 'retry-after': '30' } });
    await outbox.put([message('hot', 'hot')]);
    await outbox.tick();
    await outbox.put([message('cool', 'cool', { to: { channelId: 'C2' } })]);
    await outbox.tick();
    expect(texts()).toEqual(['cool']);
    await pass(outbox, 29_000, 1000);
    expect(texts()).toEqual(['cool']);
    await pass(outbox, 1000);
    expect(texts()).toEqual(['cool', 'hot']);
    // Certainly not posted: there was nothing to look for.
    expect(slack.of('conversations.history')).toEqual([]);
  });

  it('keeps posting while edits are limited', async () => {
    const outbox = replica();
    await outbox.put([message('card', 'one')]);
    await outbox.tick();
    slack.fail('chat.update', { status: 429, headers: { 'retry-after': '60' } });
    await outbox.put([message('card', 'two')]);
    await pass(outbox, 3000);
    await outbox.put([message('next', 'next card')]);
    await pass(outbox, 1000);
    expect(texts()).toEqual(['one', 'next card']);
    await pass(outbox, 60_000, 5000);
    expect(texts()).toEqual(['two', 'next card']);
  });
});

describe('when nobody knows whether a message was posted', () => {
  it.each([
    ['the connection broke after Slack took it', { lost: true }],
    ['Slack answered with an internal error', { status: 503, body: 'busy' }],
    ['Slack answered fatal_error', refusal('fatal_error')],
    ['a proxy answered with a page', { status: 200, body: '<html>maintenance</html>' }],
  ] as const)('is there exactly once in the end: %s', async (_, fault) => {
    const outbox = replica();
    slack.fail('chat.postMessage', fault);
    await outbox.put([message('card', 'the card')]);
    await outbox.tick();
    await pass(outbox, 20_000, 1000);
    expect(texts()).toEqual(['the card']);
    expect(store.row('card').delivery).toMatchObject({ ts: slack.messages[0]?.ts, attempt: null, settled: 1 });
  });

  it('waits for a post that Slack finishes seconds later', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { late: true });
    await outbox.put([message('card', 'the card')]);
    await outbox.tick();
    await pass(outbox, 8000, 1000);
    slack.arrive();
    await pass(outbox, 10_000, 1000);
    expect(texts()).toEqual(['the card']);
  });

  it('posts anew when it is certain that nothing arrived', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { status: 503 });
    await outbox.put([message('card', 'the card')]);
    await outbox.tick();
    await pass(outbox, 10_000, 1000);
    expect(texts()).toEqual(['the card']);
    expect(slack.of('chat.postMessage')).toHaveLength(2);
  });

  it('lets nothing overtake it in its channel', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { status: 503 });
    await outbox.put([message('a', '1'), message('b', '2')]);
    await outbox.tick();
    await pass(outbox, 20_000, 1000);
    expect(texts()).toEqual(['1', '2']);
  });

  it('finds the reply in its thread', async () => {
    const outbox = replica();
    await outbox.put([message('card', 'the card')]);
    await outbox.tick();
    await outbox.put([message('log', 'stopped', { under: 'card' })]);
    slack.fail('chat.postMessage', { lost: true });
    await pass(outbox, 20_000, 1000);
    expect(texts()).toEqual(['the card', 'stopped']);
    expect(slack.of('conversations.replies')).not.toEqual([]);
  });

  it('looks first after a crash between the post and its record', async () => {
    const crashed = replica();
    await crashed.put([message('card', 'the card')]);
    const record = store.record.bind(store);
    store.record = async (claim, key, change) => {
      if (change.delivery.ts) throw new Error('killed');
      return record(claim, key, change);
    };
    await crashed.tick();
    store.record = record;

    const restarted = replica();
    await pass(restarted, 15_000, 1000);
    expect(texts()).toEqual(['the card']);
    expect(store.row('card').delivery.settled).toBe(1);
  });

  it('shows the newest state when the lost post was an older one', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { lost: true });
    await outbox.put([message('card', 'old')]);
    await outbox.tick();
    await outbox.put([message('card', 'new')]);
    await pass(outbox, 20_000, 1000);
    expect(texts()).toEqual(['new']);
  });

  it('never posts again while Slack cannot say whether it is there', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', { lost: true });
    slack.fail('conversations.history', ...Array.from({ length: 8 }, () => ({ status: 503 })));
    await outbox.put([message('card', 'the card')]);
    await outbox.tick();
    await pass(outbox, 600_000, 10_000);
    expect(texts()).toEqual(['the card']);
    expect(slack.of('chat.postMessage')).toHaveLength(1);
  });

  it('lets two replicas take over from each other without a second post', async () => {
    const [one, two] = [replica(), replica()];
    slack.fail('chat.postMessage', { lost: true });
    await one.put([message('card', 'the card')]);
    await Promise.all([one.tick(), two.tick()]);
    for (let second = 0; second < 20; second += 1) {
      clock.advance(1000);
      await Promise.all([two.tick(), one.tick()]);
    }
    expect(texts()).toEqual(['the card']);
  });
});

it('posts nothing once its lane belongs to another replica', async () => {
  const slow = replica();
  await slow.put([message('card', 'the card')]);
  const record = store.record.bind(store);
  store.record = async (...args) => {
    // The lease ran out while we were away, and the other one has done the work.
    store.record = record;
    clock.advance(9000);
    await replica().tick();
    return record(...args);
  };
  await slow.tick();
  expect(texts()).toEqual(['the card']);
});

it('is not looked for when Slack was never reached', async () => {
  const { url } = slack;
  await slack.close();
  const outbox = replica();
  await outbox.put([message('card', 'the card')]);
  await outbox.tick();
  expect(store.row('card').delivery).toMatchObject({ attempt: null, failures: 1 });
  slack = await startFakeSlack(Number(new URL(url).port));
  await pass(outbox, 2000);
  expect(texts()).toEqual(['the card']);
});

describe('when Slack does not take a message', () => {
  it.each(['channel_not_found', 'is_archived', 'account_inactive', 'user_not_found'])(
    'gives up on %s, tells who cares, and goes on with the next',
    async (error) => {
      const outbox = replica();
      slack.fail('chat.postMessage', refusal(error));
      await outbox.put([message('lost', 'lost'), message('next', 'next')]);
      await outbox.tick();
      await pass(outbox, 2000);
      expect(undeliverable).toEqual([`lost ${error}`]);
      expect(texts()).toEqual(['next']);
    },
  );

  it('keeps trying slowly where it is not invited, and delivers all in order once it is', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', ...Array.from({ length: 3 }, () => refusal('not_in_channel')));
    await outbox.put([message('a', '1'), message('b', '2')]);
    await outbox.tick();
    await pass(outbox, 10_000, 1000);
    expect(undeliverable).toEqual(['a not_in_channel', 'b not_in_channel']);
    await pass(outbox, 120_000, 5000);
    expect(texts().toSorted()).toEqual(['1', '2']);
    expect(undeliverable).toHaveLength(2);
  });

  it('sends the sentence alone when Slack refuses the blocks', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', refusal('invalid_blocks'));
    await outbox.put([message('card', 'in words', { blocks: [{ type: 'divider' }] })]);
    await pass(outbox, 2000);
    expect(slack.messages).toMatchObject([{ text: 'in words', blocks: [] }]);
    expect(undeliverable).toEqual([]);
  });

  it('posts a card anew when somebody has deleted it', async () => {
    const outbox = replica();
    await outbox.put([message('card', 'asked')]);
    await outbox.tick();
    slack.messages.length = 0;
    await outbox.put([message('card', 'approved')]);
    await pass(outbox, 5000);
    expect(texts()).toEqual(['approved']);
  });

  it('drops the replies to a card that cannot be posted', async () => {
    const outbox = replica();
    slack.fail('chat.postMessage', refusal('is_archived'));
    await outbox.put([message('card', 'card'), message('log', 'log', { under: 'card' })]);
    await outbox.tick();
    await pass(outbox, 2000);
    expect(undeliverable).toEqual(['card is_archived', 'log parent_undeliverable']);
    expect(slack.messages).toEqual([]);
  });
});

it('goes on delivering after its store was away', async () => {
  const outbox = replica();
  await outbox.put([message('card', 'the card')]);
  const claim = store.claim.bind(store);
  store.claim = async () => {
    throw new Error('Redis is away');
  };
  outbox.start();
  await outbox.stop();
  store.claim = claim;
  await outbox.tick();
  expect(texts()).toEqual(['the card']);
});

it('delivers by itself once started', async () => {
  const outbox = replica();
  outbox.start();
  await outbox.put([message('card', 'the card')]);
  await expect.poll(texts, { message: 'the card to be posted' }).toEqual(['the card']);
  await outbox.stop();
});
