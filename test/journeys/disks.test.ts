import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];

const ATTACH = { method: 'POST', path: /os-volume_attachments/ } as const;

function disk({ cloud }: World, name: string) {
  cloud.settle();
  return [...cloud.world.stock.volumes.values()].find((volume) => volume.name === name) ?? null;
}

it('creates a disk and attaches it in one flow, naming the device as the cloud did', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs disk create data-1 --size 10 --type fast --attach web-1');
  const { text } = await alice.seesOnCard('✅ Done · Create disk data-1 and attach it to web-1');
  expect(text).toMatch(/✅ Created disk `?data-1`? \(10 GiB, `?fast`?\)/);
  expect(text).toMatch(/✅ Attached disk `?data-1`? to `?web-1`? as `?\/dev\/vdb/);
  expect(text).toContain('/ecs disk create data-1 --size 10 --type fast --attach web-1');
  expect(disk(world, 'data-1')).toMatchObject({ status: 'in-use', sizeGiB: 10, type: 'fast' });
  expect(cloud.countCalls({ method: 'POST', path: /\/volumes$/ })).toBe(1);
  await alice.says('/ecs disk list web-1');
  await alice.seesPrivately(/1 disk on `?web-1[\s\S]*data-1[\s\S]*\/dev\/vdb/);
});

it('attaches a disk that is there, and takes it back with Undo', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('✅ Done · Attach disk archive to web-1');
  await bob.clicks('Undo');
  const { text } = await alice.seesOnCard('↩️ Undone · Attach disk archive to web-1');
  expect(text).toMatch(/✅ Detached disk `?archive`? from `?web-1`? by @?bob/i);
  expect(alice.canClick('Undo')).toBe(false);
  expect(alice.canClick('Remove')).toBe(false);
  expect(disk(world, 'archive')).toMatchObject({ status: 'available', attachment: null });
});

it('offers Undo for a quarter of an hour, and says so to whoever comes later', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, clock } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('Undo until');
  const late = await alice.holds('Undo');
  clock.advance(16 * MINUTE);
  await until(() => !alice.canClick('Undo'), 'the Undo button to go');
  await late();
  await alice.seesPrivately('The time to undo “Attach disk archive to web-1” is over');
  expect(disk(world, 'archive')?.status).toBe('in-use');
});

it('detaches a disk after asking once more', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('✅ Done');
  await alice.says('/ecs disk detach archive');
  await alice.seesPrivately(/Detach disk archive from web-1 in project `?demo`?\? Unmount it inside the server first/);
  expect(disk(world, 'archive')?.status).toBe('in-use');
  await alice.clicks('Detach it');
  await alice.seesOnCard('✅ Done · Detach disk archive from web-1');
  expect(disk(world, 'archive')?.status).toBe('available');
});

