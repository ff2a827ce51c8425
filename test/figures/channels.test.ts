// One channel over Slack's limit is that channel's matter alone.
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

const HOT = 'C0OPS';
const OTHER = 'C0WEB';

it('goes on in every other way while one channel is over the limit, and keeps to the time Slack asks for', async () => {
  const { alice, bob, slack, clock } = await worlds.open({ signedIn: ['alice', 'bob'] });
  const postsTo = (channel: string) =>
    slack.calls.filter(({ method, args }) => method === 'chat.postMessage' && args['channel'] === channel);
  slack.faults.add({ method: 'chat.postMessage', channel: HOT }, { kind: 'rate_limited', retryAfter: 600 });
  await alice.says('/ecs resize db-1 c1.large');
  await until(() => postsTo(HOT)[0]?.error === 'ratelimited', 'the channel to be over the limit');

  bob.channel = OTHER;
  await bob.says('/ecs resize web-2 c1.large');
  await bob.seesOnCard('Awaiting approval');
  await alice.asks('/ecs list');
  await alice.says('/ecs resize');
  await alice.seesModal('Flavor');

  expect(alice.card()).toBeNull();
  expect(postsTo(HOT)).toHaveLength(1);
  clock.advance(600_000);
  await alice.seesOnCard('Awaiting approval');
});
