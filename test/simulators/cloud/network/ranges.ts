// Address ranges as the simulated Neutron sees them; IPv4 only, which is all the simulated networks have.

export type Range = { first: number; last: number; prefix: number };

/** Null for what is no range. A bare address is a range of one, as Neutron takes it. */
export function parseRange(cidr: string): Range | null {
  const [address = '', prefixText = '32'] = cidr.split('/');
  const value = parseAddress(address);
  const prefix = Number(prefixText);
  if (value === null || !/^\d{1,2}$/.test(prefixText) || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1, prefix };
}

export function parseAddress(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function writeAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** With the host's part cut off. */
export function writeRange(range: Range): string {
  return `${writeAddress(range.first)}/${range.prefix}`;
}

export function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The gateway comes first, the pool is the rest without the broadcast address. */
export function firstAddresses(cidr: string): { gateway: string; pool: { start: string; end: string } } {
  const range = parseRange(cidr);
  if (range === null) throw new Error(`${cidr} is no range`);
  const pool = { start: writeAddress(range.first + 2), end: writeAddress(range.last - 1) };
  return { gateway: writeAddress(range.first + 1), pool };
}

export function* addressesOf(pool: { start: string; end: string }): Generator<string> {
  const end = parseAddress(pool.end) ?? 0;
  for (let value = parseAddress(pool.start) ?? 1; value <= end; value += 1) yield writeAddress(value);
}

/** Neither outside, nor the range's own address, nor the one that calls everybody. */
export function hasRoomFor(cidr: string, address: string): boolean {
  const [range, value] = [parseRange(cidr), parseAddress(address)];
  return range !== null && value !== null && value > range.first && value < range.last;
}
