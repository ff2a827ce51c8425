// Address ranges: read and checked before the cloud is asked, so that the person gets a better answer than its. Pure.
import { BlockList, isIP } from 'node:net';
import type { Profile } from './profile.ts';

/** `value` is the network's own address as a number. */
export type Cidr = { version: 4 | 6; address: string; value: bigint; prefix: number };

/** Null for anything that is not `address/prefix`, without leading zeros. */
export function parseCidr(written: string): Cidr | null {
  const [, address = '', digits = ''] = /^([\da-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(written.trim()) ?? [];
  const version = isIP(address);
  const prefix = Number(digits);
  if (version === 4 && prefix <= 32) return { version: 4, address, value: toNumber4(address), prefix };
  if (version === 6 && prefix <= 128) return { version: 6, address, value: toNumber6(address), prefix };
  return null;
}

function toNumber4(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** The URL parser knows all the ways of writing IPv6 and gives one. */
function toNumber6(address: string): bigint {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const groups = [...(before ?? []), ...Array.from({ length: missing }, () => '0'), ...(after ?? [])];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** Whether this is an address, and one of the range's. */
export function contains(range: string, address: string): boolean {
  const [cidr, alone] = [parseCidr(range), parseCidr(`${address}/${isIP(address) === 6 ? 128 : 32}`)];
  return cidr !== null && alone !== null && overlaps(cidr, alone);
}

/** Whether the two ranges have an address in common. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  if (one.version !== other.version) return false;
  const shift = hostBits(one.prefix < other.prefix ? one : other);
  return one.value >> shift === other.value >> shift;
}

function hostBits({ version, prefix }: Pick<Cidr, 'version' | 'prefix'>): bigint {
  return BigInt((version === 4 ? 32 : 128) - prefix);
}

export type CidrRules = {
  profile: Pick<Profile, 'strictNetworks'>;
  /** The ranges that the network already has. */
  taken: string[];
};

/** Why the range cannot be used, as a sentence for people; null: it can. */
export function cidrProblem(written: string, { profile, taken }: CidrRules): string | null {
  const cidr = parseCidr(written);
  if (cidr === null) return `“${written}” is not an address range. Write it like 192.168.10.0/24.`;
  const right = firstAddress(cidr);
  if (right !== null) return `${written} begins in the middle of its range. Did you mean ${right}/${cidr.prefix}?`;
  if (profile.strictNetworks) {
    const problem = strictProblem(cidr);
    if (problem !== null) return problem;
  }
  if (cidr.version === 4 && cidr.prefix > 30)
    return `${written} has no room for a server. Use /30 or a smaller number.`;
  const taker = taken.find((range) => isOverlapping(cidr, range));
  return taker === undefined
    ? null
    : `${written} overlaps ${taker}, which the network already has. Choose another range.`;
}

function isOverlapping(cidr: Cidr, range: string): boolean {
  const other = parseCidr(range);
  return other !== null && overlaps(cidr, other);
}

/** The address the range should begin with; null when it does. */
function firstAddress(cidr: Cidr): string | null {
  const shift = hostBits(cidr);
  const first = (cidr.value >> shift) << shift;
  if (first === cidr.value) return null;
  return cidr.version === 4 ? toText4(first) : toText6(first);
}

function toText4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function toText6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 65_535n).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);

/** The first and the last three addresses are taken by the cloud itself. */
const SMALLEST_STRICT_PREFIX = 28;

function strictProblem(cidr: Cidr): string | null {
  if (cidr.version !== 4 || !PRIVATE.check(cidr.address) || !isInsidePrivate(cidr)) {
    return 'This cloud takes ranges inside 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 only.';
  }
  if (cidr.prefix <= SMALLEST_STRICT_PREFIX) return null;
  return `A range of /${cidr.prefix} is too small for this cloud. Use /${SMALLEST_STRICT_PREFIX} or a smaller number.`;
}

/** A range can begin inside a private one and still be larger. */
function isInsidePrivate({ address, prefix }: Cidr): boolean {
  const least = address.startsWith('10.') ? 8 : address.startsWith('172.') ? 12 : 16;
  return prefix >= least;
}

/** The one the cloud gives to a range that names none: its second address. Null for IPv6 and for what is no range. */
export function gatewayOf(range: string): string | null {
  const cidr = parseCidr(range);
  return cidr?.version === 4 ? toText4(cidr.value + 1n) : null;
}

export type AddressRules = {
  profile: Pick<Profile, 'strictNetworks'>;
  /** `gateway` null: none, or not known. */
  range: { cidr: string; gateway: string | null };
};

/** How many of a range's last addresses a strict cloud keeps for itself. */
const KEPT_AT_THE_END = 3n;

/** Why no server can have this address, as a sentence for people; null: it can. Whether it is free, only the cloud knows. */
export function addressProblem(address: string, { profile, range }: AddressRules): string | null {
  const cidr = parseCidr(range.cidr);
  if (cidr === null || !contains(range.cidr, address)) return `${address} is not an address of ${range.cidr}.`;
  const bits = hostBits(cidr);
  if (cidr.version === 6 || bits < 2n) return null;
  const place = toNumber4(address) - ((cidr.value >> bits) << bits);
  const behind = (1n << bits) - 1n - place;
  if (place === 0n) return `${address} is the first one of ${range.cidr}, which stands for the range itself.`;
  if (behind === 0n) return `${address} is the last one of ${range.cidr}, which calls all servers at once.`;
  if (!profile.strictNetworks) return null;
  if (address === range.gateway) return `${address} is the gateway of ${range.cidr}.`;
  return behind < KEPT_AT_THE_END ? `This cloud uses the last three of ${range.cidr} itself, ${address} too.` : null;
}
