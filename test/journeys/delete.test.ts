import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('says which disks go and which stay, asks once more, and waits until the server is gone', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk 12');
  await bob.seesOnCard('Ready · web-9');
  await alice.says('/ecs disk attach archive web-9');
  await bob.seesOnCard(/archive/);
  await bob.seesOnCard(/in-use|Attached|Done/);
  const question = await alice.asks('/ecs delete web-9');
  expect(question.text).toContain('Delete web-9 in project demo? 🟢 It is ACTIVE. This cannot be undone.');
  expect(question.text).toMatch(/\(12 GiB, \/dev\/vda\) goes with it, and everything on it/);
  expect(question.text).toMatch(/Disk archive \(20 GiB, \/dev\/vdb\) stays and keeps its data/);
  expect(await alice.isAskedBefore('Delete it')).toContain('Of its disks: 1 goes with all data, 1 stays.');
  await alice.clicks('Delete it');
  await bob.sees('web-9 is deleted, as @alice asked.');
  expect(cloud.state().servers.map(({ name }) => name)).not.toContain('web-9');
});

it('does not delete a locked server, and says why', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.lock('web-1');
  await alice.asks('/ecs delete web-1');
  await alice.clicks('Delete it');
  await alice.seesPrivately('web-1 cannot be deleted now, because it is locked: have it unlocked, then try again.');
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(bob.inChannel()).toEqual([]);
});

it('does not delete a server that is being resized', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice', 'bob'] });
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.asks('/ecs delete web-1');
  await alice.clicks('Delete it');
  await alice.seesPrivately(/The resize R-\w+ runs on web-1/);
  expect(cloud.status('web-1')).toBe('VERIFY_RESIZE');
});

it('leaves it to those who may', async () => {
  const { carol, cloud } = await worlds.open({ signedIn: ['carol'] });
  await carol.asks('/ecs delete web-1');
  await carol.clicks('Delete it');
  await carol.seesPrivately('Your role in the cloud does not allow this.');
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it('deletes it once although the answer to the order was lost', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs delete web-1');
  cloud.failNext({ match: { method: 'DELETE' }, with: 'reset_after' });
  await alice.clicks('Delete it');
  await bob.sees('web-1 is deleted, as @alice asked.');
  expect(cloud.state().servers.map(({ name }) => name)).not.toContain('web-1');
});

it('says that nothing was done when the cloud does not answer at all', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs delete web-1');
  cloud.failNext({ match: { method: 'DELETE' }, with: 503, times: 9 });
  await alice.clicks('Delete it');
  await alice.seesPrivately('The cloud does not answer properly at the moment.');
  expect(bob.inChannel()).toEqual([]);
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it.each(['2.60', '2.10'])('knows what goes and what stays also on a cloud up to %s', async (maxMicroversion) => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'], cloud: { maxMicroversion } });
  await alice.says('/ecs create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk 12');
  await bob.seesOnCard('Ready · web-9');
  const question = await alice.asks('/ecs delete web-9');
  expect(question.text).toMatch(/\(12 GiB, \/dev\/vda\) goes with it/);
});

it('believes the server, when both of its orders to delete it got no answer', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs delete web-1');
  cloud.failNext({ match: { method: 'DELETE' }, with: 500 });
  cloud.failNext({ match: { method: 'DELETE' }, with: 'reset_after' });
  await alice.clicks('Delete it');
  await bob.sees('web-1 is deleted, as @alice asked.');
  expect(cloud.countCalls({ method: 'DELETE', path: /\/servers\// })).toBe(2);
});
