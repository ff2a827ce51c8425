// Address ranges: what is one, which of two overlap, and the sentence for one that cannot be used.
import { assert, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressProblem, cidrProblem, overlaps, parseCidr, type Cidr } from '../../src/openstack/cidr.ts';

function range(written: string): Cidr {
  const cidr = parseCidr(written);
  if (cidr === null) throw new Error(`${written} is no range`);
  return cidr;
}

const address = tuple(...Array.from({ length: 4 }, () => integer({ min: 0, max: 255 }))).map((parts) =>
  parts.join('.'),
);

describe('reading a range', () => {
  test.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0/24',
    '10.0.0.256/24',
    '10.0.0.0/024',
    'fd00::/129',
    'abc',
    '',
  ])('“%s” is none', (written) => expect(parseCidr(written)).toBeNull());

  test.each([
    ['10.0.0.0/8', 4, 0x0a_00_00_00n, 8],
    ['0.0.0.0/0', 4, 0n, 0],
    ['::/0', 6, 0n, 0],
    ['fd00::1/128', 6, (0xfd00n << 112n) + 1n, 128],
    ['::ffff:1.2.3.4/128', 6, 0xffff_0102_0304n, 128],
    ['1:2:3:4:5:6:7:8/64', 6, 0x1_0002_0003_0004_0005_0006_0007_0008n, 64],
  ] as const)('%s', (written, ...[version, value, prefix]) => {
    expect(parseCidr(written)).toMatchObject({ version, value, prefix });
  });
});

describe('two ranges', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.0/16', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['0.0.0.0/0', '203.0.113.7/32', true],
    ['fd00::/64', 'fd00:0:0:1::/64', false],
    ['fd00::/48', 'fd00:0:0:1::/64', true],
    ['10.0.0.0/8', '::/0', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlaps(range(one), range(other))).toBe(expected);
    expect(overlaps(range(other), range(one))).toBe(expected);
  });

  test('overlap whenever one address is in both', () => {
    const prefix = integer({ min: 0, max: 32 });
    assert(
      property(address, prefix, prefix, (inside, one, other) => {
        expect(overlaps(range(`${inside}/${one}`), range(`${inside}/${other}`))).toBe(true);
      }),
    );
  });
});

describe('a range for a subnet', () => {
  const plain = { profile: { strictNetworks: false }, taken: [] };
  const strict = { profile: { strictNetworks: true }, taken: [] };

  test.each([
    ['10.0.0.0/24', plain],
    ['fd00::/64', plain],
    ['203.0.113.0/30', plain],
    ['10.0.0.0/8', strict],
    ['172.31.0.0/16', strict],
    ['192.168.0.0/28', strict],
  ])('%s will do', (written, rules) => expect(cidrProblem(written, rules)).toBeNull());

  test.each([
    ['10.0.0', plain, /not an address range/],
    ['10.0.0.5/24', plain, /Did you mean 10\.0\.0\.0\/24\?/],
    ['fd00::5/64', plain, /Did you mean fd00::\/64\?/],
    ['10.0.0.0/31', plain, /no room/],
    ['203.0.113.0/24', strict, /inside 10\.0\.0\.0\/8/],
    ['fd00::/64', strict, /inside 10\.0\.0\.0\/8/],
    ['192.168.0.0/15', strict, /inside|middle/],
    ['172.16.0.0/11', strict, /middle|inside/],
    ['10.0.0.0/29', strict, /too small/],
    ['10.0.1.0/24', { ...plain, taken: ['broken', '10.0.0.0/16'] }, /overlaps 10\.0\.0\.0\/16/],
  ])('%s will not', (written, rules, sentence) => expect(cidrProblem(written, rules)).toMatch(sentence));

  test('is always told the address that it should begin with', () => {
    assert(
      property(address, integer({ min: 1, max: 30 }), (start, prefix) => {
        const problem = cidrProblem(`${start}/${prefix}`, plain);
        const [, better] = /Did you mean ([^?]+)\?/.exec(problem ?? '') ?? [];
        expect(better === undefined ? problem : cidrProblem(better, plain)).toBeNull();
      }),
    );
  });
});

describe('an address that a server cannot have', () => {
  const anywhere = { strictNetworks: false };
  const strict = { strictNetworks: true };
  const RANGE = { cidr: '10.1.0.0/24', gateway: '10.1.0.1' };

  test.each([
    ['10.1.0.0', anywhere, /the first one of 10\.1\.0\.0\/24, which stands for the range itself/],
    ['10.1.0.255', anywhere, /the last one of 10\.1\.0\.0\/24, which calls all servers at once/],
    ['10.1.0.1', strict, /the gateway of 10\.1\.0\.0\/24/],
    ['10.1.0.253', strict, /the last three of 10\.1\.0\.0\/24 itself/],
    ['10.1.0.254', strict, /the last three/],
    ['10.1.1.7', anywhere, /not an address of 10\.1\.0\.0\/24/],
    ['fd00::1', anywhere, /not an address of/],
    ['10.1.0', anywhere, /not an address of/],
  ])('%s', (written, profile, sentence) => {
    expect(addressProblem(written, { profile, range: RANGE })).toMatch(sentence);
  });

  test.each([
    ['10.1.0.1', anywhere],
    ['10.1.0.254', anywhere],
    ['10.1.0.2', strict],
    ['10.1.0.252', strict],
  ])('is not %s', (written, profile) => expect(addressProblem(written, { profile, range: RANGE })).toBeNull());

  test('is not the first or the last of an IPv6 range, nor of a pair of addresses', () => {
    for (const written of ['fd00::', 'fd00::ffff:ffff:ffff:ffff']) {
      expect(addressProblem(written, { profile: anywhere, range: { cidr: 'fd00::/64', gateway: null } })).toBeNull();
    }
    expect(addressProblem('10.1.0.0', { profile: anywhere, range: { cidr: '10.1.0.0/31', gateway: null } })).toBeNull();
  });
});
