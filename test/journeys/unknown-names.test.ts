// Names and ids that nothing has: one sentence each, with the nearest there is, and nothing done.
import { expect, it } from 'vitest';
import { useWorlds, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();

const ID = '0c5b5a3e-1111-4222-8333-123456789abc';
const NEW = 'create web-9 --flavor s2.small.1 --image debian-12 --network demo-net';

/** `_` stands for what nothing has. */
const LINES: Record<string, string[]> = {
  'There is no server _ in this project.': [
    'show _',
    'start _',
    'stop _',
    'reboot _ --hard',
    'delete _',
    'resize _ c1.large',
    'flavors --for _',
    'disk list _',
    'disk attach archive _',
    'disk detach archive _',
    'disk create x --size 1 --attach _',
    'nic list _',
    'nic attach _ --network backup-net',
    'nic detach _ 10.0.0.5',
    'approve _',
    'deny _',
    'cancel _',
    'confirm _',
    'revert _',
  ],
  'There is no disk _ in this project.': ['disk attach _ web-1', 'disk detach _', 'disk detach _ web-1'],
  'There is no network _ in this project.': [
    'nic attach web-1 --network _',
    'subnet create _ 10.9.0.0/24',
    'port create _',
    NEW.replace('demo-net', '_'),
  ],
  'There is no port _ in this project.': ['nic attach web-1 --port _'],
  'There is no subnet _ in this project.': ['port create backup-net --subnet _'],
  'web-1 has no NIC _. It has 10.0.': ['nic detach web-1 _'],
  'There is no flavor _ in this project.': ['resize web-1 _', 'list --flavor _', NEW.replace('s2.small.1', '_')],
  'There is no image _ in this project.': [NEW.replace('debian-12', '_')],
  'You have no key pair _.': ['keypair delete _', `${NEW} --key _`],
  'There is no zone _ in this project.': [`${NEW} --zone _`],
  'There is no zone for disks _ in this project.': ['disk create x --size 1 --zone _'],
  'There is no disk type _ in this project.': ['disk create x --size 1 --type _', `${NEW} --disk-type _`],
  'There is no request R-XXXX.': ['approve R-XXXX', 'deny R-XXXX', 'cancel R-XXXX', 'confirm R-XXXX', 'revert R-XXXX'],
};

it.each([
  ['a name', 'nobody-is-called-so'],
  ['an id', ID],
])('are answered in a sentence when they are %s', async (_what, wanted) => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  const before = cloud.countCalls({ method: 'POST', path: /compute|volume|network/ });
  for (const [sentence, lines] of Object.entries(LINES)) {
    for (const line of lines) {
      const { text } = await alice.asks(`/ecs ${line.replace('_', wanted)}`);
      expect([line, text]).toEqual([line, expect.stringContaining(sentence.replace('_', wanted))]);
      expect([line, text]).toEqual([line, expect.not.stringMatching(/\(ref |ref [0-9a-f]{4}/)]);
    }
  }
  expect(cloud.countCalls({ method: 'POST', path: /compute|volume|network/ })).toBe(before);
  expect(cloud.countCalls({ method: 'DELETE', path: /compute|volume|network/ })).toBe(0);
  expect(alice.inChannel()).toEqual([]);
});

it.each([
  ['show web-7', /There is no server web-7 in this project\. Near it: web-[12]/],
  ['disk attach archiv web-1', /There is no disk archiv in this project\. Near it: archive\./],
  ['port create backup', /There is no network backup in this project\. Near it: backup-net\./],
  ['resize web-1 c1.larg', /There is no flavor c1\.larg in this project\..*c1\.large/],
  [NEW.replace('debian-12', 'debian-11'), /There is no image debian-11 in this project\. Near it: debian-12\./],
  ['keypair delete alice-ky', /You have no key pair alice-ky\. Near it: alice-key\./],
])('are answered with the nearest: %s', async (line, said) => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  expect((await alice.asks(`/ecs ${line}`)).text).toMatch(said);
});

const FPGA: WorldOptions = {
  signedIn: ['alice'],
  cloud: { mode: 'huawei', fpga: true, catalog: { region: 'cn-north-1' } },
  env: { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'cn-north-1' },
};

it('are answered for FPGA images and what they go with', async () => {
  const { alice, cloud } = await worlds.open(FPGA);
  for (const command of ['associate', 'disassociate']) {
    expect((await alice.asks(`/ecs fpga ${command} ${ID} web-golden`)).text).toContain(
      `There is no FPGA image ${ID} in this project.`,
    );
    expect((await alice.asks(`/ecs fpga ${command} matrix-mult ${ID}`)).text).toContain(
      `There is no image ${ID} in this project.`,
    );
  }
  expect((await alice.asks(`/ecs fpga list --image ${ID}`)).text).toContain(`There is no image ${ID} in this project.`);
  expect(cloud.countCalls({ path: /association$/ })).toBe(0);
});
