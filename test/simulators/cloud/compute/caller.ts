// Who is calling the compute service: the token's check with Keystone, and the cache that outlives a revocation.

import type { Core } from '../core.ts';
import type { Exchange, Refusal } from '../exchange.ts';
import type { Role } from '../seeds.ts';
import type { SimServer } from '../model.ts';
import {
  gatewayRefusal,
  identityUnavailable,
  middlewareUnauthorized,
  policyRefusal,
  serverNotFound,
} from './errors.ts';
import type { Microversion } from './microversion.ts';

export type Caller = { userId: string; projectId: string | null; roles: Role[] };

/** One request to the compute service after its token and version are known. */
export type ComputeCall = {
  core: Core;
  exchange: Exchange;
  caller: Caller;
  version: Microversion;
  /** Links carry the project's id when the request's address did. */
  linkBase: string;
  bookmarkBase: string;
};

type Cached = { caller: Caller; until: number };

/** keystonemiddleware's cache: a token once seen is trusted until its entry ends, revoked or not. */
export type TokenCache = Map<string, Cached>;

/** Refuses with 401, or 503 when Keystone is down and the token is new here. */
export function identify(core: Core, cache: TokenCache, exchange: Exchange): Caller {
  const value = exchange.headers['x-auth-token'] ?? '';
  const now = core.settings.now();
  const record = core.tokens.find(value);
  const cached = cache.get(value);
  // Expiry is honoured at once even when cached.
  if (cached !== undefined && cached.until > now && record !== null && !core.tokens.isExpired(record))
    return cached.caller;
  if (core.down.has('identity')) throw identityUnavailable(exchange);
  if (record === null || !core.tokens.standing(record).good) throw unauthorized(core, exchange);
  const caller: Caller = { userId: record.userId, projectId: record.projectId, roles: core.tokens.rolesOf(record) };
  cache.set(value, { caller, until: now + core.settings.tokenCacheSeconds * 1000 });
  return caller;
}

function unauthorized(core: Core, exchange: Exchange): Refusal {
  return core.settings.mode === 'openstack' ? middlewareUnauthorized(core.baseUrl()) : gatewayRefusal(exchange, '0301');
}

export function isAdmin(caller: Caller): boolean {
  return caller.roles.includes('admin');
}

/** OTC shows some administrators' fields to everybody. */
export function seesHosts(call: ComputeCall): boolean {
  return isAdmin(call.caller) || call.core.settings.mode !== 'openstack';
}

/** Refuses with Nova's policy 403. An unscoped token has no role, so it ends here too. */
export function requireRole(call: ComputeCall, role: Role, rule: string): void {
  if (!call.caller.roles.includes(role) && !isAdmin(call.caller)) throw policyRefusal(rule);
}

/** The server, if it is the caller's to see: somebody else's is 404, not 403. */
export function requireServer(
  call: ComputeCall,
  id: string,
  options: { deletedToo: boolean } = { deletedToo: false },
): SimServer {
  const server = call.core.world.servers.get(id);
  const isTheirs = server !== undefined && (server.projectId === call.caller.projectId || isAdmin(call.caller));
  if (!isTheirs || (server.isErased && !options.deletedToo)) throw serverNotFound(id);
  return server;
}
