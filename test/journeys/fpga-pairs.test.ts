// Taking an association back without knowing its two names by heart.
import { expect, it } from 'vitest';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const HUAWEI = { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'cn-north-1' };

async function withPairs(...pairs: [fpga: string, image: string][]): Promise<World> {
  const world = await worlds.open({
    signedIn: ['alice'],
    cloud: { mode: 'huawei', fpga: true, catalog: { region: 'cn-north-1' } },
    env: HUAWEI,
  });
  for (const [fpga, image] of pairs) {
    await world.alice.says(`/ecs fpga associate ${fpga} ${image}`);
    await world.alice.seesOnCard(`✅ Associated · ${fpga} and ${image}`);
  }
  return world;
}

it('lists what is associated, each pair with a button, when no names are given', async () => {
  const { alice } = await withPairs(['matrix-mult', 'web-golden'], ['video-codec', 'debian-12']);
  const { text } = await alice.asks('/ecs fpga disassociate');
  expect(text).toContain('Which association shall be taken back?');
  expect(text).toContain('matrix-mult and web-golden');
  expect(text).toContain('video-codec and debian-12');
  await alice.clicks('Disassociate', { beside: 'video-codec' });
  await alice.seesPrivately('Disassociate video-codec and debian-12?');
  await alice.clicks('Disassociate', { beside: 'Disassociate' });
  await alice.seesOnCard('✅ Disassociated · video-codec and debian-12');
});

it('lists those of the one FPGA image that is named', async () => {
  const { alice } = await withPairs(['matrix-mult', 'web-golden'], ['video-codec', 'debian-12']);
  const { text } = await alice.asks('/ecs fpga disassociate matrix-mult');
  expect(text).toContain('matrix-mult and web-golden');
  expect(text).not.toContain('video-codec');
});

it('says that nothing is associated', async () => {
  const { alice } = await withPairs();
  expect((await alice.asks('/ecs fpga disassociate')).text).toContain('No FPGA image is associated with anything.');
});

it('takes an association back although its ECS image is gone, as nobody could delete the FPGA image else', async () => {
  const { alice, cloud } = await withPairs(['matrix-mult', 'web-golden']);
  const image = [...cloud.world.stock.images.values()].find(({ name }) => name === 'web-golden');
  if (!image) throw new Error('no such image');
  cloud.world.stock.images.delete(image.id);
  const { text } = await alice.asks('/ecs fpga disassociate');
  expect(text).toContain(`matrix-mult and ${image.id}, which is gone`);
  await alice.clicks('Disassociate', { beside: 'matrix-mult' });
  await alice.seesPrivately('Disassociate matrix-mult and');
  await alice.clicks('Disassociate', { beside: 'Disassociate' });
  await alice.seesOnCard('✅ Disassociated · matrix-mult and');
});

it('plans what is picked from the list', async () => {
  const { alice, cloud } = await withPairs(['matrix-mult', 'web-golden']);
  await alice.asks('/ecs fpga disassociate --plan');
  await alice.clicks('Disassociate', { beside: 'matrix-mult' });
  await alice.seesPrivately('This call would be made');
  expect(cloud.countCalls({ method: 'DELETE', path: 'association' })).toBe(0);
});
