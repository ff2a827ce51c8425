import { expect, it } from 'vitest';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];
const HUAWEI = { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'cn-north-1' };

function open(mode: 'huawei' | 'otc' | 'openstack' = 'huawei'): Promise<World> {
  return worlds.open({
    signedIn: ALICE,
    ...(mode === 'huawei' && { cloud: { mode, fpga: true, catalog: { region: 'cn-north-1' } }, env: HUAWEI }),
  });
}

const ASSOCIATION = /fpga_image\/[^/]+\/association$/;

it('associates an FPGA image with an ECS image, and says what that covers', async () => {
  const { alice, cloud } = await open();
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  const { text } = await alice.seesOnCard('✅ Associated · matrix-mult and web-golden');
  expect(text.replaceAll('`', '')).toContain(
    'Every server made from web-golden, now or later and by whomever in the project, may load matrix-mult. While it is associated the FPGA image cannot be deleted.',
  );
  expect(cloud.countCalls({ method: 'POST', path: ASSOCIATION })).toBe(1);
  await alice.says('/ecs fpga list');
  await alice.seesPrivately(/matrix-mult[^\n]*with `?web-golden/);
  await alice.says('/ecs fpga list --image web-golden');
  await alice.seesPrivately(/1 FPGA image for servers made from `?web-golden[\s\S]*matrix-mult/);
});

it('says when it is so already, and does nothing', async () => {
  const { alice } = await open();
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesOnCard('✅ Associated');
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesPrivately('are associated already: nothing was done');
});

it('says that there is nothing to take back, and does nothing', async () => {
  const { alice } = await open();
  await alice.says('/ecs fpga disassociate matrix-mult web-golden --yes');
  await alice.seesPrivately('are not associated: nothing was done');
  expect(alice.inChannel()).toEqual([]);
});

it('says that a proxy dropped the body, and that nothing was changed', async () => {
  const { alice, cloud } = await open();
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesOnCard('✅ Associated');
  const body = { error: { code: 'Common.0002', message: 'The request body is empty.' } };
  cloud.failNext({ match: { method: 'DELETE', path: ASSOCIATION }, with: { status: 400, body } });
  await alice.says('/ecs fpga disassociate matrix-mult web-golden --yes');
  await alice.seesPrivately(
    'The cloud got the call without its body, as some proxies pass it on, so nothing was changed.',
  );
  expect((await alice.asks('/ecs fpga list --image web-golden')).text).toContain('1 FPGA image');
});

it('shows when an FPGA image was made, how far it is, and why it failed', async () => {
  const { alice } = await open();
  const { text } = await alice.asks('/ecs fpga list');
  expect(text).toMatch(/half-built saving · 45 MB · \d{4}-\d\d-\d\d/);
  expect(text).toMatch(/bad-timing error · .*The design does not meet its timing\./);
});

it('takes it back after asking, with a DELETE that has a body', async () => {
  const { alice, cloud } = await open();
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesOnCard('✅ Associated');
  await alice.clicks('Disassociate');
  await alice.seesPrivately('No server made from the image can load it after that, whoever made it.');
  expect(cloud.countCalls({ method: 'DELETE', path: ASSOCIATION })).toBe(0);
  await alice.clicks('Disassociate');
  await alice.seesOnCard('✅ Disassociated · matrix-mult and web-golden');
  expect(
    cloud.countCalls({ method: 'DELETE', path: ASSOCIATION, status: 204 }) +
      cloud.countCalls({ method: 'DELETE', path: ASSOCIATION, status: 200 }),
  ).toBe(1);
  await alice.says('/ecs fpga list --image web-golden');
  await alice.seesPrivately('No FPGA images for servers made from');
});