it('names the disk it made when attaching fails, and removes it at a click', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.failNext({
    match: ATTACH,
    with: { status: 403, body: { forbidden: { code: 403, message: 'Maximum number of disks exceeded' } } },
  });
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('Maximum number of disks exceeded');
  expect(text).toMatch(/What it created is still there: disk `?data-1/);
  await alice.clicks('Remove');
  await alice.seesOnCard('🧹 Cleared away');
  await until(() => disk(world, 'data-1') === null, 'the disk to be gone');
});

it('says that a disk went into error, and clears it away', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.spoilNextVolume('data-1');
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('The disk data-1 is in state error');
  expect(text).toContain('not tried');
  await alice.clicks('Remove');
  await alice.seesOnCard('🧹 Cleared away');
});

it('does not make a second disk when the answer gets lost', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'POST', path: /\/volumes$/ }, with: 'reset_after' });
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls({ method: 'POST', path: /\/volumes$/ })).toBe(1);
  expect([...cloud.world.stock.volumes.values()].filter(({ name }) => name === 'data-1')).toHaveLength(1);
});

it('asks again when the order never reached the cloud, and attaches once', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: ATTACH, with: 502 });
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('It is uncertain whether the cloud took the last call');
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls(ATTACH)).toBe(2);
  expect(disk(world, 'archive')?.status).toBe('in-use');
});

it('refuses what cannot be before anything is called, each in words of its own', async () => {
  const world = await worlds.open({
    signedIn: ALICE,
    cloud: {
      seed: {
        volumes: [
          { name: 'archive', project: 'demo', sizeGiB: 20 },
          { name: 'broken', project: 'demo', sizeGiB: 10, status: 'error' },
          { name: 'young', project: 'demo', sizeGiB: 10, status: 'creating' },
        ],
      },
    },
  });
  const { alice, cloud } = world;
  await alice.says('/ecs disk attach broken web-1');
  await alice.seesPrivately('broken is in state error: it cannot be used');
  await alice.says('/ecs disk attach young web-1');
  await alice.seesPrivately('young is still being made');
  await alice.says('/ecs disk attach archiv web-1');
  await alice.seesPrivately('There is no disk archiv in this project. Near it: archive.');
  await alice.says('/ecs disk create huge --size 30000');
  await alice.seesPrivately(/quota for disks is too small: \d+ GiB are missing/);
  await alice.says('/ecs disk create x --size 10 --type fastt');
  await alice.seesPrivately('There is no disk type fastt in this project. Near it: fast.');
  await alice.says('/ecs disk detach archive web-1');
  await alice.seesPrivately('archive is not attached to web-1.');
  cloud.operator.lock('web-1');
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesPrivately('web-1 is locked');
  expect(cloud.countCalls({ method: 'POST', path: /volumes|attachments/ })).toBe(0);
  expect(alice.card()).toBeNull();
});

it('says which server has a disk that is taken', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('✅ Done');
  await alice.says('/ecs disk attach archive web-2');
  await alice.seesPrivately('archive is attached to web-1: detach it there first');
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesPrivately('archive is attached to web-1 already as /dev/vdb.');
});

it('waits while the cloud is away, says so, and goes on', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: { method: 'GET', path: /\/volumes\/[^/]+$/ }, with: 503, times: 6 });
  await alice.says('/ecs disk create data-1 --size 10');
  await alice.seesOnCard('The cloud does not answer');
  cloud.clearFaults();
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('✅ Done · Create disk data-1');
});

it('is told as stuck when a disk stays attaching for ever', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { pace: { attachMs: 60 * MINUTE } } });
  const { alice, clock } = world;
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesOnCard('(reserved)');
  clock.advance(16 * MINUTE);
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('Attaching disk has not come to an end in 15 minutes (the cloud says reserved)');
});

it('opens a form without a size, checks it at its fields, and makes the disk', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk create');
  await alice.seesModal('Size in GiB');
  const { size } = await alice.submits({ Name: 'data-1', 'Size in GiB': 'much' });
  expect(size).toContain('A whole number from 1 to');
  await alice.submits({ Name: 'data-1', 'Size in GiB': '12', Type: 'fast', 'Attach to': 'web-2' });
  await alice.seesOnCard('✅ Done · Create disk data-1 and attach it to web-2');
  expect(disk(world, 'data-1')).toMatchObject({ sizeGiB: 12, type: 'fast', status: 'in-use' });
});

it('keeps in the form what was typed: the type, and the server that gets the disk', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk create data-1 --type FAST --attach web-2');
  await alice.seesModal('Size in GiB');
  await alice.submits({ 'Size in GiB': '12' });
  const { text } = await alice.seesOnCard('✅ Done · Create disk data-1 and attach it to web-2');
  expect(text).toContain('Created disk data-1 (12 GiB, fast');
});

it('shows no form for a type or a zone that there is not, but names the nearest', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk create data-1 --type fastt');
  await alice.seesModal('There is no disk type fastt in this project. Near it: fast.');
  await alice.says('/ecs disk create data-1 --zone nowa');
  await alice.seesModal('There is no zone for disks nowa in this project. Near it: nova.');
});

it('opens a form with the free disks and the servers', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs disk attach');
  await alice.seesModal('Only disks that no server has are listed');
  await alice.submits({ Disk: 'scratch', Server: 'db-1' });
  await alice.seesModal('Its card is in');
  await alice.seesOnCard('✅ Done · Attach disk scratch to db-1');
});

it('goes on after a sign-in that ended meanwhile', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { pace: { volumeMs: 5 * MINUTE } } });
  const { alice, clock } = world;
  await alice.says('/ecs disk create data-1 --size 10 --attach web-1');
  await alice.seesOnCard('(creating)');
  await alice.says('/ecs logout');
  await alice.seesPrivately(/signed out/i);
  clock.advance(6 * MINUTE);
  await alice.seesOnCard('🔑 Waiting for sign-in');
  await alice.seesInDm(/“Create disk data-1 and attach it to web-1” \(E-\w+\) waits for your sign-in/);
  await alice.signsIn();
  await alice.seesOnCard('✅ Done');
  await alice.seesInDm('✅ Done: Create disk data-1 and attach it to web-1');
});

it('shows a disk of the most hostile name as text and nothing else', async () => {
  const name = '<!channel> *bold* `x` & <@U0BOB>';
  const world = await worlds.open({
    signedIn: ALICE,
    cloud: { seed: { volumes: [{ name, project: 'demo', sizeGiB: 1 }] } },
  });
  const { alice } = world;
  await alice.says('/ecs disk list');
  await alice.seesPrivately('1 disk');
  await alice.says(`/ecs disk attach "${name}" web-1`);
  const { message } = await alice.seesOnCard('✅ Done');
  const formatted = [...JSON.stringify(message.blocks).matchAll(/"type":"mrkdwn","text":"((?:[^"\\\\]|\\\\.)*)"/g)]
    .map(([, text]) => text)
    .join('\n');
  expect(formatted).toContain('&lt;!channel&gt; *bold* ˋxˋ &amp; &lt;@U0BOB&gt;');
  expect(formatted).not.toMatch(/<!channel>|<@U0BOB>/);
});

it('tells by direct message, with the same buttons, where the channel does not take the card', async () => {
  const world = await worlds.open({ signedIn: ALICE, slackRefuses: ['not_in_channel', 'channel_not_found'] });
  const { alice } = world;
  alice.channel = 'G0SECRET';
  await alice.says('/ecs disk attach archive web-1');
  await alice.seesInDm('✅ Done · Attach disk archive to web-1');
  await alice.clicks('Undo');
  await alice.seesInDm('↩️ Undone');
});
