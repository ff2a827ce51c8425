import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

const OTC = { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' };

it('signs in with the ID token and resizes on a cloud that speaks the Open Telekom dialect', async () => {
  const { alice, bob, cloud } = await worlds.open({ cloud: { mode: 'otc' }, env: OTC });
  await alice.signsIn();
  await bob.signsIn();
  await alice.says('/ecs list');
  await alice.seesPrivately('web-1');
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Confirm');
  await alice.seesOnCard('✅ Resized · web-1');

  expect(cloud.flavorOf('web-1')).toBe('c1.large');
  expect(cloud.countCalls({ action: 'confirmResize', status: 204 })).toBe(1);
  expect(cloud.countCalls({ path: '/v3.0/OS-AUTH/id-token/tokens' })).toBeGreaterThan(0);
});

it('says that this cloud has no application credentials', async () => {
  const { alice } = await worlds.open({ cloud: { mode: 'otc' }, env: OTC });
  await alice.says('/ecs login --application-credential');
  await alice.seesModal('Application credential ID');
  await alice.submits({ 'Application credential ID': 'abc', Secret: 'def' });

  await alice.seesPrivately('This cloud has no application credentials.');
});

it('offers the zones for a disk, where the cloud does not choose one itself, after what could be refused at once', async () => {
  const { alice, cloud } = await worlds.open({ cloud: { mode: 'otc' }, env: OTC, signedIn: ['alice'] });
  await alice.says('/ecs disk create data-1 --size 5');
  await alice.seesPrivately('A disk has at least 10 GiB in this cloud.');
  await alice.says('/ecs disk create data-1 --size 10');
  await alice.seesPrivately('In which zone? A server can have only disks of its own.');
  await alice.clicks('eu-de-02');
  const { text } = await alice.seesOnCard('✅ Done · Create disk data-1');
  expect(text).toContain('Created disk data-1 (10 GiB, eu-de-02)');
  expect([...cloud.world.stock.volumes.values()].find(({ name }) => name === 'data-1')?.zone).toBe('eu-de-02');
});