it('refuses what is not ready, and names the nearest of what is not there', async () => {
  const { alice, cloud } = await open();
  await alice.says('/ecs fpga associate half-built web-golden');
  await alice.seesPrivately('The FPGA image half-built is saving. Try again when it is active.');
  await alice.says('/ecs fpga associate bad-timing web-golden');
  await alice.seesPrivately('The design does not meet its timing.');
  await alice.says('/ecs fpga associate matrix-mul web-golden');
  await alice.seesPrivately('There is no FPGA image matrix-mul in this project. Near it: matrix-mult.');
  await alice.says('/ecs fpga associate matrix-mult web-goldn');
  await alice.seesPrivately('There is no image web-goldn in this project. Near it: web-golden.');
  expect(cloud.countCalls({ method: 'POST', path: ASSOCIATION })).toBe(0);
});

it('opens a form without the names', async () => {
  const { alice } = await open();
  await alice.says('/ecs fpga associate');
  await alice.seesModal('It covers every server made from the image');
  await alice.submits({ 'FPGA image': 'video-codec', Image: 'web-golden' });
  await alice.seesOnCard('✅ Associated · video-codec and web-golden');
});

it.each(['list', 'associate matrix-mult web-golden', 'disassociate matrix-mult web-golden'])(
  'says in a region without FPGA that “fpga %s” is not to be had there',
  async (words) => {
    const { alice } = await open('openstack');
    await alice.says(`/ecs fpga ${words}`);
    await alice.seesPrivately('This region has no FPGA service');
  },
);

it('says it in the form’s window, too, and where the cloud has the API but not in this region', async () => {
  const { alice } = await open('openstack');
  await alice.says('/ecs fpga associate');
  await alice.seesModal('This region has no FPGA service');
  const elsewhere = await worlds.open({
    signedIn: ALICE,
    cloud: { mode: 'huawei', catalog: { region: 'cn-north-1' } },
    env: HUAWEI,
  });
  await elsewhere.alice.says('/ecs fpga list');
  await elsewhere.alice.seesPrivately('This region has no FPGA service');
});

it('believes the list, not the answer that got lost', async () => {
  const { alice, cloud } = await open();
  cloud.failNext({ match: { method: 'POST', path: ASSOCIATION }, with: 'reset_after' });
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesOnCard('✅ Associated');
  expect(cloud.countCalls({ method: 'POST', path: ASSOCIATION })).toBe(1);
});

it('tells when the cloud refuses', async () => {
  const { alice, cloud } = await open();
  cloud.failNext({
    match: { method: 'POST', path: ASSOCIATION },
    with: { status: 403, body: { error: { code: 'Ecs.0003', message: 'no rights' } } },
  });
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesPrivately('Your role in the cloud does not allow this.');
});

it.each([
  [
    'the ECS image vanished',
    { code: 'Ecs.0031', message: 'The image does not exist.' },
    'The cloud refused this. It said: “The image does not exist.” Look at what it names, then try again.',
  ],
  [
    'the FPGA image is not ready any more',
    { code: 'Ecs.0100', message: 'The FPGA image is deleting.' },
    'The FPGA service does not allow this now. It said: “The FPGA image is deleting.”',
  ],
])('tells when %s meanwhile, and says nothing in the channel', async (_what, error, said) => {
  const { alice, cloud } = await open();
  cloud.failNext({ match: { method: 'POST', path: ASSOCIATION }, with: { status: 400, body: { error } } });
  await alice.says('/ecs fpga associate matrix-mult web-golden');
  await alice.seesPrivately(said);
  expect(alice.inChannel()).toEqual([]);
});

it('shows the calls with --plan and makes none', async () => {
  const { alice, cloud } = await open();
  await alice.says('/ecs fpga disassociate matrix-mult web-golden --plan');
  const { text } = await alice.seesPrivately('This call would be made');
  expect(text).toMatch(/DELETE http.*\/v1\/[^/]+\/cloudservers\/fpga_image\/[0-9a-f]{32}\/association/);
  expect(text).toContain('"image": {');
  expect(cloud.countCalls({ method: 'DELETE', path: ASSOCIATION })).toBe(0);
});
