// The compute service: versions, then for every other address the token, the route, the microversion, the project.

import type { Core } from '../core.ts';
import {
  findRoute,
  Refusal,
  webobError,
  webobNotFound,
  withHeaders,
  type Answer,
  type Exchange,
  type Route,
} from '../exchange.ts';
import { deleteServer, postAction } from './actions.ts';
import { deleteAttachment, getAttachment, getAttachments, postAttachment } from './attachments.ts';
import { identify, requireRole, requireServer, type Caller, type ComputeCall, type TokenCache } from './caller.ts';
import { postServer, putServer } from './create.ts';
import { gatewayRefusal, novaRefusal, unexpected } from './errors.ts';
import { getExtraSpecs, getFlavor, getFlavors, getFlavorsDetail } from './flavors.ts';
import { getAction, getActions } from './instance-actions.ts';
import { deleteInterface, getInterface, getInterfaces, postInterface } from './interfaces.ts';
import { deleteKeyPair, getKeyPair, getKeyPairs, postKeyPair } from './keypairs.ts';
import { getLimits, getZones } from './limits.ts';
import { getServers, getServersDetail } from './list.ts';
import { askedVersion, echoHeaders, negotiate } from './microversion.ts';
import { getResizeFlavors } from './resize-flavors.ts';
import { links, serverView } from './server-view.ts';
import { versionsAnswer } from './versions.ts';

const VOLUMES = '/servers/{id}/os-volume_attachments';
const NICS = '/servers/{id}/os-interface';

const ROUTES: Route<ComputeCall>[] = [
  { method: 'GET', path: '/servers', handle: getServers },
  { method: 'POST', path: '/servers', handle: postServer },
  { method: 'GET', path: '/servers/detail', handle: getServersDetail },
  { method: 'GET', path: '/servers/{id}', handle: (call, { id = '' }) => getServer(call, id) },
  { method: 'PUT', path: '/servers/{id}', handle: (call, { id = '' }) => putServer(call, id) },
  { method: 'DELETE', path: '/servers/{id}', handle: (call, { id = '' }) => deleteServer(call, id) },
  { method: 'POST', path: '/servers/{id}/action', handle: async (call, { id = '' }) => postAction(call, id) },
  { method: 'GET', path: '/servers/{id}/os-instance-actions', handle: (call, { id = '' }) => getActions(call, id) },
  {
    method: 'GET',
    path: '/servers/{id}/os-instance-actions/{request}',
    handle: (call, { id = '', request = '' }) => getAction(call, id, request),
  },
  { method: 'GET', path: VOLUMES, handle: (call, { id = '' }) => getAttachments(call, id) },
  { method: 'POST', path: VOLUMES, handle: (call, { id = '' }) => postAttachment(call, id) },
  {
    method: 'GET',
    path: `${VOLUMES}/{volume}`,
    handle: (call, { id = '', volume = '' }) => getAttachment(call, id, volume),
  },
  {
    method: 'DELETE',
    path: `${VOLUMES}/{volume}`,
    handle: (call, { id = '', volume = '' }) => deleteAttachment(call, id, volume),
  },
  { method: 'GET', path: NICS, handle: (call, { id = '' }) => getInterfaces(call, id) },
  { method: 'POST', path: NICS, handle: async (call, { id = '' }) => postInterface(call, id) },
  { method: 'GET', path: `${NICS}/{port}`, handle: (call, { id = '', port = '' }) => getInterface(call, id, port) },
  {
    method: 'DELETE',
    path: `${NICS}/{port}`,
    handle: (call, { id = '', port = '' }) => deleteInterface(call, id, port),
  },
  { method: 'GET', path: '/os-keypairs', handle: getKeyPairs },
  { method: 'POST', path: '/os-keypairs', handle: postKeyPair },
  { method: 'GET', path: '/os-keypairs/{name}', handle: (call, { name = '' }) => getKeyPair(call, name) },
  { method: 'DELETE', path: '/os-keypairs/{name}', handle: (call, { name = '' }) => deleteKeyPair(call, name) },
  { method: 'GET', path: '/resize_flavors', handle: getResizeFlavors },
  { method: 'GET', path: '/flavors', handle: getFlavors },
  { method: 'GET', path: '/flavors/detail', handle: getFlavorsDetail },
  { method: 'GET', path: '/flavors/{id}', handle: (call, { id = '' }) => getFlavor(call, id) },
  { method: 'GET', path: '/flavors/{id}/os-extra_specs', handle: (call, { id = '' }) => getExtraSpecs(call, id) },
  { method: 'GET', path: '/limits', handle: getLimits },
  { method: 'GET', path: '/os-availability-zone', handle: getZones },
];

