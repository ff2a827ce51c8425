// Which flavors can be had, and where.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { isOnSale } from '../../src/openstack/flavor-sale.ts';
import { listVolumeZones, listZones } from '../../src/openstack/zones.ts';
import { CLOUD, connect, recorded, useNock, VOLUME } from './edge.ts';

useNock();

describe('a flavor', () => {
  const AZ = 'eu-de-01(normal), eu-de-02(sellout), eu-de-03()';
  const SOLD_OUT = { 'cond:operation:status': 'sellout' };

  test.each([
    ['without specs', { specs: null, zone: null }, true],
    ['without a word about it', { specs: {}, zone: 'eu-de-01' }, true],
    ['on sale', { specs: { 'cond:operation:status': 'normal' }, zone: null }, true],
    ['in beta', { specs: { 'cond:operation:status': 'obt' }, zone: null }, true],
    ['on offer', { specs: { 'cond:operation:status': 'promotion' }, zone: null }, true],
    ['withdrawn', { specs: { 'cond:operation:status': 'abandon' }, zone: null }, false],
    ['sold out', { specs: { 'cond:operation:status': 'sellout' }, zone: 'eu-de-01' }, false],
    ['sold out in beta', { specs: { 'cond:operation:status': 'obt_sellout' }, zone: null }, false],
    ['sold out but in this zone', { specs: { ...SOLD_OUT, 'cond:operation:az': AZ }, zone: 'eu-de-01' }, true],
    ['sold out in this zone', { specs: { 'cond:operation:az': AZ }, zone: 'eu-de-02' }, false],
    ['of a zone with nothing to say', { specs: { 'cond:operation:az': AZ }, zone: 'eu-de-03' }, true],
    ['of a zone that is not named', { specs: { ...SOLD_OUT, 'cond:operation:az': AZ }, zone: 'eu-de-04' }, false],
    ['to be had in one zone at least', { specs: { ...SOLD_OUT, 'cond:operation:az': AZ }, zone: null }, true],
  ])('%s', (_words, { specs, zone }, expected) => {
    expect(isOnSale({ extraSpecs: specs, disabled: false }, zone)).toBe(expected);
  });

  test('that is disabled is not to be had', () => {
    expect(isOnSale({ extraSpecs: null, disabled: true }, null)).toBe(false);
  });
});

describe('zones', () => {
  test('are those for servers', async () => {
    nock(CLOUD)
      .get('/v2.1/os-availability-zone')
      .reply(200, recorded('os-availability-zone') as nock.Body);
    expect(await listZones(connect())).toEqual([{ name: 'nova', available: true }]);
  });

  test('may be other ones for disks, and may be closed', async () => {
    const availabilityZoneInfo = [{ zoneName: 'a', zoneState: { available: false } }, { zoneName: 'b' }, {}];
    nock(CLOUD).get(`${VOLUME}/os-availability-zone`).reply(200, { availabilityZoneInfo });
    expect(await listVolumeZones(connect())).toEqual([
      { name: 'a', available: false },
      { name: 'b', available: true },
    ]);
  });
});
