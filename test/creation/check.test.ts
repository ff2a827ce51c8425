import { describe, expect, it } from 'vitest';
import { type Facts, problemsOf, usualDisk } from '../../src/creation/check.ts';

const FLAVOR = { id: 'f', name: 's3.small.1', vcpus: 2, ramMiB: 2048, diskGiB: 0 };
const IMAGE = { id: 'i', name: 'Ubuntu', minDiskGiB: 10, minRamMiB: 512, sizeGiB: 0 };
const FREE = { servers: null, cores: null, ramMiB: null, disks: null, gigabytes: null };
const PLAIN = { plainServerNames: false, largestBootDiskGiB: null };
const STRICT = { plainServerNames: true, largestBootDiskGiB: 1024 };

function facts(parts: Partial<Facts>): Facts {
  return { name: 'web-9', flavor: FLAVOR, image: IMAGE, sizeGiB: 10, room: FREE, rules: PLAIN, ...parts };
}

describe('an order', () => {
  it('has no problem when everything fits', () => {
    expect(problemsOf(facts({}))).toEqual([]);
    expect(problemsOf(facts({ rules: STRICT }))).toEqual([]);
  });

  it.each<[Partial<Facts>, string, string]>([
    [{ name: '' }, 'name', 'A server needs a name.'],
    [{ name: ' web' }, 'name', "A server's name has no blanks at its ends."],
    [{ name: 'x'.repeat(256) }, 'name', "A server's name has at most 255 characters."],
    [{ name: 'a\u202eb' }, 'name', "A server's name has no invisible characters."],
    [{ name: 'web 9', rules: STRICT }, 'name', "A server's name has letters, digits, _, - and . only here."],
    [{ name: 'x'.repeat(129), rules: STRICT }, 'name', "A server's name has at most 128 characters here."],
    [
      { image: { ...IMAGE, minRamMiB: 4096 } },
      'flavor',
      'Ubuntu needs at least 4 GiB of memory, and s3.small.1 has 2 GiB. Choose a larger flavor.',
    ],
    [{ sizeGiB: 9 }, 'size', 'Ubuntu needs at least 10 GiB.'],
    [{ sizeGiB: 0, image: null }, 'size', 'A disk has at least 1 GiB.'],
    [{ sizeGiB: 20, image: { ...IMAGE, sizeGiB: 30 } }, 'size', 'Ubuntu needs at least 30 GiB.'],
    [{ sizeGiB: 1025, rules: STRICT }, 'size', "A server's first disk has at most 1024 GiB here."],
    [
      { sizeGiB: null, flavor: { ...FLAVOR, diskGiB: 5 } },
      'flavor',
      'Ubuntu needs a disk of at least 10 GiB, and s3.small.1 has one of 5 GiB. Choose a larger flavor.',
    ],
    [
      { room: { ...FREE, servers: 0 } },
      'flavor',
      "The project's quota has no room for one more server (none is left). Free some, or have it raised.",
    ],
    [
      { room: { ...FREE, cores: 1, ramMiB: 1024 } },
      'flavor',
      "The project's quota has no room for 2 vCPU (1 left) and 2 GiB of memory (1 GiB left). Free some, have it raised, or choose a smaller flavor.",
    ],
    [
      { room: { ...FREE, disks: 0 } },
      'size',
      "The project's quota has no room for another disk. Free one, or have it raised.",
    ],
    [
      { room: { ...FREE, gigabytes: -3 } },
      'size',
      "The project's quota has no room for 10 GiB (0 left). Take less, free some, or have it raised.",
    ],
  ])('with %j has a problem at %s', (parts, field, sentence) => {
    expect(problemsOf(facts(parts)).map((one) => [one.field, one.sentence])).toEqual([[field, sentence]]);
  });

  it('is not judged by what is not known', () => {
    expect(problemsOf(facts({ name: null, flavor: null, image: null, sizeGiB: 5 }))).toEqual([]);
  });

  it('gets the disk that the flavor promises, or what the image needs', () => {
    expect(usualDisk({ flavor: FLAVOR, image: IMAGE })).toBe(10);
    expect(usualDisk({ flavor: { ...FLAVOR, diskGiB: 40 }, image: IMAGE })).toBe(40);
    expect(usualDisk({ flavor: null, image: null })).toBe(1);
  });
});
