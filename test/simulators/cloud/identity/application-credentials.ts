// Application credentials as their owners make and delete them. Keystone only: the commercial clouds have none.

import type { Core } from '../core.ts';
import { isRecord, type Answer } from '../exchange.ts';
import type { Role } from '../seeds.ts';
import { credentialNotFound, forbidden, keystoneRefusal, malformed } from './errors.ts';
import type { ApplicationCredential, TokenRecord } from './tokens.ts';
import { applicationCredentialView } from './views.ts';

/** POST /v3/users/{user}/application_credentials: for the project of the caller's token. The secret is told this once. */
export function createCredential(core: Core, caller: Caller, body: unknown): Answer {
  requireOwner(caller, 'create_application_credential');
  const wanted = isRecord(body) ? body['application_credential'] : undefined;
  if (!isRecord(wanted)) throw malformed('Expecting to find application_credential in request body.');
  if (typeof wanted['name'] !== 'string') throw malformed("'name' is a required property");
  const { userId, projectId } = caller.token;
  if (projectId === null) throw forbidden('identity:create_application_credential');
  const credential = core.tokens.addCredential({
    name: wanted['name'],
    userId,
    projectId,
    roles: rolesOf(core, caller.token, wanted['roles']),
    expiresAt: endOf(core, wanted['expires_at']),
  });
  const view = applicationCredentialView(core, credential);
  return { status: 201, body: { application_credential: { ...view, secret: credential.secret } } };
}

/** DELETE /v3/users/{user}/application_credentials/{id}: its tokens end with it. */
export function deleteCredential(core: Core, caller: Caller, id: string): Answer {
  requireOwner(caller, 'delete_application_credential');
  if (core.tokens.credential(id)?.userId !== caller.token.userId) throw credentialNotFound(id);
  core.tokens.deleteCredential(id);
  return { status: 204 };
}

/** `userId`: whose credentials the address is about. */
export type Caller = { token: TokenRecord; userId: string };

function requireOwner({ token, userId }: Caller, rule: string): void {
  if (token.userId !== userId) throw forbidden(`identity:${rule}`);
  if (token.applicationCredentialId === null) return;
  throw forbidden(
    "Using method 'application_credential' is not allowed for managing additional application credentials.",
  );
}

/** Null: all that the caller has. */
function rolesOf(core: Core, token: TokenRecord, wanted: unknown): Role[] | null {
  if (!Array.isArray(wanted)) return null;
  const own = core.tokens.rolesOf(token);
  return wanted.map((entry) => {
    const name: unknown = isRecord(entry) ? entry['name'] : undefined;
    const role = own.find((known) => known === name);
    if (role === undefined)
      throw malformed(`Invalid application credential: Could not find role assignment with role: ${String(name)}.`);
    return role;
  });
}

function endOf(core: Core, written: unknown): ApplicationCredential['expiresAt'] {
  if (typeof written !== 'string') return null;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`);
  if (Number.isNaN(at)) throw keystoneRefusal(400, 'Invalid application credential expiration time.');
  if (at < core.settings.now()) throw malformed("The 'expires_at' must not be before now.");
  return at;
}
