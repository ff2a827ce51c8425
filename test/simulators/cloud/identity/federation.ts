// Signing in with what an OpenID provider gave: one address for two kinds of token, and the commercial clouds' own call.

import type { Core } from '../core.ts';
import { isRecord, Refusal, type Answer, type Exchange } from '../exchange.ts';
import { scopedProject } from './authenticate.ts';
import { iamRefusal, keystoneRefusal, unauthorized } from './errors.ts';
import type { TokenRecord } from './tokens.ts';
import { tokenBody } from './views.ts';

/** OS-FEDERATION …/auth: plain Keystone introspects an access token, the commercial clouds verify an ID token. */
export async function federatedAuth(core: Core, exchange: Exchange, params: Record<string, string>): Promise<Answer> {
  const { identityProvider, protocol, mode } = core.settings;
  const bearer = /^Bearer (\S+)$/i.exec(exchange.headers['authorization'] ?? '')?.[1];
  if (params['idp'] !== identityProvider)
    throw keystoneRefusal(404, `Could not find Identity Provider: ${params['idp']}.`);
  if (params['protocol'] !== protocol)
    throw keystoneRefusal(404, `Could not find federated protocol: ${params['protocol']}.`);
  const person = await personBehind(core, bearer ?? '');
  // In front of plain Keystone it is Apache's module that refuses, and it knows only HTML.
  if (person === null) throw mode === 'openstack' ? apacheUnauthorized() : unauthorized(core.baseUrl());
  const userId = mappedUser(core, person.name);
  if (userId === null) throw unauthorized(core.baseUrl());
  return issued(core, federatedToken(core, { userId, projectId: null }));
}

/** POST /v3.0/OS-AUTH/id-token/tokens, with errors in IAM's flat shape. */
export async function idTokenAuth(core: Core, exchange: Exchange, body: unknown): Promise<Answer> {
  const { identityProvider } = core.settings;
  const idToken = idTokenIn(body);
  if (idToken === null) throw iamRefusal(400, 'IAM.0011', 'Request body is invalid.');
  const wanted = exchange.headers['x-idp-id'];
  if (wanted !== identityProvider)
    throw iamRefusal(404, 'IAM.0004', `Could not find ${wanted ?? 'the identity provider'}.`);
  const person = await personBehind(core, idToken.id);
  const userId = person === null ? null : mappedUser(core, person.name);
  if (userId === null) throw iamRefusal(401, 'IAM.0001', 'The request you have made requires authentication.');
  return issued(core, federatedToken(core, { userId, projectId: iamScope(core, userId, idToken.scope) }));
}

function iamScope(core: Core, userId: string, scope: unknown): string | null {
  if (scope === undefined) return null;
  try {
    return scopedProject(core, userId, scope);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw error.answer.status === 404
      ? iamRefusal(404, 'IAM.0004', 'Could not find the project.')
      : iamRefusal(403, 'IAM.0003', 'You are not authorized to perform the requested action.');
  }
}

async function personBehind(core: Core, token: string): Promise<{ name: string } | null> {
  const { idp, mode } = core.settings;
  if (idp === null || token === '') return null;
  return mode === 'openstack' ? idp.introspect(token) : idp.verifyIdToken(token);
}

// The mapping knows the seeded users by name and lets nobody else in.
function mappedUser(core: Core, name: string): string | null {
  const user = [...core.world.users.values()].find((known) => known.name === name);
  return user?.enabled === true ? user.id : null;
}

function federatedToken(core: Core, who: { userId: string; projectId: string | null }): TokenRecord {
  const { identityProvider, protocol, mode } = core.settings;
  const methods = [mode === 'openstack' ? protocol : 'mapped'];
  return core.tokens.issue({ ...who, methods, federated: { identityProvider, protocol } });
}

function issued(core: Core, record: TokenRecord): Answer {
  return {
    status: 201,
    headers: { 'X-Subject-Token': record.value },
    body: tokenBody(core, record, { withCatalog: true }),
  };
}

function idTokenIn(body: unknown): { id: string; scope: unknown } | null {
  const auth = isRecord(body) ? body['auth'] : null;
  const idToken = isRecord(auth) ? auth['id_token'] : null;
  if (!isRecord(auth) || !isRecord(idToken) || typeof idToken['id'] !== 'string') return null;
  return { id: idToken['id'], scope: auth['scope'] };
}

function apacheUnauthorized(): Refusal {
  return new Refusal({
    status: 401,
    headers: { 'Content-Type': 'text/html; charset=iso-8859-1', 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>401 Unauthorized</title>\n</head><body>\n<h1>Unauthorized</h1>\n</body></html>\n',
  });
}
