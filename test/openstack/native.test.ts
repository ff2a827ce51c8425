// The ECS API of the commercial clouds: resize as a job, what a server can become, and how jobs turn out.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { readOutcome, showJob, type Job } from '../../src/openstack/jobs.ts';
import { listResizeFlavors, nativeResize, nativeResizeRequest, tryNativeResize } from '../../src/openstack/native.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { CLOUD, connect, ECS, thrown, useNock } from './edge.ts';

useNock();

const JOB = 'ff808081588f3d4901589042e8d900aa';

const huawei = { profile: profiles.huawei };

describe('a resize', () => {
  test('is a job', async () => {
    nock(CLOUD)
      .post(`${ECS}/cloudservers/s1/resize`, { resize: { flavorRef: 'c3.xlarge.2' } })
      .reply(200, { job_id: JOB });
    expect(await nativeResize(connect(huawei), 's1', { flavorId: 'c3.xlarge.2' })).toMatchObject({ jobId: JOB });
  });

  test('stops the server first where that is wished', () => {
    expect(nativeResizeRequest('s1', { flavorId: 'x', stopFirst: true }).body).toEqual({
      resize: { flavorRef: 'x', mode: 'withStopServer' },
    });
  });

  test('is tried without being done', async () => {
    nock(CLOUD)
      .post(`${ECS}/cloudservers/s1/resize`, { resize: { flavorRef: 'x' }, dry_run: true })
      .reply(202);
    await tryNativeResize(connect(huawei), 's1', { flavorId: 'x' });
  });

  test('without a job id is no answer', async () => {
    nock(CLOUD).post(`${ECS}/cloudservers/s1/resize`).reply(200, { order_id: 'CS1' });
    expect(await thrown(nativeResize(connect(huawei), 's1', { flavorId: 'x' }))).toMatchObject({ kind: 'unexpected' });
  });

  test.each([
    [400, 'Ecs.0100', 'conflict'],
    [400, 'Ecs.0605', 'conflict'],
    [501, 'Ecs.0603', 'conflict'],
    [400, 'Ecs.0001', 'quota'],
    [400, 'Ecs.0810', 'bad_request'],
    [400, 'Ecs.0029', 'bad_request'],
    [404, 'Ecs.0114', 'not_found'],
    [403, 'Pdp.0001', 'forbidden'],
    [202, 'Common.0024', 'throttled'],
  ])('is refused for a reason: %s %s', async (status, code, kind) => {
    nock(CLOUD)
      .post(`${ECS}/cloudservers/s1/resize`)
      .reply(status, { error: { code, message: 'no' } });
    expect(await thrown(nativeResize(connect(huawei), 's1', { flavorId: 'x' }))).toMatchObject({ kind, code });
  });
});

describe('what a server can become', () => {
  const V1 = `${ECS}/cloudservers/resize_flavors`;
  // Huawei always has the project in Nova's addresses.
  const V21 = '/v2.1/p1/resize_flavors';
  const flavor = { id: 'c3', name: 'c3', vcpus: '60', ram: 131_072, disk: '0', swap: '', extra_specs: { a: 'b' } };
  const gateway = { error_msg: 'The API does not exist', error_code: 'APIGW.0101', request_id: 'r' };

  test('is read although its numbers are words', async () => {
    nock(CLOUD)
      .get(V1)
      .query({ instance_uuid: 's1' })
      .reply(200, { flavors: [flavor, {}] });
    expect(await listResizeFlavors(connect(huawei), 's1')).toMatchObject([
      { id: 'c3', vcpus: 60, ramMiB: 131_072, diskGiB: 0, swapMiB: 0, extraSpecs: { a: 'b' } },
    ]);
  });

  test('is asked of Nova where the native API does not know it', async () => {
    nock(CLOUD).get(V1).query(true).reply(404, gateway);
    nock(CLOUD).get(V21).query({ instance_uuid: 's1' }).reply(200, { flavors: [] });
    expect(await listResizeFlavors(connect(huawei), 's1')).toEqual([]);
  });

  test('nobody tells where neither knows it', async () => {
    nock(CLOUD).get(V1).query(true).reply(404, gateway);
    nock(CLOUD).get(V21).query(true).reply(404, gateway);
    expect(await listResizeFlavors(connect(huawei), 's1')).toBeNull();
  });

  test('nobody is asked on plain OpenStack', async () => {
    expect(await listResizeFlavors(connect(), 's1')).toBeNull();
  });

  test('is not told of a server that is not there', async () => {
    nock(CLOUD)
      .get(V1)
      .query(true)
      .reply(404, { error: { code: 'Ecs.0114', message: 'The ECS does not exist.' } });
    expect(await thrown(listResizeFlavors(connect(huawei), 's1'))).toMatchObject({ kind: 'not_found' });
  });
});

