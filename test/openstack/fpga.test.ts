// FPGA images: associations made and taken back where the region has them, and a sentence where it has not.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import {
  associateFpgaImage,
  disassociateFpgaImage,
  listAllFpgaImages,
  listFpgaAssociations,
  listFpgaImages,
  showFpgaImage,
} from '../../src/openstack/fpga.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { CLOUD, connect, ECS, thrown, useNock } from './edge.ts';

useNock();

const FPGA = `${ECS}/cloudservers/fpga_image`;
const PAIR = { fpgaImageId: '4010b39b5281d3590152874bfa3b1604', imageId: '18efee75-e058-4c52-a49c-9e3ba4d1c8de' };
const ASSOCIATION = `${FPGA}/${PAIR.fpgaImageId}/association`;
const BODY = { image: { id: PAIR.imageId } };

const huawei = { profile: profiles.huawei };

const image = {
  id: PAIR.fpgaImageId,
  name: 'matrix',
  status: 'active',
  size: 45,
  createdAt: '2017-06-07 08:29:41',
  protected: true,
  message: null,
};

/** What the list of associations will say of the pair, once. */
function listed(is: boolean): void {
  const associations = is ? [{ image_id: PAIR.imageId, fpgaimages: [image] }] : [];
  nock(CLOUD)
    .get(`${FPGA}/associations`)
    .query({ image_id: PAIR.imageId, fpga_image_id: PAIR.fpgaImageId })
    .reply(200, { associations });
}

describe('FPGA images', () => {
  test('are listed a page at a time, page and size together', async () => {
    nock(CLOUD)
      .get(`${FPGA}/detail`)
      .query({ page: '2', size: '100' })
      .reply(200, { count: 101, fpgaimages: [image, {}] });
    expect(await listFpgaImages(connect(huawei), 2)).toEqual({
      total: 101,
      images: [
        {
          id: PAIR.fpgaImageId,
          name: 'matrix',
          description: null,
          status: 'active',
          sizeMB: 45,
          createdAt: Date.UTC(2017, 5, 7, 8, 29, 41),
          associated: true,
          message: null,
        },
      ],
    });
  });

  test('are all listed, and once more from the start where their number changed between two pages', async () => {
    const wire = (count: number, from: number) =>
      Array.from({ length: count }, (_unused, at) => ({ id: `aei-${from + at}`, name: 'same' }));
    const page = (number: number, count: number, fpgaimages: object[]): void => {
      nock(CLOUD)
        .get(`${FPGA}/detail`)
        .query({ page: String(number), size: '100' })
        .reply(200, { count, fpgaimages });
    };
    // The first of them is deleted after the first page: the 101st moves onto it, and would be seen by nobody.
    page(1, 150, wire(100, 1));
    page(2, 149, wire(49, 102));
    page(1, 149, wire(100, 2));
    page(2, 149, wire(49, 102));
    const ids = (await listAllFpgaImages(connect(huawei))).map(({ id }) => id);
    expect(ids).toEqual(wire(149, 2).map(({ id }) => id));
  });

  test('are listed once each, and not for ever, by a service that counts wrongly', async () => {
    const fpgaimages = [{ id: 'aei-1', name: 'one' }];
    nock(CLOUD).get(`${FPGA}/detail`).query(true).times(10).reply(200, { count: 5000, fpgaimages });
    expect(await listAllFpgaImages(connect(huawei))).toMatchObject([{ id: 'aei-1' }]);
  });

  test.each([
    [{ status: 'initialling' }, { status: 'initialling' }],
    [
      { status: 'error', message: 'bad timing' },
      { status: 'error', message: 'bad timing' },
    ],
    [
      { createdAt: 'soon', protected: 'false' },
      { createdAt: null, associated: false },
    ],
  ])('are shown: %j', async (fields, expected) => {
    nock(CLOUD)
      .get(`${FPGA}/detail`)
      .query({ fpga_image_id: PAIR.fpgaImageId })
      .reply(200, { count: 1, fpgaimages: [{ ...image, ...fields }] });
    expect(await showFpgaImage(connect(huawei), PAIR.fpgaImageId)).toMatchObject(expected);
  });

  test('that nobody knows are null, also when the filter is passed over', async () => {
    nock(CLOUD)
      .get(`${FPGA}/detail`)
      .query(true)
      .reply(200, { count: 1, fpgaimages: [image] });
    expect(await showFpgaImage(connect(huawei), 'other')).toBeNull();
  });

  test('are listed with the images they go with', async () => {
    nock(CLOUD)
      .get(`${FPGA}/associations`)
      .query({ image_id: PAIR.imageId })
      .reply(200, { associations: [{ image_id: PAIR.imageId, fpgaimages: [image] }, {}] });
    expect(await listFpgaAssociations(connect(huawei), { imageId: PAIR.imageId })).toMatchObject([
      { imageId: PAIR.imageId, fpgaImages: [{ id: PAIR.fpgaImageId }] },
    ]);
  });
});

