// A connection renews its token once, keeps to microversions the cloud has, and never acts in another project.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import type { CloudRequest } from '../../src/openstack/cloud.ts';
import type { ScopedToken, TokenSource } from '../../src/openstack/client.ts';
import { listServers } from '../../src/openstack/servers.ts';
import { CLOUD, connect, fixedToken, offersVersions, recorded, scopedToken, thrown, useNock } from './edge.ts';

useNock();

const unauthorized = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
};
const list: CloudRequest = {
  service: 'compute',
  method: 'GET',
  path: '/servers/detail',
  microversion: { most: '2.60' },
};
const stop: CloudRequest = {
  service: 'compute',
  method: 'POST',
  path: '/servers/s1/action',
  body: { 'os-stop': null },
};

/** Renewals share one request, as a token source must; `renewals` counts the requests. */
function renewingTokens(): TokenSource & { renewals: number } {
  let token: ScopedToken = scopedToken('old');
  let pending: Promise<ScopedToken> | null = null;
  const source = {
    renewals: 0,
    current: async () => token,
    renew: async () => {
      pending ??= Promise.resolve().then(() => {
        source.renewals += 1;
        token = scopedToken('new');
        pending = null;
        return token;
      });
      return pending;
    },
  };
  return source;
}

function withToken(value: string): nock.Scope {
  return nock(CLOUD, { reqheaders: { 'x-auth-token': value } });
}

describe('a refused token', () => {
  test('is renewed, and the call made again, changes included: a 401 is never carried out', async () => {
    withToken('old').post('/v2.1/servers/s1/action').reply(401, unauthorized);
    withToken('new').post('/v2.1/servers/s1/action', { 'os-stop': null }).reply(202, '');
    const tokens = renewingTokens();
    expect((await connect({ tokens }).call(stop)).status).toBe(202);
    expect(tokens.renewals).toBe(1);
  });

  test('twice in a row ends it', async () => {
    nock(CLOUD).post('/v2.1/servers/s1/action').times(2).reply(401, unauthorized);
    const tokens = renewingTokens();
    expect(await thrown(connect({ tokens }).call(stop))).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(tokens.renewals).toBe(1);
  });

  test('of a hundred calls at once is renewed once', async () => {
    withToken('old').post('/v2.1/servers/s1/action').times(100).reply(401, unauthorized);
    withToken('new').post('/v2.1/servers/s1/action').times(100).reply(202, '');
    const tokens = renewingTokens();
    const cloud = connect({ tokens });
    const answers = await Promise.all(Array.from({ length: 100 }, async () => cloud.call(stop)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 100 }, () => 202));
    expect(tokens.renewals).toBe(1);
  });

  test('is not renewed when somebody has done so meanwhile', async () => {
    withToken('old').post('/v2.1/servers/s1/action').reply(401, unauthorized);
    withToken('new').post('/v2.1/servers/s1/action').reply(202, '');
    const given = [scopedToken('old'), scopedToken('new')];
    const tokens = { ...fixedToken(scopedToken('new')), current: async () => given.shift() ?? scopedToken('new') };
    expect((await connect({ tokens }).call(stop)).status).toBe(202);
  });

  test('that cannot be renewed lets its owner’s sentence through', async () => {
    nock(CLOUD).post('/v2.1/servers/s1/action').reply(401, unauthorized);
    const tokens: TokenSource = {
      ...fixedToken(scopedToken()),
      renew: async () => Promise.reject(new Error('sign in again')),
    };
    await expect(connect({ tokens }).call(stop)).rejects.toThrow('sign in again');
  });

  test('a 403 is not a reason to renew', async () => {
    nock(CLOUD)
      .post('/v2.1/servers/s1/action')
      .reply(403, {
        forbidden: { code: 403, message: "Policy doesn't allow os_compute_api:servers:stop to be performed." },
      });
    expect(await thrown(connect().call(stop))).toMatchObject({ kind: 'forbidden' });
  });
});

function versionsAnswer(status: number, body: nock.Body, times = 1): void {
  nock(CLOUD).get('/v2.1/').times(times).reply(status, body);
}

