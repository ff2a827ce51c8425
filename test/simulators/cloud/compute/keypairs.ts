// Key pairs: everybody's own, generated below 2.92 only, and with names that changed their rules there.

import type { Answer } from '../exchange.ts';
import { generatePair, fingerprintOf } from '../stock/keys.ts';
import type { SimKeyPair } from '../stock/model.ts';
import { requireBody, requireFields, requireName } from './bodies.ts';
import type { ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { missingProperty, notOneOf, plain } from './schema.ts';
import { naiveTime } from './times.ts';

/** GET /os-keypairs */
export function getKeyPairs(call: ComputeCall): Answer {
  const all = ownKeyPairs(call).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (call.version < 35) return { status: 200, body: { keypairs: all.map((one) => wrapped(call, one)) } };
  const { query } = call.exchange;
  const marker = query.get('marker');
  const start = marker === null ? 0 : all.findIndex(({ name }) => name === marker) + 1;
  if (marker !== null && start === 0) throw novaRefusal(400, `Marker ${marker} could not be found.`);
  const limit = Number(query.get('limit') ?? 1000);
  const page = all.slice(start, start + limit);
  const last = page.at(-1);
  const href = `${call.linkBase}/os-keypairs?limit=${limit}&marker=${encodeURIComponent(last?.name ?? '')}`;
  const links = last !== undefined && page.length === limit ? { keypairs_links: [{ rel: 'next', href }] } : {};
  return { status: 200, body: { keypairs: page.map((one) => wrapped(call, one)), ...links } };
}

function ownKeyPairs({ core, caller }: ComputeCall): SimKeyPair[] {
  return [...core.world.stock.keyPairs.values()].filter(({ userId }) => userId === caller.userId);
}

function wrapped(call: ComputeCall, { name, publicKey, fingerprint, type }: SimKeyPair): unknown {
  return { keypair: { name, public_key: publicKey, fingerprint, ...typeField(call, type) } };
}

function typeField({ version }: ComputeCall, type: string): Record<string, string> {
  return version >= 2 ? { type } : {};
}

/** GET /os-keypairs/{name} */
export function getKeyPair(call: ComputeCall, name: string): Answer {
  const keyPair = requireKeyPair(call, name);
  const details = {
    user_id: keyPair.userId,
    created_at: naiveTime(keyPair.createdAt),
    deleted: false,
    deleted_at: null,
    id: 1,
    updated_at: null,
  };
  const { publicKey: public_key, fingerprint, type } = keyPair;
  return { status: 200, body: { keypair: { name, public_key, fingerprint, ...details, ...typeField(call, type) } } };
}

/** POST /os-keypairs */
export function postKeyPair(call: ComputeCall): Answer {
  const body = requireBody(call, 'keypair');
  const { name, publicKey } = readOrder(call, body);
  const { stock, projects } = call.core.world;
  if (stock.keyPairs.has(`${call.caller.userId} ${name}`)) {
    throw novaRefusal(409, `Key pair '${name}' already exists.`);
  }
  const limit = projects.get(call.caller.projectId ?? '')?.quota.keyPairs ?? 100;
  if (limit !== -1 && ownKeyPairs(call).length >= limit) {
    throw novaRefusal(403, 'Quota exceeded, too many key pairs.');
  }
  const generated = publicKey === null ? generatePair() : null;
  const key = generated?.publicKey ?? publicKey ?? '';
  const keyPair = stock.keepKeyPair({ name, userId: call.caller.userId, publicKey: key });
  keyPair.createdAt = call.core.timeline.now();
  const secret = generated === null ? {} : { private_key: generated.privateKey };
  const { userId: user_id, fingerprint, type } = keyPair;
  const view = { ...secret, ...typeField(call, type), name, public_key: key, fingerprint, user_id };
  return { status: call.version >= 2 ? 201 : 200, body: { keypair: view } };
}

function readOrder(call: ComputeCall, body: Record<string, unknown>): { name: string; publicKey: string | null } {
  const since2 = call.version >= 2 ? ['type'] : [];
  requireFields('keypair', body, { required: ['name'], allowed: ['name', 'public_key', 'user_id', ...since2] });
  if (call.version >= 92 && body['public_key'] === undefined) throw missingProperty('keypair', body, 'public_key');
  const name = requireName(body['name']);
  requireCharacters(call, name);
  if (body['type'] !== undefined && body['type'] !== 'ssh') throw notOneOf('type', body['type'], ['ssh']);
  const publicKey = body['public_key'];
  if (publicKey === undefined) return { name, publicKey: null };
  if (fingerprintOf(plain(publicKey)) === null) {
    throw novaRefusal(400, 'Keypair data is invalid: failed to generate fingerprint');
  }
  return { name, publicKey: plain(publicKey) };
}

function requireCharacters({ version }: ComputeCall, name: string): void {
  const extra = version >= 92 ? '@._- ' : '_- ';
  if ((version >= 92 ? /^[\w@. -]*$/ : /^[\w -]*$/).test(name)) return;
  const known = `${extra}0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ`;
  const rule = `Only expected characters: [${known}]`;
  throw novaRefusal(400, `An invalid 'name' value was provided. The name must be: ${rule}`);
}

/** DELETE /os-keypairs/{name} */
export function deleteKeyPair(call: ComputeCall, name: string): Answer {
  requireKeyPair(call, name);
  call.core.world.stock.keyPairs.delete(`${call.caller.userId} ${name}`);
  return { status: call.version >= 2 ? 204 : 202 };
}

/** Somebody else's does not exist. */
function requireKeyPair({ core, caller }: ComputeCall, name: string): SimKeyPair {
  const keyPair = core.world.stock.keyPairs.get(`${caller.userId} ${name}`);
  if (keyPair !== undefined) return keyPair;
  throw novaRefusal(404, `Keypair ${name} not found for user ${caller.userId}`);
}
