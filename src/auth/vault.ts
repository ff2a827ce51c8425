// Seals what must not be read in Redis: AES-256-GCM under a key of its own for every context, several master keys for rotation.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type DecipherGCM } from 'node:crypto';
import type { Person } from '../slack/reply.ts';

/** One entry of TOKEN_KEYS: a name that travels with each sealed value, and 32 secret bytes. */
export type TokenKey = { id: string; secret: Buffer };

/**
 * `context` says whose value it is and what for; a value opens only under the context it was sealed under, so one
 * person's value copied over another's is refused. Both throw `VaultError` only.
 */
export type Vault = {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
};

/** A value that cannot be opened: of another context, of a key no longer listed, or no sealed value at all. Holds no secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const FORMAT = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
/** Derived keys kept in memory, so that a busy person costs one derivation; each is 32 bytes. */
const DERIVED_KEPT = 1_000;

/** The context of one person's values. Slack ids have no colon, so no two people share a context. */
export function personContext(person: Person, purpose: string): string {
  return `${person.teamId}:${person.userId}:${purpose}`;
}

/**
 * Reads `id:base64,id:base64,…`; the first key seals, all open.
 * Throws an Error naming the entry by its position, never by its content.
 */
export function parseTokenKeys(text: string): TokenKey[] {
  const keys = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseTokenKey);
  if (keys.length === 0) throw new Error('TOKEN_KEYS needs at least one key, written id:base64 of 32 bytes');
  if (new Set(keys.map((key) => key.id)).size < keys.length) throw new Error('TOKEN_KEYS uses one key id twice');
  return keys;
}

function parseTokenKey(entry: string, index: number): TokenKey {
  const colon = entry.indexOf(':');
  const id = entry.slice(0, Math.max(colon, 0));
  if (!KEY_ID.test(id)) throw new Error(`TOKEN_KEYS entry ${index + 1} has no key id before the colon`);
  const secret = Buffer.from(entry.slice(colon + 1), 'base64');
  if (secret.length !== KEY_BYTES) throw new Error(`TOKEN_KEYS entry ${index + 1} is not ${KEY_BYTES} bytes of base64`);
  return { id, secret };
}

/** Throws when `keys` is empty: there is nothing to seal with. */
export function createVault(keys: readonly TokenKey[]): Vault {
  const [first] = keys;
  if (first === undefined) throw new Error('a vault needs a key');
  const derive = rememberDerived(new Map(keys.map((key) => [key.id, key.secret])));
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', derive(first.id, context), nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORMAT}.${first.id}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const { keyId, body } = split(sealed);
      const decipher = createDecipheriv('aes-256-gcm', derive(keyId, context), body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      return finish(decipher, body.subarray(NONCE_BYTES, -TAG_BYTES));
    },
  };
}

function split(sealed: string): { keyId: string; body: Buffer } {
  const [format, keyId, text, ...rest] = sealed.split('.');
  if (format !== FORMAT || keyId === undefined || text === undefined || rest.length > 0) throw unreadable();
  const body = Buffer.from(text, 'base64url');
  if (body.length < NONCE_BYTES + TAG_BYTES) throw unreadable();
  return { keyId, body };
}

function finish(decipher: DecipherGCM, body: Buffer): string {
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    // The library's error is dropped on purpose: it says nothing more, and a cause might carry the bytes into a log.
    throw unreadable();
  }
}

/** The same sentence for every reason: which one it was would help only somebody who tries values. */
function unreadable(): VaultError {
  return new VaultError('a sealed value cannot be opened: wrong context, unknown key or damaged');
}

/** HKDF-SHA256 with the context as its info: a key of its own for each person and purpose. */
function rememberDerived(secrets: ReadonlyMap<string, Buffer>): (keyId: string, context: string) => Buffer {
  const known = new Map<string, Buffer>();
  return (keyId, context) => {
    const name = `${keyId}.${context}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const secret = secrets.get(keyId);
    if (secret === undefined) throw unreadable();
    if (known.size >= DERIVED_KEPT) known.clear();
    const key = Buffer.from(hkdfSync('sha256', secret, 'ecs-flight-deck', context, KEY_BYTES));
    known.set(name, key);
    return key;
  };
}
