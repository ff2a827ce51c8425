// SSH keys: as the simulated Nova generates them, reads them, and makes them up for its seeds.

import { createHash, generateKeyPairSync } from 'node:crypto';

/** A pair as Nova generates it: PKCS#1 in PEM, and the line for `authorized_keys`. */
export function generatePair(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const parts = [Buffer.from('ssh-rsa'), integer(e), integer(n)].map(withLength);
  return {
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: `ssh-rsa ${Buffer.concat(parts).toString('base64')} Generated-by-Nova`,
  };
}

/** Positive in two's complement: a leading zero where the first bit is set. */
function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** MD5 in pairs, as Nova writes it; null for what is no SSH key. */
export function fingerprintOf(publicKey: string): string | null {
  const [kind = '', blob = ''] = publicKey.trim().split(/\s+/);
  const bytes = Buffer.from(blob, 'base64');
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  if (kind === '' || bytes.subarray(4, 4 + length).toString() !== kind) return null;
  const digest = createHash('md5').update(bytes).digest('hex');
  return (digest.match(/../g) ?? []).join(':');
}

/** Well formed, and of no use to anybody. */
export function someKey(name: string): string {
  const point = createHash('sha256').update(`key ${name}`).digest();
  const blob = Buffer.concat([withLength(Buffer.from('ssh-ed25519')), withLength(point)]);
  return `ssh-ed25519 ${blob.toString('base64')} ${name}`;
}
