import { afterEach, describe, expect, it } from 'vitest';
import { openQueueRedis, type RedisClient } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createInboxQueue, createWakeQueue, startTick, type QueueDeps } from '../../src/redis/queue.ts';
import { useRedis } from '../support/redis-client.ts';
import { openRedisGate } from '../support/redis-gate.ts';
import { until } from '../support/until.ts';

const redis = useRedis();
const closers: (() => Promise<void>)[] = [];
let connection: RedisClient;

function deps(space: string): QueueDeps {
  connection = openQueueRedis(redis.url, () => undefined);
  const client = connection;
  closers.push(async () => void client.disconnect());
  return { redis: client, keys: createKeys(`{${space}}:`), onError: () => undefined };
}

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

describe('recorded work', () => {
  it('is done once, however often it is delivered', async () => {
    const done: string[] = [];
    const given = deps('inbox');
    await given.redis.connect();
    const inbox = createInboxQueue<{ text: string }>(given, async (_id, data) => void done.push(data.text));
    closers.push(inbox.close);

    await inbox.add('click:1', { text: 'first' });
    await inbox.add('click:1', { text: 'again' });
    await until(() => done.length > 0, 'the work');
    await inbox.add('click:1', { text: 'late' });
    await inbox.add('click:2', { text: 'other' });
    await until(() => done.includes('other'), 'the other work');

    expect(done).toEqual(['first', 'other']);
  });

  it('does not wait behind what others do, however long that takes', async () => {
    const given = deps('crowd');
    await given.redis.connect();
    const begun: string[] = [];
    const over = Promise.withResolvers<void>();
    const inbox = createInboxQueue<null>(given, async (id) => {
      begun.push(id);
      if (id !== 'click') await over.promise;
    });
    closers.push(inbox.close);

    const reboots = Array.from({ length: 50 }, (_unused, number) => `reboot:${number}`);
    await Promise.all(reboots.map((id) => inbox.add(id, null)));
    await inbox.add('click', null);
    await until(() => begun.includes('click'), 'the click to be worked on', 3_000).finally(over.resolve);
  });

  it('is taken over by who comes next when it is not done soon after the close', async () => {
    const [first, second] = [deps('handover'), deps('handover')];
    await Promise.all([first.redis.connect(), second.redis.connect()]);
    const begun: string[] = [];
    const endless = createInboxQueue<null>(first, async (id) => {
      begun.push(id);
      await new Promise(() => undefined);
    });
    await endless.add('reboot', null);
    await until(() => begun.length > 0, 'the work to begin');
    await endless.close();
    const done: string[] = [];
    const next = createInboxQueue<null>(second, async (id) => void done.push(id));
    closers.push(next.close);
    await until(() => done.includes('reboot'), 'somebody else to do it');
  }, 20_000);

  it('is refused at once while Redis is away, and not done later behind everybody’s back', async () => {
    const gate = await openRedisGate(redis.url);
    closers.push(() => gate.end());
    const client = openQueueRedis(gate.url, () => undefined);
    closers.push(async () => void client.disconnect());
    await client.connect();
    const done: string[] = [];
    const keys = createKeys('{away}:');
    const given = { redis: client, keys, onError: () => undefined };
    const inbox = createInboxQueue<null>(given, async (id) => void done.push(id));
    closers.push(inbox.close);

    gate.close();
    await until(() => client.status !== 'ready', 'the connection to be cut');
    await expect(inbox.add('click:1', null)).rejects.toThrow('Redis is away');
    gate.open();
    await until(() => client.status === 'ready', 'the connection to be back');
    await inbox.add('click:2', null);
    await until(() => done.includes('click:2'), 'the work of the second click');

    expect(done).toEqual(['click:2']);
  });
});

describe('a wake', () => {
  it('never runs twice at a time for one id, and once more when it came during a run', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const gates: (() => void)[] = [];
    const wakes = createWakeQueue(deps('wake'), async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
      runs += 1;
    });
    closers.push(wakes.close);

    await wakes.add('R-1', null);
    await until(() => gates.length === 1, 'the first run');
    await wakes.add('R-1', null);
    await wakes.add('R-1', null);
    gates[0]?.();
    await until(() => gates.length === 2, 'the second run');
    gates[1]?.();
    await until(() => runs === 2, 'both runs');

    expect(most).toBe(1);
    expect(gates).toHaveLength(2);
  });

  it('can be repeated after a run that failed', async () => {
    let runs = 0;
    const wakes = createWakeQueue(deps('fail'), async () => {
      runs += 1;
      if (runs === 1) throw new Error('the first run fails');
    });
    closers.push(wakes.close);

    await wakes.add('R-1', null);
    await until(() => runs === 1, 'the failing run');
    await until(async () => {
      await wakes.add('R-1', null);
      return runs >= 2;
    }, 'a run after the failure');
  });
});

describe('the tick', () => {
  it('comes again and again', async () => {
    let ticks = 0;
    const tick = await startTick(deps('tick'), 30, async () => void (ticks += 1));
    closers.push(tick.close);

    await until(() => ticks >= 3, 'three ticks');
  });
});
