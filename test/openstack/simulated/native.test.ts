// What only Huawei and OTC have: FPGA images, and a resize as a job; on the strict simulated cloud.
import { describe, expect, test } from 'vitest';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import {
  associateFpgaImage,
  disassociateFpgaImage,
  listFpgaAssociations,
  listFpgaAssociationsRequest,
  listFpgaImages,
} from '../../../src/openstack/fpga.ts';
import { readOutcome, showJob } from '../../../src/openstack/jobs.ts';
import { listResizeFlavors, nativeResize, tryNativeResize } from '../../../src/openstack/native.ts';
import { until } from '../../support/until.ts';
import { thrown } from '../edge.ts';
import { open, useScenes } from './scene.ts';

useScenes();

describe('FPGA images', () => {
  test('are associated, seen so, and set free again', async () => {
    const { cloud, me } = await open({ mode: 'huawei', fpga: true });
    const { images, total } = await listFpgaImages(me);
    expect(total).toBe(4);
    expect(images.map(({ status }) => status)).toEqual(['active', 'active', 'saving', 'error']);
    const { stock } = cloud.world;
    const pair = { fpgaImageId: stock.fpgaImage('matrix-mult').id, imageId: stock.image('debian-12').id };
    expect(await associateFpgaImage(me, pair)).toMatchObject({ changed: true });
    expect(await associateFpgaImage(me, pair)).toMatchObject({ changed: false });
    expect(await listFpgaAssociations(me, { imageId: pair.imageId })).toMatchObject([
      { fpgaImages: [{ associated: true }] },
    ]);
    expect(await disassociateFpgaImage(me, pair)).toMatchObject({ changed: true });
    expect(await disassociateFpgaImage(me, pair)).toMatchObject({ changed: false });
    const half = { ...pair, fpgaImageId: stock.fpgaImage('half-built').id };
    expect(await thrown(associateFpgaImage(me, half))).toMatchObject({ code: 'wrong_state' });
  });

  test('are never listed by a page without a size, nor their associations without an id', async () => {
    const { cloud, me } = await open({ mode: 'huawei', fpga: true });
    const { stock } = cloud.world;
    const pair = { fpgaImageId: stock.fpgaImage('matrix-mult').id, imageId: stock.image('debian-12').id };
    await associateFpgaImage(me, pair);
    const answer = await me.call(listFpgaAssociationsRequest({}));
    expect(answer.body).toEqual({ associations: [] });
    const path = '/cloudservers/fpga_image/detail';
    for (const query of [
      [['page', '1']],
      [['size', '10']],
      [
        ['page', '1'],
        ['size', '101'],
      ],
    ] as [string, string][][]) {
      expect(await thrown(me.call({ service: 'ecs', method: 'GET', path, query }))).toMatchObject({ code: 'Ecs.0005' });
    }
    expect(await listFpgaAssociations(me, { fpgaImageId: pair.fpgaImageId })).toMatchObject([
      { imageId: pair.imageId },
    ]);
  });

  test.each(['otc', 'huawei'] as const)('are not to be had in most regions of %s', async (mode) => {
    const { me } = await open({ mode });
    expect(await thrown(listFpgaImages(me))).toMatchObject({ code: 'unsupported' });
  });
});

describe('a native resize', () => {
  test('is tried, done as a job, and needs no confirmation', async () => {
    const { cloud, me } = await open({ mode: 'huawei' });
    const { id } = cloud.server('web-1');
    expect(await thrown(tryNativeResize(me, id, { flavorId: '12' }))).toMatchObject({ code: 'Ecs.0100' });
    await tryNativeResize(me, id, { flavorId: '12', stopFirst: true });
    expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
    const { jobId } = await nativeResize(me, id, { flavorId: '12', stopFirst: true });
    await until(async () => (await outcomeOf(me, jobId)) === 'succeeded', 'SUCCESS');
    expect(cloud.flavorOf('web-1')).toBe('s2.medium.1');
    expect(cloud.status('web-1')).toBe('ACTIVE');
  });

  test('goes from INIT over RUNNING, and can fail with a reason', async () => {
    const { cloud, me } = await open({ mode: 'huawei', pace: 'manual' });
    const { id } = cloud.server('web-1');
    cloud.operator.stop('web-1');
    const { jobId } = await nativeResize(me, id, { flavorId: '16' });
    expect((await showJob(me, jobId))?.status).toBe('INIT');
    cloud.step(jobId);
    expect((await showJob(me, jobId))?.status).toBe('RUNNING');
    cloud.finish(jobId);
    const job = await showJob(me, jobId);
    expect(job === null ? null : readOutcome(job)).toEqual({
      kind: 'failed',
      code: 'Ecs.0319',
      reason: 'Insufficient resources for the flavor.',
    });
    expect(cloud.flavorOf('web-1')).toBe('s2.small.1');
    expect(await showJob(me, 'f'.repeat(32))).toBeNull();
  });

  test.each(['v1', 'v2.1'] as const)('may go to these flavors, told by %s', async (resizeFlavors) => {
    const { cloud, me } = await open({ mode: 'otc', resizeFlavors });
    const flavors = await listResizeFlavors(me, cloud.server('web-1').id);
    expect(flavors?.map(({ name, vcpus }) => [name, vcpus])).toEqual([
      ['s2.medium.1', 2],
      ['c1.large', 4],
      ['c1.2xlarge', 8],
      ['huge.nohost', 10],
      ['fail.finish', 2],
    ]);
  });

  test('nobody says which flavors it may go to, where neither API does', async () => {
    const { cloud, me } = await open({ mode: 'otc', resizeFlavors: 'none' });
    expect(await listResizeFlavors(me, cloud.server('web-1').id)).toBeNull();
  });
});

async function outcomeOf(me: Cloud, jobId: string): Promise<string> {
  const job = await showJob(me, jobId);
  return job === null ? 'unknown' : readOutcome(job).kind;
}
