// The list of what is associated, in a project with very many FPGA images.
import { expect, it } from 'vitest';
import type { CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { Bot, session, textOf } from './bot.ts';
import { StockedCloud, UBUNTU } from './stocked-cloud.ts';

const COUNT = 300;

class FpgaCloud extends StockedCloud {
  override profile = profiles.huawei;
  /** How many questions about associations were open at once, at most. */
  most = 0;
  #open = 0;

  override async call(request: CloudRequest): Promise<CloudAnswer> {
    if (!request.path.endsWith('/associations')) return super.call(request);
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    const answer = await super.call(request);
    this.#open -= 1;
    return answer;
  }
}

it('asks the cloud a few questions at a time, and no more of them than it has lines to show', async () => {
  const cloud = new FpgaCloud();
  Object.assign(cloud.stock, {
    'GET /cloudservers/fpga_image/detail': {
      fpgaimages: Array.from({ length: COUNT }, (_unused, at) => ({
        id: `f-${at}`,
        name: `fpga-${at}`,
        protected: true,
      })),
      count: COUNT,
    },
    'GET /cloudservers/fpga_image/associations': { associations: [{ image_id: UBUNTU }] },
  });
  const text = textOf(await new Bot({ cloud, session: session() }).says('fpga disassociate'));
  expect(text).toContain('`fpga-0` and `Ubuntu 24.04`');
  expect(text).toContain('… and more: name the FPGA image to see its own.');
  expect(cloud.most).toBeLessThanOrEqual(5);
  expect(cloud.asked.filter((asked) => asked.includes('/associations')).length).toBeLessThanOrEqual(25);
});
