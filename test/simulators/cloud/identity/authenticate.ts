// POST /v3/auth/tokens: who somebody is, by which method, and for which project.

import type { Core } from '../core.ts';
import { isRecord } from '../exchange.ts';
import type { SimProject, SimUser } from '../model.ts';
import { credentialNotFound, forbidden, keystoneRefusal, malformed, unauthorized } from './errors.ts';
import { sameSecret, type TokenRecord } from './tokens.ts';

type Fields = Record<string, unknown>;

/** The new token. Refuses with 400, 401, 403 or 404 as Keystone does. */
export function authenticate(core: Core, body: unknown): TokenRecord {
  const auth = section(isRecord(body) ? body : {}, 'auth', 'request body');
  const identity = section(auth, 'identity', 'auth');
  const methods = identity['methods'];
  if (!Array.isArray(methods) || methods.length === 0) throw malformed('Expecting to find methods in identity.');
  const [method] = methods;
  if (methods.length > 1 || typeof method !== 'string') throw unauthorized(core.baseUrl());
  switch (method) {
    case 'password':
      return byPassword(core, section(identity, method, 'identity'), auth['scope']);
    case 'token':
      return byToken(core, section(identity, method, 'identity'), auth['scope']);
    case 'application_credential':
      return byCredential(core, section(identity, method, 'identity'), auth['scope']);
    default:
      throw unauthorized(core.baseUrl());
  }
}

function byPassword(core: Core, password: Fields, scope: unknown): TokenRecord {
  const user = section(password, 'user', 'password');
  const known = findUser(core, user);
  if (known === null || !known.enabled || !sameSecret(String(user['password']), known.password)) {
    throw unauthorized(core.baseUrl());
  }
  // Without a scope Keystone falls back on the user's own project; OTC gives a token for global services only.
  const usual = core.settings.mode === 'openstack' ? known.defaultProjectId : null;
  const projectId = scope === undefined ? usual : scopedProject(core, known.id, scope);
  return core.tokens.issue({ methods: ['password'], userId: known.id, projectId });
}

function byToken(core: Core, token: Fields, scope: unknown): TokenRecord {
  const parent = core.tokens.find(String(token['id']));
  // The token to be exchanged is a thing that is not there, not somebody who is not allowed: 404.
  if (parent === null) throw keystoneRefusal(404, 'Could not recognize Fernet token');
  const standing = core.tokens.standing(parent);
  if (!standing.good && standing.missingCredential === null) throw keystoneRefusal(404, 'Failed to validate token');
  requireGood(core, parent);
  if (parent.applicationCredentialId !== null) {
    throw forbidden('Using a delegated token to create another token is not allowed.');
  }
  const projectId = scope === undefined ? null : scopedProject(core, parent.userId, scope);
  const methods = [...new Set([...parent.methods, 'token'])];
  return core.tokens.issue({ methods, userId: parent.userId, projectId, parent });
}

function byCredential(core: Core, given: Fields, scope: unknown): TokenRecord {
  // The commercial clouds' IAM knows no application credentials; a scope is the credential's own business.
  if (core.settings.mode !== 'openstack' || scope !== undefined) throw unauthorized(core.baseUrl());
  const id = given['id'];
  if (typeof id !== 'string') throw malformed('Expecting to find id in application_credential.');
  const credential = core.tokens.credential(id);
  if (credential === null) throw credentialNotFound(id);
  const owner = core.world.users.get(credential.userId);
  const expired = credential.expiresAt !== null && credential.expiresAt <= core.settings.now();
  const roles = core.world.rolesOf(credential.userId, credential.projectId);
  if (
    owner?.enabled !== true ||
    expired ||
    roles.length === 0 ||
    !sameSecret(String(given['secret']), credential.secret)
  ) {
    throw unauthorized(core.baseUrl());
  }
  return core.tokens.issue({
    methods: ['application_credential'],
    userId: credential.userId,
    projectId: credential.projectId,
    applicationCredential: credential,
  });
}

/** The caller's own token, or Keystone's refusal of it. */
export function requireToken(core: Core, value: string | undefined): TokenRecord {
  const record = value === undefined ? null : core.tokens.find(value);
  if (record === null) throw unauthorized(core.baseUrl());
  requireGood(core, record);
  return record;
}

function requireGood(core: Core, record: TokenRecord): void {
  const standing = core.tokens.standing(record);
  if (standing.good) return;
  throw standing.missingCredential === null
    ? unauthorized(core.baseUrl())
    : credentialNotFound(standing.missingCredential);
}

/** Null for the explicit wish to have no project. */
export function scopedProject(core: Core, userId: string, scope: unknown): string | null {
  if (scope === 'unscoped' || (isRecord(scope) && 'unscoped' in scope)) return null;
  if (!isRecord(scope) || !isRecord(scope['project'])) throw unauthorized(core.baseUrl());
  const project = findProject(core, scope['project']);
  const commercial = core.settings.mode !== 'openstack';
  if (project === null)
    throw commercial ? keystoneRefusal(404, 'Could not find project.') : unauthorized(core.baseUrl());
  if (core.world.rolesOf(userId, project.id).length === 0) {
    throw commercial ? forbidden('the user has no role in the project') : unauthorized(core.baseUrl());
  }
  return project.id;
}

function findProject(core: Core, wanted: Fields): SimProject | null {
  if (typeof wanted['id'] === 'string') return core.world.projects.get(wanted['id']) ?? null;
  const inDomain = domainTest(wanted, 'project');
  return (
    [...core.world.projects.values()].find(({ name, domain }) => name === wanted['name'] && inDomain(domain)) ?? null
  );
}

function findUser(core: Core, wanted: Fields): SimUser | null {
  if (typeof wanted['id'] === 'string') return core.world.users.get(wanted['id']) ?? null;
  const inDomain = domainTest(wanted, 'user');
  if (!inDomain({ id: 'default', name: 'Default' })) return null;
  return [...core.world.users.values()].find(({ name }) => name === wanted['name']) ?? null;
}

// Names are unique only within a domain, so a name without one is an error, not a guess.
function domainTest(wanted: Fields, what: string): (domain: { id: string; name: string }) => boolean {
  const domain = section(wanted, 'domain', what);
  return ({ id, name }) => (typeof domain['id'] === 'string' ? domain['id'] === id : domain['name'] === name);
}

function section(fields: Fields, name: string, where: string): Fields {
  const value = fields[name];
  if (!isRecord(value)) throw malformed(`Expecting to find ${name} in ${where}.`);
  return value;
}
