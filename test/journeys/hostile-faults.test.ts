// What a cloud says about a broken server is its own text: shown, cut, and never obeyed.
import { expect, it } from 'vitest';
import { obeyedIn } from '../support/obeyed.ts';
import { useWorlds } from '../support/world.ts';
import { resized } from './steps.ts';

const worlds = useWorlds();

const FAULTS: [what: string, message: string, shown: string][] = [
  ['calls everybody', '<!channel> disk <https://evil.example|here>', '<!channel> disk <https://evil.example|here>'],
  ['is HTML', '<html><body><h1>500 &amp; more</h1></body></html>', '<html><body><h1>500 &amp; more'],
  ['has no end', `disk ${'&'.repeat(20_000)}`, 'disk &&&'],
  ['turns around and breaks lines', 'disk\u202e gone\n\n> really', 'disk gone'],
];

it.each(FAULTS)('a fault that %s is shown as it is, wherever it is shown', async (_what, message, shown) => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, cloud, slack } = world;
  cloud.operator.breakServer('db-1', message);
  expect((await alice.asks('/ecs show db-1')).text).toContain(`The cloud reports a fault (500): ${shown}`);
  await resized(world);
  cloud.operator.breakServer('web-1', message);
  expect((await alice.seesOnCard('❌ Failed · web-1')).text).toContain(`web-1 is in status ERROR: ${shown}`);
  await alice.seesInDm('web-1 is in status ERROR');
  expect(obeyedIn(slack)).toEqual([]);
});

it.each([
  ['an empty message', ''],
  ['nothing but invisible characters', '\u200b\u202e'],
])('a fault with %s is told without one', async (_what, message) => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.breakServer('db-1', message);
  const { text } = await alice.asks('/ecs show db-1');
  expect(text).toContain('The cloud reports a fault (500), but not which.');
});
