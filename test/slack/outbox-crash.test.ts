// Whatever breaks and whenever it breaks: in the end every message is there once, in its newest state.
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutbox } from '../../src/slack/outbox.ts';
import type { DeliveringOutbox } from '../../src/slack/ports.ts';
import { createWeb } from '../../src/slack/web.ts';
import { createTestClock, createTestLog } from './support/deps.ts';
import { type FakeSlack, type Fault, refusal, startFakeSlack } from './support/fake-slack.ts';
import { createMemoryOutboxStore } from './support/memory-outbox-store.ts';

let slack: FakeSlack;
beforeAll(async () => {
  slack = await startFakeSlack();
});
afterAll(async () => slack.close());

const FAULTS: Record<string, Fault> = {
  lost: { lost: true },
  refusedConnection: { status: 503, body: 'busy' },
  internal: refusal('internal_error'),
  limited: { status: 429, headers: { 'retry-after': '2' } },
  uninvited: refusal('not_in_channel'),
};
const METHODS = ['chat.postMessage', 'chat.update', 'conversations.history', 'conversations.replies'];
const KEYS = ['card', 'log', 'other'];

const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), key: fc.constantFrom(...KEYS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      method: fc.constantFrom(...METHODS),
      fault: fc.constantFrom(...Object.keys(FAULTS)),
    }),
  },
  // The process dies at the n-th thing it wants to store from now on; another one takes over.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.integer({ min: 0, max: 4 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(200, 1000, 4000, 9000) }),
  },
);

it('shows every message once, in its newest state, whatever breaks', async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), tell), { numRuns: 150 });
});

async function tell(events: (typeof event extends fc.Arbitrary<infer T> ? T : never)[]): Promise<void> {
  slack.forgive();
  slack.messages.length = 0;
  const clock = createTestClock();
  const store = createMemoryOutboxStore();
  const log = createTestLog();
  const newest = new Map<string, string>();
  let serial = 0;
  let replica = start();

  function start(): DeliveringOutbox {
    const web = createWeb({ botToken: 'xoxb-1', apiUrl: slack.url, log, now: clock.now, sleep: async () => {} });
    return createOutbox({ store, web, log, now: clock.now, newId: () => `id-${(serial += 1)}` });
  }

  for (const happening of events) {
    if (happening.kind === 'put') {
      const text = `${happening.key} ${(serial += 1)}`;
      const under = happening.key === 'log' ? { under: 'card' } : {};
      newest.set(happening.key, text);
      await replica.put([{ key: happening.key, teamId: 'T1', to: { channelId: 'C1' }, text, ...under }]);
    } else if (happening.kind === 'fail') {
      slack.fail(happening.method, FAULTS[happening.fault] ?? {});
    } else if (happening.kind === 'crash') {
      await crashAfter(happening.after);
    } else {
      clock.advance(happening.ms);
      await replica.tick();
    }
  }
  if (newest.has('log') && !newest.has('card')) {
    newest.set('card', 'late card');
    await replica.put([{ key: 'card', teamId: 'T1', to: { channelId: 'C1' }, text: 'late card' }]);
  }
  for (let step = 0; step < 400; step += 1) {
    clock.advance(5000);
    await replica.tick();
  }
  expect(slack.messages.map(({ text }) => text).toSorted()).toEqual([...newest.values()].toSorted());

  async function crashAfter(writes: number): Promise<void> {
    const { record, release } = store;
    let left = writes;
    const dying =
      <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (left <= 0) throw new Error('killed');
        left -= 1;
        return write(...args);
      };
    Object.assign(store, { record: dying(record), release: dying(release) });
    await replica.tick();
    Object.assign(store, { record, release });
    replica = start();
  }
}