describe('a job', () => {
  test('is read with its parts', async () => {
    const part = {
      status: 'FAIL',
      entities: { server_id: 's1', errorcode_message: 'sold out' },
      job_id: 'j2',
      job_type: 'resizeSingleServer',
      error_code: 'Ecs.0319',
      fail_reason: null,
    };
    nock(CLOUD)
      .get(`${ECS}/jobs/${JOB}`)
      .reply(200, {
        status: 'FAIL',
        job_id: JOB,
        job_type: 'resizeServer',
        begin_time: '2016-04-25T20:04:34.604Z',
        end_time: '2016-04-25T20:08:41.593Z',
        error_code: 'Common.0021',
        fail_reason: '',
        entities: { sub_jobs_total: 1, sub_jobs: [part] },
      });
    expect(await showJob(connect(huawei), JOB)).toMatchObject({
      id: JOB,
      status: 'FAIL',
      type: 'resizeServer',
      beganAt: Date.UTC(2016, 3, 25, 20, 4, 34, 604),
      errorCode: 'Common.0021',
      failReason: null,
      subJobs: [{ id: 'j2', status: 'FAIL', serverId: 's1', errorCode: 'Ecs.0319', failReason: 'sold out' }],
    });
  });

  test('that has hardly begun says nearly nothing', async () => {
    nock(CLOUD).get(`${ECS}/jobs/${JOB}`).reply(200, { status: 'INIT', job_id: JOB, entities: {}, error_code: null });
    expect(await showJob(connect(huawei), JOB)).toMatchObject({ status: 'INIT', beganAt: null, subJobs: [] });
  });

  test.each([
    [400, { code: 'Common.0011', message: 'The job ID is invalid.' }],
    [400, { error: { code: 'Common.0011', message: 'The job ID is invalid.' } }],
    [404, { error_msg: 'none', error_code: 'APIGW.0101', request_id: 'r' }],
  ])('that nobody knows is null: %s %j', async (status, body) => {
    nock(CLOUD).get(`${ECS}/jobs/${JOB}`).reply(status, body);
    expect(await showJob(connect(huawei), JOB)).toBeNull();
  });

  test('that cannot be asked about now is a failure, not null', async () => {
    nock(CLOUD)
      .get(`${ECS}/jobs/${JOB}`)
      .reply(400, { error: { code: 'Ecs.0301', message: 'query failed' } });
    expect(await thrown(showJob(connect(huawei), JOB))).toMatchObject({ kind: 'bad_request' });
  });

  const job = (fields: Partial<Job>): Job => ({
    id: 'j',
    status: 'RUNNING',
    type: null,
    beganAt: null,
    endedAt: null,
    errorCode: null,
    failReason: null,
    serverId: null,
    subJobs: [],
    ...fields,
  });

  test.each([
    ['INIT', { kind: 'running' }],
    ['RUNNING', { kind: 'running' }],
    ['SOMETHING_NEW', { kind: 'running' }],
    ['SUCCESS', { kind: 'succeeded' }],
    ['FAIL', { kind: 'failed', code: null, reason: null }],
  ])('in %s', (status, outcome) => expect(readOutcome(job({ status }))).toEqual(outcome));

  test('tells the reason of its part where it has none of its own', () => {
    const subJobs = [job({ status: 'FAIL', errorCode: 'Ecs.0319', failReason: 'sold out' })];
    expect(readOutcome(job({ status: 'FAIL', subJobs }))).toEqual({
      kind: 'failed',
      code: 'Ecs.0319',
      reason: 'sold out',
    });
    expect(readOutcome(job({ status: 'FAIL', errorCode: 'Common.0021', subJobs }))).toMatchObject({
      code: 'Ecs.0319',
      reason: 'sold out',
    });
  });

  test('is not a success because it says so, with a part that failed', () => {
    const subJobs = [job({ status: 'SUCCESS' }), job({ status: 'FAIL', errorCode: 'Ecs.0207' })];
    expect(readOutcome(job({ status: 'SUCCESS', subJobs }))).toMatchObject({ kind: 'failed', code: 'Ecs.0207' });
  });
});
