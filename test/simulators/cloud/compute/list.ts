// GET /servers and /servers/detail: Nova's filters with Nova's surprises.

import type { Answer } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { isAdmin, requireRole, type ComputeCall } from './caller.ts';
import { novaRefusal, policyRefusal, unexpected } from './errors.ts';
import { nextLink, pageOf } from './paging.ts';
import { invalidQuery, python } from './schema.ts';
import { serverSummary, serverView, UNREACHABLE } from './server-view.ts';
import { sortServers } from './sort.ts';
import { statesFor } from './status.ts';

type Test = (server: SimServer) => boolean;

/** Every parameter that Nova knows in a list; from 2.75 on any other is refused. */
const KNOWN = new Set(
  [
    'limit marker sort_key sort_dir name status flavor image ip ip6 reservation_id all_tenants changes-since changes-before',
    'tags tags-any not-tags not-tags-any host hostname deleted uuid project_id tenant_id user_id locked availability_zone',
    'key_name vm_state task_state power_state access_ip_v4 access_ip_v6 auto_disk_config config_drive created_at description',
    'display_description display_name image_ref instance_type_id kernel_id launch_index launched_at locked_by node progress',
    'ramdisk_id root_device_name terminated_at soft_deleted',
  ].flatMap((line) => line.split(' ')),
);

export function getServers(call: ComputeCall): Answer {
  return list(call, 'index');
}

export function getServersDetail(call: ComputeCall): Answer {
  if (call.core.down.has('network')) throw unexpected('keystoneauth1.exceptions.connection.ConnectFailure');
  return list(call, 'detail');
}

function list(call: ComputeCall, form: 'index' | 'detail'): Answer {
  requireKnownParameters(call);
  requireRole(call, 'reader', `servers:${form}`);
  const fits = filterOf(call, form);
  if (fits === null) return { status: 200, body: { servers: [] } };
  // A marker may have been deleted since, or fit no longer: what comes after it is still known.
  const known = sortServers(call, inScope(call));
  const { items, nextHref } = isByImageAlone(call)
    ? { items: known.filter(fits), nextHref: null }
    : pageOf(call, { known, fits, idOf: (server) => server.id });
  const view = form === 'index' ? serverSummary : listedView;
  return {
    status: 200,
    body: { servers: items.map((server) => view(call, server)), ...nextLink('servers_links', nextHref) },
  };
}

function listedView(call: ComputeCall, server: SimServer): Record<string, unknown> {
  const { fault, ...rest } = serverView(call, server);
  return fault === undefined || server.isHomeless ? rest : { ...rest, fault };
}

function requireKnownParameters({ version, exchange }: ComputeCall): void {
  if (version < 75) return;
  const unknown = [...exchange.query.keys()].filter((name) => !KNOWN.has(name));
  if (unknown.length === 0) return;
  const were = unknown.length === 1 ? 'was' : 'were';
  throw novaRefusal(
    400,
    `Additional properties are not allowed (${unknown.map(python).join(', ')} ${were} unexpected)`,
  );
}

function inScope(call: ComputeCall): SimServer[] {
  const everywhere = ['1', 'true', 'True'].includes(call.exchange.query.get('all_tenants') ?? '');
  const servers = [...call.core.world.servers.values()];
  return everywhere ? servers : servers.filter((server) => server.projectId === call.caller.projectId);
}

/** Null: nothing can fit, though nothing is wrong with asking. */
function filterOf(call: ComputeCall, form: 'index' | 'detail'): Test | null {
  const query = call.exchange.query;
  if (query.has('all_tenants') && !isAdmin(call.caller)) throw policyRefusal(`servers:${form}:get_all_tenants`);
  const byStatus = statusTest(call);
  if (byStatus === null) return null;
  if (isByImageAlone(call)) return (server) => server.imageId === query.get('image') && isAlive(server);
  // Before 2.69 the servers of a cell that does not answer are left out without a word.
  const reachable: Test = ({ vmState }) => call.version >= 69 || vmState !== UNREACHABLE;
  const tests = [
    byStatus,
    reachable,
    ageTest(call),
    nameTest(query),
    addressTest(call),
    tagTest(call),
    ...equalTests(query),
  ];
  return (server) => tests.every((test) => test(server));
}

