import { expect, it } from 'vitest';
import { redisDump } from '../support/redis-dump.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();

const LINE = '/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --key alice-key';
const MANUAL = { pace: 'manual' } as const;
const ORDER = { method: 'POST', path: /\/servers$/ };

function serversCalled({ cloud }: Pick<World, 'cloud'>, name: string): number {
  return cloud.state().servers.filter((server) => server.name === name).length;
}

it('creates a server from a line, and follows it on one card from BUILD to ACTIVE', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'], cloud: MANUAL });
  await alice.says(LINE);
  await bob.seesOnCard('Building · web-9');
  await bob.seesOnCard('BUILD');
  cloud.finish('web-9');
  await bob.seesOnCard('Ready · web-9');
  await bob.seesOnCard('ACTIVE');
  expect(bob.cards()).toHaveLength(1);
  expect(bob.card()?.text).toMatch(/s2\.small\.1 \(1 vCPU, 1 GiB\) from debian-12/);
  expect(cloud.status('web-9')).toBe('ACTIVE');
});

it('tells the first password to the requester alone, once, and leaves it nowhere in clear', async () => {
  const { alice, bob, carol, cloud, redis } = await worlds.open({ signedIn: ['alice'], cloud: MANUAL });
  await alice.says(LINE);
  await bob.seesOnCard('Building · web-9');
  const whileBuilding = await redisDump(redis.url);
  cloud.finish('web-9');
  const { text } = await alice.seesInDm('Its first password, told to you alone and only here; change it soon: ');
  const password = /change it soon: ([\w-]{12})$/.exec(text)?.[1] ?? 'none';
  await bob.seesOnCard('Ready · web-9');
  expect(password).not.toBe('none');
  for (const dump of [whileBuilding, await redisDump(redis.url)]) expect(dump).not.toContain(password);
  for (const other of [bob, carol]) expect(JSON.stringify(other.view)).not.toContain(password);
  expect(alice.inDm().filter((seen) => seen.text.includes(password))).toHaveLength(1);
  expect(JSON.stringify(alice.inChannel())).not.toContain(password);
});

it('opens a form that fills itself, checks at the field, and follows what is chosen', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs create web-9');
  await alice.seesModal('In project demo.');
  await alice.picks('windows-2025', 'Choose an image');
  await alice.seesModal('At least 40 GiB for this image.');
  const errors = await alice.submits({
    Flavor: 's2.small.1',
    Image: 'windows-2025',
    'Disk size in GiB': '20',
    Network: 'demo-net',
  });
  expect(Object.values(errors)).toEqual(['windows-2025 needs at least 40 GiB.']);
  await alice.submits({
    Name: 'web-9',
    Flavor: 's2.small.1',
    Image: 'windows-2025',
    'Disk size in GiB': '40',
    Network: 'demo-net',
  });
  await alice.seesModal(
    'windows-2025 needs at least 4 GiB of memory, and s2.small.1 has 1 GiB. Choose a larger flavor.',
  );
  await alice.submits({
    Name: 'web-9',
    Flavor: 'c1.large',
    Image: 'windows-2025',
    'Disk size in GiB': '40',
    Network: 'demo-net',
  });
  await alice.seesModal('web-9 is ordered.');
  await bob.seesOnCard('Ready · web-9');
  await bob.seesOnCard('40 GiB, goes when the server goes');
  expect(cloud.flavorOf('web-9')).toBe('c1.large');
});

it('shows an ERROR with the fault in words, and offers to delete what is left', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice', 'bob'] });
  await alice.says('/ecs create web-9 --flavor huge.nohost --image debian-12 --network demo-net');
  await bob.seesOnCard('Error · web-9');
  await bob.seesOnCard('The cloud could not build it. It says: “No valid host was found.');
  await alice.seesInDm('Error: server web-9');
  expect(JSON.stringify(alice.inDm())).not.toContain('first password');
  await bob.clicks('Delete');
  await bob.seesPrivately('Delete web-9 in project demo?');
  await bob.clicks('Delete it');
  await alice.sees('web-9 is deleted, as @bob asked.');
  await until(() => serversCalled({ cloud }, 'web-9') === 0, 'web-9 to be gone');
});

it.each(['reset_after', 'truncated', 504] as const)(
  'finds the server it ordered when the answer is lost (%s), and makes no twin',
  async (fault) => {
    const world = await worlds.open({ signedIn: ['alice'], cloud: MANUAL });
    const { alice, bob, cloud, clock } = world;
    cloud.failNext({ match: ORDER, with: fault });
    await alice.says(LINE);
    if (fault === 504) {
      await bob.seesOnCard('It is uncertain whether the cloud took the order');
      clock.advance(70_000);
    }
    await bob.seesOnCard('Building · web-9');
    cloud.finish('web-9');
    await bob.seesOnCard('Ready · web-9');
    expect(serversCalled(world, 'web-9')).toBe(1);
  },
);

it('orders again what certainly never arrived', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, bob, cloud } = world;
  cloud.failNext({ match: ORDER, with: 503, times: 2 });
  await alice.says(LINE);
  await bob.seesOnCard('Ready · web-9');
  expect(serversCalled(world, 'web-9')).toBe(1);
});

it('refuses what cannot work before anything is ordered', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs create web-9 --flavor s2.small.2 --image debian-12 --network demo-net');
  await alice.seesPrivately('There is no flavor s2.small.2 in this project. Near it: s2.small.1');
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image rocky-9 --disk 5 --network demo-net');
  await alice.seesPrivately('rocky-9 needs at least 10 GiB.');
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image centos-7 --network demo-net');
  await alice.seesPrivately('centos-7 cannot be used now: it is deactivated. Choose another image.');
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12');
  await alice.seesPrivately('Which network?');
  expect(bob.cards()).toEqual([]);
  expect(cloud.countCalls(ORDER)).toBe(0);
});

