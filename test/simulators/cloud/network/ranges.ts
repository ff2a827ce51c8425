// Address ranges of both versions, as the simulated Neutron sees them.

import { isIP } from 'node:net';

export type Version = 4 | 6;

/** Addresses as numbers. */
export type Range = { version: Version; first: bigint; last: bigint; prefix: number };

export type Pool = { start: string; end: string };

const BITS: Record<Version, number> = { 4: 32, 6: 128 };

/** Null for what is no range. A bare address is a range of one, as Neutron takes it. */
export function parseRange(cidr: string): Range | null {
  const [address = '', written] = cidr.split('/');
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  const { version, value } = parsed;
  const prefix = written === undefined ? BITS[version] : Number(written);
  if (!/^\d{1,3}$/.test(written ?? '0') || prefix > BITS[version]) return null;
  const size = 1n << BigInt(BITS[version] - prefix);
  const first = value - (value % size);
  return { version, first, last: first + size - 1n, prefix };
}

export function parseAddress(text: string): { version: Version; value: bigint } | null {
  const kind = isIP(text);
  if (kind === 4) return { version: 4, value: toNumber(text.split('.'), { base: 10, bits: 8n }) };
  return kind === 6 ? { version: 6, value: toNumber(groupsOf(text), { base: 16, bits: 16n }) } : null;
}

function toNumber(parts: string[], { base, bits }: { base: 10 | 16; bits: bigint }): bigint {
  return parts.reduce((sum, part) => (sum << bits) + BigInt(Number.parseInt(part, base)), 0n);
}

/** All eight, the ones that `::` stands for included. */
function groupsOf(address: string): string[] {
  const [left = '', right] = address.split('::');
  const [head, tail] = [left, right ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = right === undefined ? 0 : 8 - (head?.length ?? 0) - (tail?.length ?? 0);
  return [...(head ?? []), ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])];
}

export function writeAddress(version: Version, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

/** With the host's part cut off. */
export function writeRange({ version, first, prefix }: Range): string {
  return `${writeAddress(version, first)}/${prefix}`;
}

export function overlap(one: Range, other: Range): boolean {
  return one.version === other.version && one.first <= other.last && other.first <= one.last;
}

/**
 * The gateway comes first unless another is wished for; the rest is for ports. Version 4 keeps the range's own address
 * and the last one to itself, version 6 has no such.
 */
export function shareOut(cidr: string, wished?: string): { gateway: string; pools: Pool[] } {
  const range = parseRange(cidr);
  if (range === null) throw new Error(`${cidr} is no range`);
  const { version } = range;
  const own = version === 4 ? range.first + 1n : range.first;
  const gateway = (wished === undefined ? null : parseAddress(wished)?.value) ?? own;
  const end = version === 4 ? range.last - 1n : range.last;
  const parts = [
    [range.first + 1n, gateway <= end ? gateway - 1n : end],
    [gateway + 1n, end],
  ] as const;
  const pools = parts
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => ({ start: writeAddress(version, from), end: writeAddress(version, to) }));
  return { gateway: writeAddress(version, gateway), pools };
}

export function* addressesOf(pools: Pool[]): Generator<string> {
  for (const pool of pools) {
    const [start, end] = [parseAddress(pool.start), parseAddress(pool.end)];
    if (start === null || end === null) continue;
    for (let { value } = start; value <= end.value; value += 1n) yield writeAddress(start.version, value);
  }
}

/** Neither outside, nor the range's own address, nor the one that calls everybody, which version 6 does not have. */
export function hasRoomFor(cidr: string, address: string): boolean {
  const [range, parsed] = [parseRange(cidr), parseAddress(address)];
  if (range === null || parsed === null || parsed.version !== range.version) return false;
  return parsed.value > range.first && (parsed.value < range.last || range.version === 6);
}
