// What would be sent, without sending it; and what a request can say about where it goes and how long it may take.
import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { attachVolumeRequest } from '../../src/openstack/attachments.ts';
import type { CloudRequest } from '../../src/openstack/cloud.ts';
import { associateFpgaImageRequest, disassociateFpgaImageRequest } from '../../src/openstack/fpga.ts';
import { attachInterfaceRequest } from '../../src/openstack/interfaces.ts';
import { createNetworkRequest } from '../../src/openstack/networks.ts';
import { deletePortRequest } from '../../src/openstack/ports.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { createVolumeRequest } from '../../src/openstack/volumes.ts';
import { CLOUD, connect, createTestHttp, offersVersions, thrown, useNock } from './edge.ts';

useNock();

describe('the preview of a call', () => {
  test.each([
    [createNetworkRequest({ name: 'a' }), `POST ${CLOUD}/network/v2.0/networks`],
    [deletePortRequest('p1'), `DELETE ${CLOUD}/network/v2.0/ports/p1`],
    [
      createVolumeRequest({ name: 'a', sizeGiB: 1, zone: null, type: null, correlation: 'C' }),
      `POST ${CLOUD}/volume/v3/p1/volumes`,
    ],
    [attachInterfaceRequest('s1', { portId: 'p1' }), `POST ${CLOUD}/v2.1/servers/s1/os-interface`],
    [
      associateFpgaImageRequest({ fpgaImageId: 'f1', imageId: 'i1' }),
      `POST ${CLOUD}/ecs/v1/p1/cloudservers/fpga_image/f1/association`,
    ],
  ])('is the whole address and body: %j', async (request, line) => {
    const { method, url, headers, body } = await connect().preview(request);
    expect(`${method} ${url}`).toBe(line);
    expect(body).toEqual(request.body ?? null);
    expect(headers).toEqual({ 'x-auth-token': '[secret]' });
  });

  test('has the microversion that the call would have', async () => {
    offersVersions('2.93');
    const { headers } = await connect().preview(attachVolumeRequest('s1', { volumeId: 'v1' }));
    expect(headers['openstack-api-version']).toBe('compute 2.93');
  });

  test('has the query', async () => {
    const request: CloudRequest = { service: 'image', method: 'GET', path: '/images', query: [['name', 'a b']] };
    expect((await connect().preview(request)).url).toBe(`${CLOUD}/image/v2/images?name=a+b`);
  });

  test('is the same call as is then made', async () => {
    const request = disassociateFpgaImageRequest({ fpgaImageId: 'f1', imageId: 'i1' });
    const cloud = connect({ profile: profiles.huawei });
    const { method, url, body } = await cloud.preview(request);
    const { pathname } = new URL(url);
    nock(CLOUD)
      .intercept(pathname, method, body as nock.RequestBodyMatcher)
      .reply(204);
    expect((await cloud.call(request)).status).toBe(204);
  });

  test('covers what is secret, at any depth', async () => {
    const body = { server: { name: 'a', adminPass: 'hunter2', list: ['hunter2', 1, null, true] } };
    const request: CloudRequest = { service: 'compute', method: 'POST', path: '/servers', body, secrets: ['hunter2'] };
    const shown = await connect().preview(request);
    expect(shown.body).toEqual({ server: { name: 'a', adminPass: '[secret]', list: ['[secret]', 1, null, true] } });
    expect(inspect(shown, { depth: 9 })).not.toContain('token-1');
  });

  test('is refused like the call, where the cloud has no such service', async () => {
    const request: CloudRequest = { service: 'identity', method: 'GET', path: '/users' };
    expect(await thrown(connect().preview(request))).toMatchObject({ code: 'unsupported' });
  });
});

describe('a request', () => {
  test('keeps its secrets out of what the service quotes', async () => {
    const request: CloudRequest = {
      service: 'compute',
      method: 'POST',
      path: '/servers',
      body: { adminPass: 'hunter2' },
      secrets: ['hunter2'],
    };
    nock(CLOUD)
      .post('/v2.1/servers')
      .reply(400, { badRequest: { code: 400, message: "Invalid input: {'adminPass': 'hunter2'}" } });
    const error = await thrown(connect().call(request));
    expect(error).toMatchObject({ serviceMessage: "Invalid input: {'adminPass': '[secret]'}" });
    expect(inspect(error)).not.toContain('hunter2');
  });

  test('has the time limit that it says', async () => {
    const limits: number[] = [];
    const original = AbortSignal.timeout.bind(AbortSignal);
    const timeout = (ms: number): AbortSignal => {
      limits.push(ms);
      return original(ms);
    };
    const http = createTestHttp();
    AbortSignal.timeout = timeout;
    try {
      nock(CLOUD).post('/v2.1/servers/s1/os-interface').reply(200, {});
      await connect({ http }).call(attachInterfaceRequest('s1', { portId: 'p1' }));
    } finally {
      AbortSignal.timeout = original;
    }
    expect(limits).toEqual([120_000]);
  });

  test('takes a 300 for an answer at the root alone', async () => {
    nock(CLOUD).get('/').reply(300, { choices: [] });
    nock(CLOUD).get('/v2.1/').reply(300, { choices: [] });
    const ask: CloudRequest = { service: 'compute', method: 'GET', path: '/' };
    expect((await connect().call({ ...ask, below: 'root' })).status).toBe(300);
    expect(await thrown(connect().call({ ...ask, below: 'version' }))).toMatchObject({ kind: 'unexpected' });
  });
});