it('says on the card why the cloud refused the order', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  const message = 'Image was deleted meanwhile. <!channel>';
  cloud.failNext({ match: ORDER, with: { status: 400, body: { badRequest: { code: 400, message } } } });
  await alice.says(LINE);
  await bob.seesOnCard('Not created · web-9');
  await bob.seesOnCard('It said: “Image was deleted meanwhile. <!channel>”');
  await alice.seesInDm('Not created: server web-9');
});

it('says how much of the quota is missing', async () => {
  const { alice, cloud } = await worlds.open({
    signedIn: ['alice'],
    cloud: { seed: { projects: [{ name: 'demo', quota: { instances: 3 } }, { name: 'ops' }, { name: 'admin' }] } },
  });
  await alice.says(LINE);
  await alice.seesPrivately("The project's quota has no room for one more server (none is left).");
  expect(cloud.countCalls(ORDER)).toBe(0);
});

it('waits for a new sign-in, says so, and goes on after it', async () => {
  const world = await worlds.open({ signedIn: ['alice'], cloud: MANUAL });
  const { alice, bob, cloud, clock } = world;
  await alice.says(LINE);
  await bob.seesOnCard('Building · web-9');
  await alice.says('/ecs logout');
  await alice.seesPrivately(/signed out|forgot/i);
  clock.advance(3 * 60_000);
  await bob.seesOnCard('@alice: sign in with /ecs login');
  cloud.finish('web-9');
  await alice.signsIn();
  await bob.seesOnCard('Ready · web-9');
});

it('creates one server however often Slack delivers the line', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, bob, slack } = world;
  slack.faults.duplicateDeliveries = true;
  await alice.says(LINE);
  await bob.seesOnCard('Ready · web-9');
  expect(bob.cards()).toHaveLength(1);
  expect(serversCalled(world, 'web-9')).toBe(1);
});

it('shows with --plan the one call it would make', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  const { text } = await alice.asks(`${LINE} --plan`);
  expect(text).toContain('This call would be made:');
  expect(text).toContain('"delete_on_termination": true');
  expect(text).toContain('"key_name": "alice-key"');
  expect(bob.cards()).toEqual([]);
  expect(cloud.countCalls(ORDER)).toBe(0);
});

it('lets people search where there is more to choose from than a menu holds', async () => {
  const images = Array.from({ length: 130 }, (_unused, place) => ({ name: `image-${String(place).padStart(3, '0')}` }));
  const { alice, bob } = await worlds.open({ signedIn: ['alice'], cloud: { seed: { images } } });
  await alice.says('/ecs create');
  await alice.seesModal('In project demo.');
  expect(await alice.searches('Image', 'image-12')).toEqual(images.slice(120, 130).map(({ name }) => name));
  await alice.submits({ Name: 'web-9', Flavor: 's2.small.1', Image: 'image-127', Network: 'demo-net' });
  await bob.seesOnCard('Ready · web-9');
  await bob.seesOnCard('from image-127');
});

it.each(['<!channel> `x` *b*', '&'.repeat(60), '🙂 Größe-サーバ', 'שרת-1'])(
  'stays itself under the name %j, on the card and in the form',
  async (name) => {
    const world = await worlds.open({ signedIn: ['alice'] });
    const { alice, bob } = world;
    await alice.says('/ecs create');
    await alice.seesModal('In project demo.');
    await alice.submits({ Name: name, Flavor: 's2.small.1', Image: 'debian-12', Network: 'demo-net' });
    await bob.seesOnCard('Ready · ');
    expect(serversCalled(world, name)).toBe(1);
    const { text = '', blocks = [] } = bob.card()?.message ?? {};
    expect(text).not.toContain('<!');
    expect(JSON.stringify(blocks)).not.toMatch(/"mrkdwn","text":"[^"]*<!(?!date)/);
  },
);

it.each(['otc', 'huawei'] as const)('creates one with a disk of a type, in a zone, on %s', async (profile) => {
  const { alice, bob } = await worlds.open({
    signedIn: ['alice'],
    cloud: { mode: profile },
    env: { OS_CLOUD_PROFILE: profile },
  });
  const zone = profile === 'otc' ? 'eu-de-01' : 'cn-north-1a';
  const { text } = await alice.asks('/ecs create "web 9" --flavor s2.small.1 --image debian-12 --network demo-net');
  expect(text).toContain("A server's name has letters, digits, _, - and . only here.");
  await alice.says(
    `/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk 40 --disk-type ESSD --zone ${zone}`,
  );
  await bob.seesOnCard('Ready · web-9');
  await bob.seesOnCard('40 GiB ESSD, goes when the server goes');
  await bob.seesOnCard(zone);
});

it('says where a disk type is not offered', async () => {
  const { alice } = await worlds.open({
    signedIn: ['alice'],
    cloud: { mode: 'otc' },
    env: { OS_CLOUD_PROFILE: 'otc' },
  });
  const { text } = await alice.asks(
    '/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk-type ESSD --zone eu-de-02',
  );
  expect(text).toContain('ESSD disks are not offered in eu-de-02.');
});

it('tells the requester where a card cannot be posted, and creates the server all the same', async () => {
  const { alice, cloud } = await worlds.open({
    signedIn: ['alice'],
    slackRefuses: ['channel_not_found', 'not_in_channel'],
  });
  alice.channel = 'G0SECRET';
  await alice.says(LINE);
  await alice.seesInDm('I cannot post the card of your new server web-9');
  await alice.seesInDm('Your server web-9 is ACTIVE');
  expect(cloud.status('web-9')).toBe('ACTIVE');
});
