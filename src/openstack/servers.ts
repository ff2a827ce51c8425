// Servers: what can be asked of them and done to them. One function per call; the changing ones as request + send.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { isCloudError, unusable } from './errors.ts';
import { list, object } from './json.ts';
import { segment } from './path.ts';
import { parseServer, type Server } from './server.ts';

/**
 * 2.60 is the highest that every cloud we serve offers (OTC's ceiling), and has all we show: `locked` 2.9, `description`
 * 2.19, `tags` 2.26, and from 2.47 the flavor's name and size inside the server, which saves a call for every list.
 */
export const SERVER_VERSION = '2.60';

/** `not-tags` is unknown to Nova before 2.26, which would ignore it and list too much. */
const TAG_FILTER_VERSION = '2.26';

/** Always sent, because OTC's own default is 25 and Nova's 1000. */
const DEFAULT_PAGE = 100;

/** Nova's `max_limit` and OTC's cap. */
const LARGEST_PAGE = 1000;

/** Times, ids and words as `list` offers them; everything is optional. */
export type ServerFilter = {
  /** Part of a name, taken literally. */
  name?: string;
  status?: string;
  /** Flavor id. */
  flavor?: string;
  /** Image id. OTC ignores all other filters and paging beside it. */
  image?: string;
  /** Ms since the epoch; cut to seconds. Deleted servers are included then. */
  changesSince?: number;
  /** At most 1000. */
  limit?: number;
  /** Id of the last server seen. */
  marker?: string;
  notTags?: string[];
  reservationId?: string;
  /** Administrators only. */
  allProjects?: boolean;
};

/** `next` is the marker of the following page, which may turn out to be empty; `at` is the cloud's clock, in ms. */
export type ServerPage = { servers: Server[]; next: string | null; at: number };

export type { Accepted } from './accepted.ts';

/** One page. GET /servers/detail (ecs-api B.2). Throws CloudError; `bad_request` also when the marker is gone. */
export async function listServers(cloud: Cloud, filter: ServerFilter): Promise<ServerPage> {
  const answer = await cloud.call(listServersRequest(filter));
  const body = object(answer.body);
  const servers = list(body['servers'])
    .map(parseServer)
    .filter((server) => server !== null);
  const more = hasNextLink(body['servers_links']) || servers.length === pageSize(filter);
  const next = more ? (servers.at(-1)?.id ?? null) : null;
  return { servers: servers.filter((server) => isNamed(server, filter.name)), next, at: answer.at };
}

export function listServersRequest(filter: ServerFilter): CloudRequest {
  const tagged = filter.notTags !== undefined && filter.notTags.length > 0;
  const fields: [string, string | undefined][] = [
    ['name', filter.name === undefined ? undefined : literalPattern(filter.name)],
    ['status', filter.status],
    ['flavor', filter.flavor],
    ['image', filter.image],
    ['changes-since', filter.changesSince === undefined ? undefined : toSeconds(filter.changesSince)],
    ['not-tags', tagged ? filter.notTags?.join(',') : undefined],
    ['reservation_id', filter.reservationId],
    ['all_tenants', filter.allProjects === true ? 'true' : undefined],
    ['limit', String(pageSize(filter))],
    ['marker', filter.marker],
  ];
  return {
    service: 'compute',
    method: 'GET',
    path: '/servers/detail',
    query: fields.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
    microversion: { most: SERVER_VERSION, ...(tagged && { least: TAG_FILTER_VERSION }) },
  };
}

/** A fixed cap, so that a cloud which ignores the marker cannot keep us listing for ever: 100,000 servers. */
const MOST_PAGES = 100;

const MOST_RESTARTS = 2;

/**
 * Every server of the project changed at or after `since` (ms), deleted ones included, each once. `at` is the cloud's
 * clock when the listing began: ask from a little before it next time. Starts over when a page's marker is gone.
 */
export async function listChangedServers(cloud: Cloud, since: number): Promise<{ servers: Server[]; at: number }> {
  for (let restarts = 0; restarts < MOST_RESTARTS; restarts += 1) {
    try {
      return await listAllChanged(cloud, since);
    } catch (error) {
      if (!isMarkerGone(error)) throw error;
    }
  }
  return listAllChanged(cloud, since);
}

/** Older Novas refuse the marker of a server that was purged while we paged. */
function isMarkerGone(error: unknown): boolean {
  return isCloudError(error, 'bad_request') && /[?&]marker=/.test(error.url);
}

async function listAllChanged(cloud: Cloud, since: number): Promise<{ servers: Server[]; at: number }> {
  const seen = new Map<string, Server>();
  const filter = { changesSince: since, limit: LARGEST_PAGE };
  const first = await listServers(cloud, filter);
  let page = first;
  for (let pages = 1; ; pages += 1) {
    for (const server of page.servers) keepNewest(seen, server);
    if (page.next === null || pages === MOST_PAGES) return { servers: [...seen.values()], at: first.at };
    page = await listServers(cloud, { ...filter, marker: page.next });
  }
}