/** OTC lets the image filter push all others aside, the limit and the marker too. */
function isByImageAlone({ core, exchange }: ComputeCall): boolean {
  return exchange.query.has('image') && core.settings.mode !== 'openstack';
}

function isAlive(server: SimServer): boolean {
  return !server.isErased;
}

function statusTest({ version, caller, exchange }: ComputeCall): Test | null {
  const statuses = exchange.query.getAll('status');
  if (statuses.length === 0) return () => true;
  const states = statesFor(statuses);
  if (states === null) {
    if (version >= 38) throw novaRefusal(400, 'Invalid status value');
    return null;
  }
  const { vmStates, taskStates } = states;
  if (vmStates.size === 1 && vmStates.has('deleted') && !isAdmin(caller)) {
    throw novaRefusal(403, 'Only administrators may list deleted instances');
  }
  return ({ vmState, taskState }) => vmStates.has(vmState) && (taskStates === null || taskStates.has(taskState ?? ''));
}

// Asking for changes brings the deleted ones back, so that a client can see them go.
function ageTest({ version, exchange, caller }: ComputeCall): Test {
  const since = timeParameter(exchange.query, 'changes-since');
  const before = version >= 66 ? timeParameter(exchange.query, 'changes-before') : null;
  if (since !== null && before !== null && since > before) {
    throw novaRefusal(400, 'The value of changes-since must be less than or equal to changes-before.');
  }
  const deletedAsked =
    isAdmin(caller) && exchange.query.getAll('status').some((status) => status.toUpperCase() === 'DELETED');
  const withDeleted = since !== null || before !== null || deletedAsked;
  // The database knows whole seconds only.
  const second = (at: number): number => Math.floor(at / 1000) * 1000;
  return (server) =>
    (withDeleted || isAlive(server)) &&
    (since === null || second(server.updatedAt) >= since) &&
    (before === null || second(server.updatedAt) <= before);
}

function timeParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const isTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const at = Date.parse(hasZone ? text : `${text}Z`);
  if (!isTime || Number.isNaN(at)) throw invalidQuery(name, text, `'${text}' is not a 'date-time'`);
  return at;
}

// MySQL's REGEXP: unanchored, blind to case, and a broken pattern is the database's error. Nova escapes only the bar.
function nameTest(query: URLSearchParams): Test {
  const pattern = query.get('name');
  if (pattern === null) return () => true;
  const regexp = compile(pattern.replaceAll('|', String.raw`\|`));
  return (server) => regexp.test(server.name);
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'iu');
  } catch {
    throw unexpected('oslo_db.exception.DBError');
  }
}

function addressTest({ version, caller, exchange }: ComputeCall): Test {
  const v4 = exchange.query.get('ip');
  // Ordinary people may ask for IPv6 addresses since 2.5.
  const v6 = version >= 5 || isAdmin(caller) ? exchange.query.get('ip6') : null;
  const fits = (pattern: string | null, server: SimServer, six: boolean): boolean =>
    pattern === null ||
    Object.values(server.addresses).some((addresses) =>
      addresses.some((address) => address.includes(':') === six && compile(pattern).test(address)),
    );
  return (server) => fits(v4, server, false) && fits(v6, server, true);
}

function tagTest({ version, exchange }: ComputeCall): Test {
  const tagsIn = (name: string): string[] | null => exchange.query.get(name)?.split(',') ?? null;
  if (version < 26) return () => true;
  const [all, any, notAll, notAny] = [tagsIn('tags'), tagsIn('tags-any'), tagsIn('not-tags'), tagsIn('not-tags-any')];
  return ({ tags }) =>
    (all?.every((tag) => tags.includes(tag)) ?? true) &&
    (any?.some((tag) => tags.includes(tag)) ?? true) &&
    !(notAll?.every((tag) => tags.includes(tag)) ?? false) &&
    !(notAny?.some((tag) => tags.includes(tag)) ?? false);
}

function equalTests(query: URLSearchParams): Test[] {
  const equal = (name: string, pick: (server: SimServer) => string | null): Test => {
    const wanted = query.get(name);
    return (server) => wanted === null || pick(server) === wanted;
  };
  return [
    equal('flavor', (server) => server.flavorId),
    equal('image', (server) => server.imageId),
    equal('reservation_id', (server) => server.reservationId),
  ];
}
