// Key pairs: they belong to a person, not to a project. A generated private key is told once, in one answer.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { instant, object, text } from './json.ts';
import { segment } from './path.ts';
import { held, readAllPages, readOne, readPage } from './read.ts';
import { Secret } from './secret.ts';

/** 2.2 adds the type, 2.35 pages. */
export const KEY_PAIRS_VERSION = '2.35';

/** From here on names may hold `@` and `.`, and keys are no longer generated. */
const STRICT_KEY_VERSION = '2.92';

export type KeyPair = {
  name: string;
  fingerprint: string;
  publicKey: string;
  /** `ssh` or `x509`; null below microversion 2.2. */
  type: string | null;
  /** Ms since the epoch; only `showKeyPair` tells. */
  createdAt: number | null;
};

/** All of the person's own. GET /os-keypairs (ecs-api B.11). Throws CloudError. */
export async function listKeyPairs(cloud: Cloud): Promise<KeyPair[]> {
  const parse = (wire: unknown): (KeyPair & { id: string }) | null => {
    // Each is wrapped once more.
    const keyPair = parseKeyPair(object(wire)['keypair']);
    return keyPair === null ? null : { ...keyPair, id: keyPair.name };
  };
  const all = await readAllPages(async (marker) =>
    readPage(cloud, listKeyPairsRequest(marker), { name: 'keypairs', parse }),
  );
  return all.map(({ id: _marker, ...keyPair }) => keyPair);
}

export function listKeyPairsRequest(marker?: string): CloudRequest {
  return {
    service: 'compute',
    method: 'GET',
    path: '/os-keypairs',
    query: marker === undefined ? [] : [['marker', marker]],
    microversion: { most: KEY_PAIRS_VERSION },
  };
}

/** GET /os-keypairs/{name} (ecs-api B.11). Throws CloudError, `not_found` also for other people's. */
export async function showKeyPair(cloud: Cloud, name: string): Promise<KeyPair> {
  const request: CloudRequest = { service: 'compute', method: 'GET', path: keyPairPath(name) };
  return readOne(cloud, request, { name: 'keypair', parse: parseKeyPair });
}

/** `privateKey` is for its owner alone, and never again. */
export type GeneratedKeyPair = { keyPair: KeyPair; privateKey: Secret };

/**
 * Lets the cloud generate a pair. POST /os-keypairs (ecs-api B.11), without a microversion: Nova generates below 2.92 only.
 * Throws CloudError: `conflict` for a name in use, `quota`, `bad_request` for the name. When the answer is lost so is the
 * private key: delete the pair and start over.
 */
export async function generateKeyPair(cloud: Cloud, name: string): Promise<GeneratedKeyPair> {
  const request = generateKeyPairRequest(name);
  const answer = await cloud.call(request);
  const wire = object(answer.body)['keypair'];
  const keyPair = held(parseKeyPair(wire), { request, answer, name: 'keypair' });
  const privateKey = held(text(object(wire)['private_key']), { request, answer, name: 'private key' });
  return { keyPair, privateKey: new Secret(privateKey) };
}

export function generateKeyPairRequest(name: string): CloudRequest {
  return { service: 'compute', method: 'POST', path: '/os-keypairs', body: { keypair: { name } } };
}

/**
 * Makes a public key known. POST /os-keypairs (ecs-api B.11). Throws CloudError: `conflict` for a name in use, `quota`,
 * `bad_request` for the name or the key; `UserError` (`unsupported`) for a name with `@` or `.` where the cloud is too old.
 */
export async function importKeyPair(cloud: Cloud, order: { name: string; publicKey: string }): Promise<KeyPair> {
  return readOne(cloud, importKeyPairRequest(order), { name: 'keypair', parse: parseKeyPair });
}

export function importKeyPairRequest({ name, publicKey }: { name: string; publicKey: string }): CloudRequest {
  const since = /[@.]/.test(name) ? { microversion: { least: STRICT_KEY_VERSION, most: STRICT_KEY_VERSION } } : {};
  const body = { keypair: { name, public_key: publicKey } };
  return { service: 'compute', method: 'POST', path: '/os-keypairs', body, ...since };
}

/** DELETE /os-keypairs/{name} (ecs-api B.11). Servers that have it keep it. Throws CloudError, `not_found`. */
export async function deleteKeyPair(cloud: Cloud, name: string): Promise<Accepted> {
  return accepted(await cloud.call(deleteKeyPairRequest(name)));
}

export function deleteKeyPairRequest(name: string): CloudRequest {
  return { service: 'compute', method: 'DELETE', path: keyPairPath(name) };
}

/** Why a name cannot be given to a key pair, as a sentence for people; null: it can. */
export function keyNameProblem(name: string, how: 'generate' | 'import'): string | null {
  if (name.length === 0 || name.length > 255) return 'A key pair’s name has 1 to 255 characters.';
  if (name !== name.trim()) return 'A key pair’s name has no blanks at its ends.';
  const allowed = how === 'import' ? /^[\w @.-]+$/ : /^[\w -]+$/;
  if (allowed.test(name)) return null;
  const more = how === 'import' ? ', @ and dots' : '';
  return `A key pair’s name has letters, digits, blanks, _ and -${more} only.`;
}

function keyPairPath(name: string): string {
  return `/os-keypairs/${segment(name)}`;
}

function parseKeyPair(value: unknown): KeyPair | null {
  const wire = object(value);
  const name = text(wire['name']);
  if (name === null) return null;
  return {
    name,
    fingerprint: text(wire['fingerprint']) ?? '',
    publicKey: text(wire['public_key']) ?? '',
    type: text(wire['type']),
    createdAt: instant(wire['created_at']),
  };
}
