import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLeases, isLease, type Lease, type Leases } from '../../src/redis/lease.ts';
import { useRedis } from '../support/redis-client.ts';
import { until } from '../support/until.ts';

const redis = useRedis();

function leases(): Leases {
  return createLeases({ redis: redis.client, keys: redis.keys, randomId: randomUUID });
}

async function take(name: string, note = 'test'): Promise<Lease> {
  const answer = await leases().acquire(name, note);
  if (!isLease(answer)) throw new Error(`held by ${answer.heldBy}`);
  return answer;
}

describe('a lease', () => {
  it('has one holder, whose note the others read', async () => {
    const answers = await Promise.all([
      leases().acquire('web', 'alice stops it'),
      leases().acquire('web', 'bob starts it'),
    ]);
    const [winner, loser] = isLease(answers[0]) ? answers : [answers[1], answers[0]];

    expect(isLease(winner)).toBe(true);
    expect(isLease(loser)).toBe(false);
    expect(Object.values(loser)[0]).toMatch(/alice stops it|bob starts it/);
  });

  it('is free again once released', async () => {
    const first = await take('db');
    await first.release();

    expect((await take('db')).token).not.toBe(first.token);
  });

  it('is not released by somebody who lost it', async () => {
    const lost = await take('lost');
    await redis.client.del(redis.keys.lease('lost'));
    const now = await take('lost');

    await lost.release();

    expect(await now.stillHeld()).toBe(true);
    expect(await lost.stillHeld()).toBe(false);
  });

  it('is renewed while its holder lives', async () => {
    const lease = await take('long');
    await redis.client.pexpire(redis.keys.lease('long'), 1_500);

    await until(
      async () => (await redis.client.pttl(redis.keys.lease('long'))) > 1_500,
      'the holder to renew its lease',
    );
    await lease.release();
  });
});
