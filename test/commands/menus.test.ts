// Forms where the cloud has nothing to choose from, or more than a menu holds.
import { expect, it } from 'vitest';
import { profiles } from '../../src/openstack/profile.ts';
import { Bot, session } from './bot.ts';
import { image, StockedCloud } from './stocked-cloud.ts';

const LONG_ID = 'x'.repeat(200);

function stocked(stock: StockedCloud['stock'] = {}): { bot: Bot; cloud: StockedCloud } {
  const cloud = new StockedCloud();
  Object.assign(cloud.stock, stock);
  return { bot: new Bot({ cloud, session: session() }), cloud };
}

function disk(id: string) {
  return { id, name: 'data-1', status: 'available', size: 10, attachments: [] };
}

it('says that there is no flavor to choose instead of showing an empty menu', async () => {
  const { bot, cloud } = stocked();
  cloud.flavors = cloud.flavors.map((flavor) => ({ ...flavor, disabled: true }));
  await expect(bot.says('resize web-1')).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no flavor to choose from in project demo. “flavors” lists what there is.',
  });
});

it('says that no free disk can be chosen when the menu would be empty', async () => {
  const { bot } = stocked({ 'GET /volumes/detail': { volumes: [disk(LONG_ID)] } });
  await expect(bot.says('disk attach')).rejects.toMatchObject({
    code: 'not_found',
    message:
      'No free disk of project demo fits a menu, their ids are too long. Type it with the server: /ecs disk attach DISK SERVER.',
  });
});

it('offers the free disks that fit, when others do not', async () => {
  const { bot } = stocked({ 'GET /volumes/detail': { volumes: [disk(LONG_ID), disk('v-1')] } });
  expect(JSON.stringify(await bot.says('disk attach'))).toContain('"value":"v-1"');
});

it('says that the quota is full instead of asking for a size “from 1 to 0”', async () => {
  const absolute = { totalGigabytesUsed: 100, maxTotalVolumeGigabytes: 100 };
  const { bot } = stocked({ 'GET /limits': { limits: { absolute } } });
  await expect(bot.says('disk create')).rejects.toMatchObject({
    code: 'quota',
    message:
      "The project's quota for disks has no room for another one: 100 of 100 GiB are used. Remove a disk that nobody needs, or have the quota raised.",
  });
});

it('keeps the FPGA image and the image that were typed also where they are searched for', async () => {
  const fpga = Array.from({ length: 101 }, (_unused, at) => ({ id: `f-${at}`, name: `fpga-${at}`, status: 'active' }));
  const { bot, cloud } = stocked({
    'GET /images': { images: Array.from({ length: 101 }, (_unused, at) => image(`i-${at}`, `image-${at}`, 1)) },
    'GET /cloudservers/fpga_image/detail': { fpgaimages: fpga, count: fpga.length },
  });
  cloud.profile = profiles.huawei;
  const forms = [await bot.says('fpga associate fpga-7'), await bot.says('fpga associate --image image-100')];
  expect(JSON.stringify(forms[0])).toContain('"initial_option":{"text":{"type":"plain_text","text":"fpga-7"');
  expect(JSON.stringify(forms[1])).toContain('"initial_option":{"text":{"type":"plain_text","text":"image-100"');
});
