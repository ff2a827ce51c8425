// The identity service: Keystone v3 as far as a person's sign-in, projects and sign-out need it.

import type { Core } from '../core.ts';
import { findRoute, withHeaders, type Answer, type Exchange, type Route } from '../exchange.ts';
import { createCredential, deleteCredential, type Caller } from './application-credentials.ts';
import { authenticate, requireToken } from './authenticate.ts';
import { catalogFor } from './catalog.ts';
import { forbidden, keystoneRefusal, malformed } from './errors.ts';
import { federatedAuth, idTokenAuth } from './federation.ts';
import type { TokenRecord } from './tokens.ts';
import { linked, projectView, tokenBody } from './views.ts';

type Call = { core: Core; exchange: Exchange };

const ROUTES: Route<Call>[] = [
  { method: 'GET', path: '/', handle: versions },
  { method: 'GET', path: '/v3', handle: version },
  { method: 'POST', path: '/v3/auth/tokens', handle: postToken },
  { method: 'GET', path: '/v3/auth/tokens', handle: getToken },
  { method: 'HEAD', path: '/v3/auth/tokens', handle: headToken },
  { method: 'DELETE', path: '/v3/auth/tokens', handle: deleteToken },
  { method: 'GET', path: '/v3/auth/projects', handle: getProjects },
  { method: 'GET', path: '/v3/OS-FEDERATION/projects', handle: getProjects },
  { method: 'GET', path: '/v3/auth/domains', handle: getDomains },
  { method: 'GET', path: '/v3/auth/catalog', handle: getCatalog },
  { method: 'GET', path: '/v3/regions', handle: getRegions },
];

const FEDERATED = '/v3/OS-FEDERATION/identity_providers/{idp}/protocols/{protocol}/auth';

const FEDERATION_ROUTES: Route<Call>[] = [
  { method: 'POST', path: FEDERATED, handle: ({ core, exchange }, params) => federatedAuth(core, exchange, params) },
  { method: 'GET', path: FEDERATED, handle: ({ core, exchange }, params) => federatedAuth(core, exchange, params) },
];

const CREDENTIALS = '/v3/users/{user}/application_credentials';

const KEYSTONE_ROUTES: Route<Call>[] = [
  {
    method: 'POST',
    path: CREDENTIALS,
    handle: (call, { user = '' }) => createCredential(call.core, callerFor(call, user), jsonBody(call.exchange)),
  },
  {
    method: 'DELETE',
    path: `${CREDENTIALS}/{id}`,
    handle: (call, { user = '', id = '' }) => deleteCredential(call.core, callerFor(call, user), id),
  },
];

const IAM_ROUTES: Route<Call>[] = [
  {
    method: 'POST',
    path: '/v3.0/OS-AUTH/id-token/tokens',
    handle: ({ core, exchange }) => idTokenAuth(core, exchange, jsonBody(exchange)),
  },
];

/** Answers one request below the identity root. */
export async function identityService(core: Core, exchange: Exchange): Promise<Answer> {
  return withHeaders({ Vary: 'X-Auth-Token' }, async () => answer(core, exchange));
}

async function answer(core: Core, exchange: Exchange): Promise<Answer> {
  const own = core.settings.mode === 'openstack' ? KEYSTONE_ROUTES : IAM_ROUTES;
  const routes = [...ROUTES, ...FEDERATION_ROUTES, ...own];
  const path = exchange.path.length > 1 ? exchange.path.replace(/\/$/, '') : '/';
  const match = findRoute(routes, exchange.method, path);
  if (match === null)
    throw keystoneRefusal(404, `(${core.baseUrl()}${exchange.fullPath}): The resource could not be found.`);
  if (match === 'wrong_method') throw keystoneRefusal(405, 'The method is not allowed for the requested URL.');
  return match.route.handle({ core, exchange }, match.params);
}

function versions({ core }: Call): Answer {
  const values = [versionView(core)];
  return { status: 300, headers: { Location: `${core.baseUrl()}/identity/v3/` }, body: { versions: { values } } };
}

function version({ core }: Call): Answer {
  return { status: 200, body: { version: versionView(core) } };
}

function versionView(core: Core): unknown {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${core.baseUrl()}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}

function postToken({ core, exchange }: Call): Answer {
  const record = authenticate(core, jsonBody(exchange));
  return { ...shown({ core, exchange }, record), status: 201 };
}

function getToken(call: Call): Answer {
  return shown(call, subject(call));
}

function headToken(call: Call): Answer {
  return { ...shown(call, subject(call)), body: undefined };
}

/** The value travels in the header only. */
function shown({ core, exchange }: Call, record: TokenRecord): Answer {
  const withCatalog = !exchange.query.has('nocatalog');
  return { status: 200, headers: { 'X-Subject-Token': record.value }, body: tokenBody(core, record, { withCatalog }) };
}

// Ends this token alone: those made from it, and the one it was made from, live on.
function deleteToken(call: Call): Answer {
  const caller = requireToken(call.core, call.exchange.headers['x-auth-token']);
  const record = subject(call);
  const isAdmin = call.core.tokens.rolesOf(caller).includes('admin');
  if (record.userId !== caller.userId && !isAdmin) throw forbidden('identity:revoke_token');
  record.revoked = true;
  return { status: 204 };
}

function callerFor({ core, exchange }: Call, userId: string): Caller {
  return { token: requireToken(core, exchange.headers['x-auth-token']), userId };
}

function subject({ core, exchange }: Call): TokenRecord {
  requireToken(core, exchange.headers['x-auth-token']);
  const record = core.tokens.find(exchange.headers['x-subject-token'] ?? '');
  if (record === null || !core.tokens.standing(record).good) throw keystoneRefusal(404, 'Failed to validate token');
  return record;
}

function getProjects({ core, exchange }: Call): Answer {
  const caller = requireToken(core, exchange.headers['x-auth-token']);
  const projects = core.world.projectsOf(caller.userId).map((project) => projectView(core, project));
  return { status: 200, body: linked(core, '/v3/auth/projects', { projects }) };
}

function getDomains({ core, exchange }: Call): Answer {
  requireToken(core, exchange.headers['x-auth-token']);
  return { status: 200, body: linked(core, '/v3/auth/domains', { domains: [] }) };
}

function getCatalog({ core, exchange }: Call): Answer {
  const caller = requireToken(core, exchange.headers['x-auth-token']);
  if (caller.projectId === null) {
    throw keystoneRefusal(403, 'A project-scoped token is required to produce a service catalog.');
  }
  const body = {
    catalog: catalogFor(core, caller.projectId),
    links: { self: `${core.baseUrl()}/identity/v3/auth/catalog` },
  };
  return { status: 200, body };
}

function getRegions({ core }: Call): Answer {
  const { region, moreRegions } = core.settings.catalog;
  const ids = [...moreRegions, ...(region === null || region === '*' ? [] : [region])];
  const regions = ids.map((id) => ({ id, description: '', parent_region_id: null }));
  return { status: 200, body: linked(core, '/v3/regions', { regions }) };
}

function jsonBody(exchange: Exchange): unknown {
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (type !== 'application/json') throw malformed('Expecting to find application/json in Content-Type header.');
  try {
    return JSON.parse(exchange.body);
  } catch {
    throw malformed('Could not parse JSON request body.');
  }
}