function outOfTime(): Error {
  return new DOMException('too late', 'TimeoutError');
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

describe('microversions', () => {
  test('both headers name the chosen one', async () => {
    offersVersions('2.53');
    nock(CLOUD, { reqheaders: { 'openstack-api-version': 'compute 2.53', 'x-openstack-nova-api-version': '2.53' } })
      .get('/v2.1/servers/detail')
      .reply(200, { servers: [] });
    expect((await connect().call(list)).body).toEqual({ servers: [] });
  });

  test('a call that needs none asks nothing and sends none', async () => {
    nock(CLOUD, { badheaders: ['openstack-api-version', 'x-openstack-nova-api-version'] })
      .post('/v2.1/servers/s1/action')
      .reply(202, '');
    expect(await connect().call(stop)).toMatchObject({ status: 202, body: null });
  });

  test('two calls cost one discovery', async () => {
    offersVersions('2.60', 1);
    nock(CLOUD).get('/v2.1/servers/detail').times(2).reply(200, { servers: [] });
    const cloud = connect();
    await cloud.call(list);
    await cloud.call(list);
  });

  test('a cloud that does not say works without', async () => {
    nock(CLOUD).get('/v2.1/').reply(404, '');
    nock(CLOUD, { badheaders: ['openstack-api-version'] })
      .get('/v2.1/servers/detail')
      .reply(200, { servers: [] });
    expect((await connect().call(list)).status).toBe(200);
  });

  test.each<[string, () => void]>([
    ['a choice instead of an answer', () => versionsAnswer(300, { choices: [{ id: 'v2.1', status: 'CURRENT' }] })],
    ['a 401, with the token too', () => versionsAnswer(401, unauthorized, 2)],
    ['only the oldest', () => versionsAnswer(200, { version: { id: 'v2.0', status: 'SUPPORTED' } })],
    ['nothing in time', () => void nock(CLOUD).get('/v2.1/').replyWithError(outOfTime())],
    ['a broken connection', () => void nock(CLOUD).get('/v2.1/').replyWithError(reset())],
  ])('a cloud that says %s when asked for its versions works without', async (_what, says) => {
    says();
    nock(CLOUD, { badheaders: ['openstack-api-version', 'x-openstack-nova-api-version'] })
      .get('/v2.1/servers/detail')
      .reply(200, { servers: [] });
    expect((await connect().call(list)).body).toEqual({ servers: [] });
  });

  test('a cloud that passes over the version it was asked for is understood by what it answers', async () => {
    offersVersions('2.60');
    nock(CLOUD, { reqheaders: { 'openstack-api-version': 'compute 2.60' } })
      .get('/v2.1/servers/detail')
      .query(true)
      .reply(200, recorded('servers-detail-default') as nock.Body);
    const { servers } = await listServers(connect(), {});
    expect(servers.map(({ flavor, locked }) => [Object.keys(flavor ?? {}), locked])).toEqual([
      [['id'], null],
      [['id'], null],
      [['id'], null],
    ]);
  });

  test('after a 406 the cloud is asked again and the call made lower', async () => {
    const refusal = (recorded('errors/nova-bad-microversion-406') as { body: nock.Body }).body;
    offersVersions('2.93');
    nock(CLOUD, { reqheaders: { 'x-openstack-nova-api-version': '2.60' } })
      .get('/v2.1/servers/detail')
      .reply(406, refusal);
    offersVersions('2.53');
    nock(CLOUD, { reqheaders: { 'x-openstack-nova-api-version': '2.53' } })
      .get('/v2.1/servers/detail')
      .reply(200, {});
    expect((await connect().call(list)).status).toBe(200);
  });

  test('after a 406 to many calls at once the cloud is asked again once', async () => {
    offersVersions('2.93', 1);
    nock(CLOUD, { reqheaders: { 'x-openstack-nova-api-version': '2.60' } })
      .get('/v2.1/servers/detail')
      .times(20)
      .reply(406, '');
    offersVersions('2.53', 1);
    nock(CLOUD, { reqheaders: { 'x-openstack-nova-api-version': '2.53' } })
      .get('/v2.1/servers/detail')
      .times(20)
      .reply(200, {});
    const cloud = connect();
    const answers = await Promise.all(Array.from({ length: 20 }, async () => cloud.call(list)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('a cloud that offers what it then refuses gets no third try', async () => {
    offersVersions('2.93', 2);
    nock(CLOUD).get('/v2.1/servers/detail').reply(406, '');
    expect(await thrown(connect().call(list))).toMatchObject({ status: 406 });
  });

  test('the operator’s ceiling holds', async () => {
    offersVersions('2.93');
    nock(CLOUD, { reqheaders: { 'x-openstack-nova-api-version': '2.26' } })
      .get('/v2.1/servers/detail')
      .reply(200, {});
    expect((await connect({ ceiling: '2.26' }).call(list)).status).toBe(200);
  });

  test('a call the cloud is too old for is refused in a sentence, without being made', async () => {
    offersVersions('2.25');
    const error = await thrown(connect().call({ ...list, microversion: { least: '2.26', most: '2.60' } }));
    expect(error).toMatchObject({ name: 'UserError', code: 'unsupported' });
  });
});

describe('the way to the cloud', () => {
  test('the answer keeps the request id and the cloud’s clock', async () => {
    nock(CLOUD)
      .post('/v2.1/servers/s1/action')
      .reply(202, '', { 'X-Compute-Request-Id': 'req-1', Date: 'Fri, 20 Nov 2026 21:17:19 GMT' });
    const answer = await connect().call(stop);
    expect(answer).toEqual({ status: 202, body: null, requestId: 'req-1', at: Date.parse('2026-11-20T21:17:19Z') });
  });

  test('query values arrive as written, plus signs included', async () => {
    nock(CLOUD).get('/v2.1/flavors?note=a%2Bb%26c%3D+Gr%C3%B6%C3%9Fe').reply(200, {});
    await connect().call({ service: 'compute', method: 'GET', path: '/flavors', query: [['note', 'a+b&c= Größe']] });
  });

  test('a token of another project is not used, whoever handed it in', async () => {
    const tokens = fixedToken({ ...scopedToken(), projectId: 'p2' });
    await expect(connect({ tokens }).call(stop)).rejects.toThrow(/project p2/);
  });

  test('a project, and a region, can be read off the connection', () => {
    expect(connect()).toMatchObject({ projectId: 'p1', region: 'RegionOne' });
  });
});
