import { expect, it } from 'vitest';
import { openRedis } from '../../src/redis/connection.ts';
import { useRedis } from '../support/redis-client.ts';
import { openRedisGate } from '../support/redis-gate.ts';
import { until } from '../support/until.ts';

const redis = useRedis();

it('tells of an outage once, however often it tries to get back, and of the next one again', async () => {
  const gate = await openRedisGate(redis.url);
  const told: Error[] = [];
  const client = openRedis(gate.url, (error) => told.push(error));
  await client.connect();
  let attempts = 0;
  client.on('reconnecting', () => (attempts += 1));

  for (const outage of [1, 2]) {
    attempts = 0;
    gate.close();
    await until(() => attempts >= 3, 'three attempts to get back');
    gate.open();
    await until(() => client.status === 'ready', 'the connection to be back');
    expect(told).toHaveLength(outage);
  }
  client.disconnect();
  await gate.end();
});