describe('an association', () => {
  test.each([200, 201, 202, 204])('is made, whatever the success is called: %s', async (status) => {
    nock(CLOUD).post(ASSOCIATION, BODY).reply(status);
    expect(await associateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: true });
  });

  test('is made also when the body of the success makes no sense', async () => {
    nock(CLOUD).post(ASSOCIATION, BODY).reply(200, 'OK');
    expect(await associateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: true });
  });

  test('is taken back by a DELETE with a body', async () => {
    nock(CLOUD).delete(ASSOCIATION, BODY).matchHeader('content-type', 'application/json').reply(204);
    expect(await disassociateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: true });
  });

  test('is not taken back when a proxy dropped the body', async () => {
    nock(CLOUD)
      .delete(ASSOCIATION)
      .reply(400, { error: { code: 'Common.0002', message: 'The request body is empty.' } });
    listed(true);
    const error = await thrown(disassociateFpgaImage(connect(huawei), PAIR));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 'unavailable',
      message:
        'The cloud got the call without its body, as some proxies pass it on, so nothing was changed. Have the people who run me look at what stands between me and the cloud.',
    });
  });

  test('is taken back although a proxy dropped the body, when it is so already', async () => {
    nock(CLOUD)
      .delete(ASSOCIATION)
      .reply(400, { error: { code: 'Common.0002', message: 'The request body is empty.' } });
    listed(false);
    expect(await disassociateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: false });
  });

  test('is not made by a 202 that says “busy”', async () => {
    nock(CLOUD)
      .post(ASSOCIATION)
      .reply(202, { error: { code: 'Common.0024', message: 'flow limit' } });
    expect(await thrown(associateFpgaImage(connect(huawei), PAIR))).toMatchObject({ kind: 'throttled' });
  });

  const refusal = { error: { code: 'Ecs.0005', message: 'no' } };

  test('made twice changes nothing the second time', async () => {
    nock(CLOUD).post(ASSOCIATION).reply(400, refusal);
    listed(true);
    expect(await associateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: false });
  });

  test('that was never made is taken back without a change', async () => {
    nock(CLOUD).delete(ASSOCIATION).reply(400, refusal);
    listed(false);
    expect(await disassociateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: false });
  });

  test('that is refused for another reason is told as refused', async () => {
    nock(CLOUD).post(ASSOCIATION).reply(400, refusal);
    listed(false);
    expect(await thrown(associateFpgaImage(connect(huawei), PAIR))).toMatchObject({ code: 'Ecs.0005' });
  });

  test('of an FPGA image that is not ready by now is refused in words of its own', async () => {
    nock(CLOUD)
      .post(ASSOCIATION)
      .reply(400, { error: { code: 'Ecs.0100', message: 'The FPGA image is saving.' } });
    listed(false);
    expect(await thrown(associateFpgaImage(connect(huawei), PAIR))).toMatchObject({
      code: 'wrong_state',
      message:
        'The FPGA service does not allow this now. It said: “The FPGA image is saving.” Look at the image with “fpga list”, then try again.',
    });
  });

  test('whose answer is lost is looked for', async () => {
    nock(CLOUD).post(ASSOCIATION).reply(504, '');
    listed(true);
    expect(await associateFpgaImage(connect(huawei), PAIR)).toMatchObject({ changed: true });
  });

  test('whose answer is lost, and which cannot be looked for, is told as lost', async () => {
    nock(CLOUD).post(ASSOCIATION).reply(504, '');
    nock(CLOUD).get(`${FPGA}/associations`).query(true).times(3).reply(503, {});
    expect(await thrown(associateFpgaImage(connect(huawei), PAIR))).toMatchObject({ status: 504 });
  });
});

describe('a region without FPGA', () => {
  test.each(['APIGW.0101', 'APIG.0101'])('is told in a sentence: %s', async (error_code) => {
    nock(CLOUD)
      .get(`${FPGA}/detail`)
      .query(true)
      .reply(404, { error_msg: 'The API does not exist or has not been published', error_code, request_id: 'r' });
    const error = await thrown(listFpgaImages(connect(huawei)));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('has no FPGA service') });
  });

  test('is told so for changes too', async () => {
    nock(CLOUD).post(ASSOCIATION).reply(404, { error_msg: 'none', error_code: 'APIGW.0101', request_id: 'r' });
    expect(await thrown(associateFpgaImage(connect(huawei), PAIR))).toMatchObject({ code: 'unsupported' });
  });

  test('is every region of plain OpenStack, without asking', async () => {
    expect(await thrown(listFpgaImages(connect()))).toMatchObject({ code: 'unsupported' });
  });
});
