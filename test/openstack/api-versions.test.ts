// What the compute service says about its versions, and which one the bot speaks and why.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { showVersions, usedVersion, type ApiVersion } from '../../src/openstack/api-versions.ts';
import { CLOUD, connect, recorded, scopedToken, fixedToken, thrown, useNock } from './edge.ts';

useNock();

const V21: ApiVersion = { id: 'v2.1', status: 'CURRENT', min: '2.1', max: '2.93' };

describe('the versions that are offered', () => {
  test('are those of the root and of the version in use', async () => {
    nock(CLOUD)
      .get('/')
      .reply(200, recorded('nova-root') as nock.Body);
    nock(CLOUD)
      .get('/v2.1/')
      .reply(200, recorded('nova-v21') as nock.Body);
    expect(await showVersions(connect())).toEqual({
      all: [{ id: 'v2.0', status: 'SUPPORTED', min: null, max: null }, V21],
      own: V21,
    });
  });

  test('are found below a prefix, where the project stands behind the version', async () => {
    const tokens = fixedToken(scopedToken('token-1', `${CLOUD}/compute/v2/p1`));
    nock(CLOUD).get('/compute/').reply(200, { versions: [] });
    nock(CLOUD)
      .get('/compute/v2/')
      .reply(200, recorded('nova-v2') as nock.Body);
    expect(await showVersions(connect({ tokens }))).toEqual({
      all: null,
      own: { id: 'v2.0', status: 'SUPPORTED', min: null, max: null },
    });
  });

  test.each([
    ['an empty word', ''],
    ['null', null],
    ['nothing', undefined],
  ])('without microversions are written as %s', async (_words, version) => {
    nock(CLOUD)
      .get('/')
      .reply(200, { versions: [{ id: 'v2.0', status: 'CURRENT', version }, { status: 'nameless' }] });
    nock(CLOUD)
      .get('/v2.1/')
      .reply(200, { version: { id: 'v2.0', version } });
    const { all, own } = await showVersions(connect());
    expect(all).toEqual([{ id: 'v2.0', status: 'CURRENT', min: null, max: null }]);
    expect(own).toMatchObject({ max: null });
  });

  test('may come as a choice', async () => {
    nock(CLOUD)
      .get('/')
      .reply(300, { choices: [{ id: 'v2.1', status: 'CURRENT' }] });
    nock(CLOUD).get('/v2.1/').reply(404, { error_msg: 'none', error_code: 'APIGW.0101', request_id: 'r' });
    expect(await showVersions(connect())).toEqual({
      all: [{ id: 'v2.1', status: 'CURRENT', min: null, max: null }],
      own: null,
    });
  });

  test('are not told by a service that is away', async () => {
    nock(CLOUD).get('/').times(3).reply(503, {});
    nock(CLOUD).get('/v2.1/').times(3).reply(503, {});
    expect(await thrown(showVersions(connect()))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the version that is used', () => {
  test.each([
    ['the bot’s own, where the cloud has more', { own: V21, ceiling: null }, ['2.60', 'bot_maximum']],
    ['the cloud’s, where it has less', { own: { ...V21, max: '2.26' }, ceiling: null }, ['2.26', 'cloud_maximum']],
    ['the cloud’s, compared as numbers', { own: { ...V21, max: '2.9' }, ceiling: '2.10' }, ['2.9', 'cloud_maximum']],
    ['the operator’s, where it is lower', { own: V21, ceiling: '2.10' }, ['2.10', 'operator_ceiling']],
    ['not the operator’s, where it is higher', { own: V21, ceiling: '2.90' }, ['2.60', 'bot_maximum']],
    [
      'none, where the ceiling is too low',
      { own: { ...V21, min: '2.20' }, ceiling: '2.10' },
      [null, 'operator_ceiling'],
    ],
    ['none, where there are none', { own: { ...V21, max: null }, ceiling: null }, [null, 'no_microversions']],
    ['none, where nobody said', { own: null, ceiling: '2.10' }, [null, 'no_microversions']],
  ] as const)('is %s', (_words, { own, ceiling }, [version, because]) => {
    expect(usedVersion(own, ceiling)).toEqual({ version, because });
  });
});
