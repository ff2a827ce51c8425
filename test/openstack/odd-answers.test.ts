// Answers that are not what their status, their content type or their beginning promises.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import { CLOUD, createTestHttp, thrown, useNock } from './edge.ts';

useNock();

const get = { method: 'GET', url: `${CLOUD}/x` } as const;
const post = { method: 'POST', url: `${CLOUD}/x`, body: {} } as const;

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

describe('a success that is a refusal', () => {
  const busy: [shape: string, body: object][] = [
    ['the native shape', { error: { code: 'Common.0024', message: 'exceeds flow over limit' } }],
    ['the native shape, swapped', { error: { code: 'exceeds flow over limit', message: 'Common.0024' } }],
    ['the flat shape', { code: 'Common.0024', message: 'exceeds flow over limit' }],
    ['the flat shape, swapped', { code: 'exceeds flow over limit', message: 'Common.0024' }],
    ['the gateway’s shape', { error_code: 'APIGW.0308', error_msg: 'throttled', request_id: 'abc' }],
  ];

  test.each(busy)('“busy” as a 202 is throttling, and reading is tried again: %s', async (_shape, body) => {
    nock(CLOUD).get('/x').reply(202, body).get('/x').reply(200, { ok: true });
    const http = createTestHttp();
    expect((await http.send(get)).body).toEqual({ ok: true });
    expect(http.events.map(({ error }) => error)).toEqual(['throttled', null]);
  });

  test.each(busy)('“busy” as a 202 leaves nothing done, and a change is not repeated: %s', async (_shape, body) => {
    nock(CLOUD).post('/x').reply(202, body);
    const error = await thrown(createTestHttp().send(post));
    expect(error).toMatchObject({ kind: 'throttled', status: 202 });
    expect(isAmbiguous(error)).toBe(false);
  });

  test.each([
    ['a failed job', { status: 'FAIL', job_id: 'j1', error_code: 'Ecs.0207', fail_reason: 'resize failed' }],
    ['an error that is none', { error: null, servers: [] }],
    ['an empty error', { error: {}, servers: [] }],
    ['codes that are no errors', { code: 200, message: 'OK' }],
    ['a thing with a code and a message', { server: { fault: { code: 500, message: 'No host' } } }],
  ])('is not to be seen in %s', async (_what, body) => {
    nock(CLOUD).get('/x').reply(200, body);
    expect((await createTestHttp().send(get)).body).toEqual(body);
  });
});

describe('a content type', () => {
  const fault = JSON.stringify({ conflictingRequest: { code: 409, message: 'Locked.' } });

  test.each([HTML_TYPE, { 'content-type': 'text/plain' }, {}])('does not hide JSON: %j', async (type) => {
    nock(CLOUD).get('/x').reply(200, '{"ok":true}', type).post('/x').reply(409, fault, type);
    expect((await createTestHttp().send(get)).body).toEqual({ ok: true });
    const error = await thrown(createTestHttp().send(post));
    expect(error).toMatchObject({ kind: 'conflict', code: 'conflictingRequest', serviceMessage: 'Locked.' });
  });

  test('does not make HTML JSON', async () => {
    const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';
    nock(CLOUD).get('/x').reply(200, page, JSON_TYPE).post('/x').reply(502, page, JSON_TYPE);
    expect(await thrown(createTestHttp().send(get))).toMatchObject({ kind: 'unexpected', status: 200 });
    const error = await thrown(createTestHttp().send(post));
    expect(error).toMatchObject({ kind: 'unavailable', serviceMessage: '502 Bad Gateway' });
  });
});

describe('an answer without a body', () => {
  test.each([200, 201, 202, 204])('is a success of %i', async (status) => {
    nock(CLOUD).post('/x').reply(status, '', JSON_TYPE);
    expect(await createTestHttp().send(post)).toMatchObject({ status, body: null });
  });

  test.each([' ', '\n', '\r\n\t', 'null'])('may hold nothing but %j', async (nothing) => {
    nock(CLOUD).post('/x').reply(202, nothing, JSON_TYPE);
    expect((await createTestHttp().send(post)).body).toBeNull();
  });

  test.each([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [413, 'bad_request'],
    [418, 'unexpected'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('is told by its status alone: %i is %s', async (status, kind) => {
    nock(CLOUD).post('/x').reply(status, '');
    expect(await thrown(createTestHttp().send(post))).toMatchObject({ kind, status, code: null, serviceMessage: '' });
  });
});

describe('a fault of Nova or Cinder', () => {
  test.each([
    ['badRequest', 400, 'bad_request'],
    // Theirs, not the token's: an image that the person may not use.
    ['unauthorized', 401, 'forbidden'],
    ['forbidden', 403, 'forbidden'],
    ['itemNotFound', 404, 'not_found'],
    ['badMethod', 405, 'bad_request'],
    ['computeFault', 406, 'bad_request'],
    ['conflictingRequest', 409, 'conflict'],
    ['computeFault', 410, 'not_found'],
    ['overLimit', 413, 'bad_request'],
    ['badMediaType', 415, 'bad_request'],
    ['overLimit', 429, 'throttled'],
    ['computeFault', 500, 'unavailable'],
    ['notImplemented', 501, 'bad_request'],
    ['serviceUnavailable', 503, 'unavailable'],
  ])('%s with %i is %s', async (code, status, ...[kind]) => {
    nock(CLOUD)
      .post('/x')
      .reply(status, { [code]: { code: status, message: 'Said so.' } });
    expect(await thrown(createTestHttp().send(post))).toMatchObject({ kind, code, serviceMessage: 'Said so.' });
  });
});

describe('a refusal of Keystone, or of what checks its tokens before others', () => {
  const told = { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' };

  test.each([
    ['as usual', { error: told }],
    ['of a plug-in, which says how else to sign in', { error: { ...told, identity: { methods: ['totp'], totp: {} } } }],
  ])('is a token that is not accepted: %s', async (_what, body) => {
    nock(CLOUD).post('/x').reply(401, body, { 'WWW-Authenticate': 'Keystone uri="https://keystone.example/v3"' });
    const error = await thrown(createTestHttp().send(post));
    expect(error).toMatchObject({ kind: 'unauthorized', code: 'Unauthorized', serviceMessage: told.message });
  });
});

describe('JSON that was cut off', () => {
  test('is no answer, and a change that got it may have been made', async () => {
    nock(CLOUD).post('/x').reply(202, '{"server": {"id": "s1", "admi', JSON_TYPE);
    const error = await thrown(createTestHttp().send(post));
    expect(error).toMatchObject({ kind: 'unexpected', serviceMessage: 'the answer is not JSON' });
    expect(isAmbiguous(error)).toBe(true);
  });

  test('is not shown to anybody, with what may be secret in it', async () => {
    nock(CLOUD).post('/x').reply(202, '{"server": {"adminPass": "hunter2hunter2", "id', JSON_TYPE);
    const error = await thrown(createTestHttp().send(post));
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });
});
