// Which microversion a call is made with, and how little it matters when the cloud does not say.
import * as fc from 'fast-check';
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import {
  chooseMicroversion,
  compareMicroversions,
  createVersions,
  parseMicroversion,
  readRange,
  type VersionRange,
} from '../../src/openstack/versions.ts';
import { CLOUD, COMPUTE, createTestHttp, NOW, recorded, useNock } from './edge.ts';

useNock();

const upTo = (max: string): VersionRange => ({ min: [2, 1], max: parseMicroversion(max) ?? [2, 1] });

describe('reading what an endpoint offers', () => {
  test.each(['nova-v21', 'nova-root'])('a real Nova’s %s', (name) => {
    expect(readRange(recorded(name), COMPUTE)).toEqual({ min: [2, 1], max: [2, 93] });
  });

  test('the legacy v2 API has none', () => {
    expect(readRange(recorded('nova-v2'), `${CLOUD}/v2`)).toBeNull();
    expect(readRange(recorded('nova-root'), `${CLOUD}/v2`)).toBeNull();
  });

  test.each([
    ['""', { id: 'v2.1', version: '', min_version: '' }],
    ['null', { id: 'v2.1', version: null, min_version: null }],
    ['missing', { id: 'v2.1' }],
    ['nonsense', { id: 'v2.1', version: 'latest' }],
  ])('a maximum of %s means none', (_what, version) => {
    expect(readRange({ version }, COMPUTE)).toBeNull();
  });

  test.each([null, 'text', [], { choices: [{ id: 'v2.1' }] }, { versions: 'x' }, { versions: [{ id: 'v2.0' }] }])(
    '%j means none',
    (body) => {
      expect(readRange(body, COMPUTE)).toBeNull();
    },
  );

  test('Cinder lists v3.0 for what is at /v3', () => {
    const body = { versions: [{ id: 'v3.0', version: '3.70', min_version: '3.0' }] };
    expect(readRange(body, `${CLOUD}/v3`)).toEqual({ min: [3, 0], max: [3, 70] });
  });
});

describe('comparing', () => {
  test('2.9 is before 2.10, and 2.60 before 2.100', () => {
    const sorted = ['2.100', '2.9', '2.60', '2.10'].map(parseMicroversion).filter((version) => version !== null);
    expect(sorted.toSorted(compareMicroversions)).toEqual([
      [2, 9],
      [2, 10],
      [2, 60],
      [2, 100],
    ]);
  });

  test('agrees with comparing the numbers, for all pairs', () => {
    const part = fc.nat(300);
    fc.assert(
      fc.property(fc.tuple(part, part), fc.tuple(part, part), (a, b) => {
        const byNumber = a[0] * 1000 + a[1] - (b[0] * 1000 + b[1]);
        expect(Math.sign(compareMicroversions(a, b))).toBe(Math.sign(byNumber));
      }),
    );
  });
});

describe('choosing', () => {
  test.each([
    { what: 'what the call understands', max: '2.93', ceiling: null, expected: '2.60' },
    { what: 'what the cloud has, when that is less', max: '2.53', ceiling: null, expected: '2.53' },
    { what: '2.9, which is less than 2.60', max: '2.9', ceiling: null, expected: '2.9' },
    { what: 'what the operator allows, when that is less', max: '2.93', ceiling: '2.26', expected: '2.26' },
    { what: 'the call’s own, when the operator allows more', max: '2.93', ceiling: '2.90', expected: '2.60' },
  ])('takes $what', ({ max, ceiling, expected }) => {
    expect(chooseMicroversion({ most: '2.60' }, upTo(max), ceiling)).toBe(expected);
  });

  test('sends none where the cloud has none, or begins above what we understand', () => {
    expect(chooseMicroversion({ most: '2.60' }, null, null)).toBeNull();
    expect(chooseMicroversion({ most: '2.60' }, { min: [2, 70], max: [2, 96] }, null)).toBeNull();
  });

  test.each([
    ['the cloud is too old', upTo('2.25'), null],
    ['the cloud has no microversions', null, null],
    ['the operator forbids it', upTo('2.93'), '2.25'],
  ])('refuses a call that needs more when %s', (_what, range, ceiling) => {
    expect(() => chooseMicroversion({ least: '2.26', most: '2.60' }, range, ceiling)).toThrow(
      /needs API version 2\.26/,
    );
  });

  test('is never above the cloud, the call or the operator', () => {
    const minor = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(minor, minor, minor, (most, max, ceiling) => {
        const chosen = chooseMicroversion({ most: `2.${most}` }, upTo(`2.${max}`), `2.${ceiling}`);
        expect(chosen).toBe(`2.${Math.min(most, max, ceiling)}`);
      }),
    );
  });
});

describe('asking', () => {
  const answer = { version: { id: 'v2.1', version: '2.60', min_version: '2.1' } };

  test('an endpoint is asked once, however many want to know', async () => {
    nock(CLOUD).get('/v2.1/').once().reply(200, answer);
    const versions = createVersions(createTestHttp(), () => NOW);
    const all = await Promise.all(Array.from({ length: 20 }, async () => versions.discover(COMPUTE, 't')));
    expect(all).toEqual(Array.from({ length: 20 }, () => upTo('2.60')));
    expect(await versions.discover(COMPUTE, 't')).toEqual(upTo('2.60'));
  });

  test('first without the token; with it where the cloud insists', async () => {
    nock(CLOUD, { badheaders: ['x-auth-token'] })
      .get('/v2.1/')
      .reply(401, '');
    nock(CLOUD, { reqheaders: { 'x-auth-token': 't' } })
      .get('/v2.1/')
      .reply(200, answer);
    expect(await createVersions(createTestHttp(), () => NOW).discover(COMPUTE, 't')).toEqual(upTo('2.60'));
  });

  test('an ended token is no reason to do without: the next one asks again', async () => {
    nock(CLOUD).get('/v2.1/').times(3).reply(401, '');
    nock(CLOUD, { reqheaders: { 'x-auth-token': 'new' } })
      .get('/v2.1/')
      .reply(200, answer);
    const versions = createVersions(createTestHttp(), () => NOW);
    expect(await versions.discover(COMPUTE, 'old')).toBeNull();
    expect(await versions.discover(COMPUTE, 'new')).toEqual(upTo('2.60'));
  });

  test.each([
    ['300 with choices', 300, { choices: [{ id: 'v2.1', status: 'CURRENT' }] }],
    ['404', 404, ''],
    ['500', 500, ''],
    ['HTML', 200, '<html>'],
  ])('%s: work goes on without microversions', async (_what, status, body) => {
    nock(CLOUD).get('/v2.1/').reply(status, body);
    expect(await createVersions(createTestHttp(), () => NOW).discover(COMPUTE, 't')).toBeNull();
  });

  test('a cloud that does not answer in time is asked again after a minute, not at every call', async () => {
    let time = NOW;
    let asked = 0;
    const never = createTestHttp({
      fetch: async () => {
        asked += 1;
        throw new DOMException('too late', 'TimeoutError');
      },
    });
    const versions = createVersions(never, () => time);
    expect(await versions.discover(COMPUTE, 't')).toBeNull();
    time += 59_000;
    await versions.discover(COMPUTE, 't');
    expect(asked).toBe(1);
    time += 2000;
    await versions.discover(COMPUTE, 't');
    expect(asked).toBe(2);
  });
});