/** What a request's address says: `/v2` is the old API, blind to microversions. */
type Address = { legacy: boolean; projectId: string | null; path: string };

/** Answers requests below the compute root; one service keeps one cache of tokens. */
export function computeService(core: Core): (exchange: Exchange) => Promise<Answer> {
  const cache: TokenCache = new Map();
  return async (exchange) => {
    const headers = { 'X-Openstack-Request-Id': exchange.requestId, 'X-Compute-Request-Id': exchange.requestId };
    const versions = versionsAnswer(core, exchange);
    if (versions !== null) return versions;
    return withHeaders(headers, async () => answer(core, cache, exchange));
  };
}

async function answer(core: Core, cache: TokenCache, exchange: Exchange): Promise<Answer> {
  const caller = identify(core, cache, exchange);
  const address = addressOf(core, exchange);
  if (address === null) throw noSuchAddress(core, exchange);
  const match = findRoute(ROUTES, exchange.method, address.path);
  if (match === null) throw noSuchAddress(core, exchange);
  if (match === 'wrong_method') throw new Refusal(wrongMethod(exchange));
  const asked = address.legacy ? null : askedVersion(exchange.headers);
  const highest = core.settings.maxMicroversion ?? '2.1';
  return withHeaders(address.legacy ? {} : echoHeaders(asked, highest), async () => {
    const version = negotiate(asked, highest);
    requireSameProject(address, caller);
    if (core.down.has('database')) throw unexpected('oslo_db.exception.DBConnectionError');
    const bases = linkBases(core, address);
    return match.route.handle(
      { core, caller, version, exchange: { ...exchange, path: address.path }, ...bases },
      match.params,
    );
  });
}

const RESOURCES = /^\/(servers|flavors|limits|os-availability-zone|os-keypairs)(\/|$)/;

function addressOf(core: Core, exchange: Exchange): Address | null {
  const [, root, rest] = /^\/(v2\.1|v2)(\/.*)?$/.exec(exchange.path) ?? [];
  if (root === undefined || rest === undefined) return null;
  if (root === 'v2.1' && core.settings.maxMicroversion === null) return null;
  const legacy = root === 'v2';
  // Upstream the project's id has been optional since 2.18; on OTC it never became so.
  if (RESOURCES.test(rest)) return core.settings.mode === 'openstack' ? { legacy, projectId: null, path: rest } : null;
  const [, projectId, path] = /^\/([0-9a-f-]+)(\/.*)$/.exec(rest) ?? [];
  return projectId === undefined || path === undefined ? null : { legacy, projectId, path };
}

function requireSameProject({ projectId }: Address, caller: Caller): void {
  if (projectId === null || projectId === caller.projectId) return;
  const own = caller.projectId ?? 'None';
  throw novaRefusal(
    400,
    `Malformed request URL: URL's project_id '${projectId}' doesn't match Context's project_id '${own}'`,
  );
}

// OTC's links lead nowhere: their front part was never configured.
function linkBases(core: Core, address: Address): { linkBase: string; bookmarkBase: string } {
  const project = address.projectId === null ? '' : `/${address.projectId}`;
  const origin = core.settings.mode === 'openstack' ? `${core.baseUrl()}/compute` : 'https://None';
  return { linkBase: `${origin}/${address.legacy ? 'v2' : 'v2.1'}${project}`, bookmarkBase: `${origin}${project}` };
}

function getServer(call: ComputeCall, id: string): Answer {
  requireRole(call, 'reader', 'servers:show');
  const server = requireServer(call, id);
  if (call.core.down.has('network')) throw unexpected('keystoneauth1.exceptions.connection.ConnectFailure');
  const groups = call.version >= 71 ? { server_groups: [] } : {};
  return {
    status: 200,
    body: { server: { ...serverView(call, server), ...groups, links: links(call, `servers/${id}`) } },
  };
}

function noSuchAddress(core: Core, exchange: Exchange): Refusal {
  return core.settings.mode === 'openstack' ? new Refusal(webobNotFound(exchange)) : gatewayRefusal(exchange, '0101');
}

function wrongMethod(exchange: Exchange): Answer {
  const text = `The method ${exchange.method} is not allowed for this resource. <br /><br />\n\n\n`;
  return webobError(exchange, '405 Method Not Allowed', text);
}