/** A server can be on two pages when it changes while we page. */
function keepNewest(seen: Map<string, Server>, server: Server): void {
  const known = seen.get(server.id);
  if (known === undefined || (server.updatedAt ?? 0) >= (known.updatedAt ?? 0)) seen.set(server.id, server);
}

/** GET /servers/{id} (ecs-api B.3). Throws CloudError, `not_found` for unknown servers and those of other projects. */
export async function showServer(cloud: Cloud, id: string): Promise<Server> {
  const path = `/servers/${segment(id)}`;
  const answer = await cloud.call({ service: 'compute', method: 'GET', path, microversion: { most: SERVER_VERSION } });
  const server = parseServer(object(answer.body)['server']);
  if (server === null) throw unusable({ method: 'GET', url: path, ...answer }, 'the answer holds no server');
  return server;
}

/** POST /servers/{id}/action os-start (ecs-api B.7). Throws CloudError, `conflict` unless it is stopped. */
export async function startServer(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(startRequest(id)));
}

export function startRequest(id: string): CloudRequest {
  return action(id, { 'os-start': null });
}

/** POST /servers/{id}/action os-stop (ecs-api B.7). Throws CloudError, `conflict` unless it is active or in error. */
export async function stopServer(cloud: Cloud, id: string, how: { hard: boolean }): Promise<Accepted> {
  return accepted(await cloud.call(stopRequest(id, how)));
}

/** OTC and Huawei know soft and hard; Nova itself takes the word and ignores it. */
export function stopRequest(id: string, how: { hard: boolean }): CloudRequest {
  return action(id, { 'os-stop': how.hard ? { type: 'HARD' } : null });
}

/** POST /servers/{id}/action reboot (ecs-api B.7). Throws CloudError, `conflict` where the state does not allow it. */
export async function rebootServer(cloud: Cloud, id: string, how: { hard: boolean }): Promise<Accepted> {
  return accepted(await cloud.call(rebootRequest(id, how)));
}

export function rebootRequest(id: string, how: { hard: boolean }): CloudRequest {
  return action(id, { reboot: { type: how.hard ? 'HARD' : 'SOFT' } });
}

/**
 * POST /servers/{id}/action resize (ecs-api B.8). Throws CloudError: `bad_request` for an unknown, disabled or equal
 * flavor, `quota`, `conflict`. Being accepted says nothing about success: a lack of capacity ends in the old flavor again.
 */
export async function resizeServer(cloud: Cloud, id: string, flavorId: string): Promise<Accepted> {
  return accepted(await cloud.call(resizeRequest(id, flavorId)));
}

export function resizeRequest(id: string, flavorId: string): CloudRequest {
  return action(id, { resize: { flavorRef: flavorId } });
}

/**
 * POST /servers/{id}/action confirmResize (ecs-api B.8). Accepted before it is done: the status stays VERIFY_RESIZE for a
 * while. Throws CloudError: `bad_request` when already under way, `conflict` when nothing waits. Two at the same instant
 * can break the server, so hold the server's lease.
 */
export async function confirmResize(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(confirmRequest(id)));
}

export function confirmRequest(id: string): CloudRequest {
  return action(id, { confirmResize: null });
}

/** POST /servers/{id}/action revertResize (ecs-api B.8). As `confirmResize`, lease included. */
export async function revertResize(cloud: Cloud, id: string): Promise<Accepted> {
  return accepted(await cloud.call(revertRequest(id)));
}

export function revertRequest(id: string): CloudRequest {
  return action(id, { revertResize: null });
}

/** No microversion: these actions are the same in all of them, and so need no discovery. Exactly one key in `body`. */
function action(id: string, body: Record<string, unknown>): CloudRequest {
  return { service: 'compute', method: 'POST', path: `/servers/${segment(id)}/action`, body };
}

function pageSize(filter: ServerFilter): number {
  return Math.min(Math.max(1, Math.trunc(filter.limit ?? DEFAULT_PAGE)), LARGEST_PAGE);
}

/** Only whether there is one: its href can be `https://None/…`, so the marker is taken from the last server. */
function hasNextLink(links: unknown): boolean {
  return list(links).some((link) => object(link)['rel'] === 'next');
}

/** Nova matches names as a regular expression, unanchored: what people type is to be taken literally. */
function literalPattern(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Some clouds match more loosely than asked; upper and lower case count as equal, as in most of their databases. */
function isNamed(server: Server, name: string | undefined): boolean {
  return name === undefined || server.name.toLowerCase().includes(name.toLowerCase());
}

function toSeconds(time: number): string {
  return `${new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
