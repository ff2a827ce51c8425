// Servers: what can be asked of them and done to them. One function per call; the changing ones as request + send.
import { accepted, type Accepted } from './accepted.ts';
import type { Cloud, CloudRequest } from './cloud.ts';
import { unusable } from './errors.ts';
import { list, object } from './json.ts';
import { segment } from './path.ts';
import { whileMarkersGo } from './read.ts';
import { parseServer, SERVER_VERSION, type Server } from './server.ts';
import {
  isWanted,
  LARGEST_PAGE,
  listServersRequest,
  pageOf,
  requireUsable,
  type ServerFilter,
} from './server-filter.ts';

export type { ServerFilter } from './server-filter.ts';

/** `next` is the marker of the following page, which may turn out to be empty; `at` is the cloud's clock, in ms. */
export type ServerPage = { servers: Server[]; next: string | null; at: number };

export type { Accepted } from './accepted.ts';

/**
 * One page. GET /servers/detail (ecs-api B.2). Throws CloudError, `bad_request` also when the marker is gone, and
 * `UserError` (`unsupported`) for filters that this cloud would not heed.
 */
export async function listServers(cloud: Cloud, filter: ServerFilter): Promise<ServerPage> {
  requireUsable(filter, cloud.profile);
  const answer = await cloud.call(listServersRequest(filter));
  const body = object(answer.body);
  const came = list(body['servers'])
    .map(parseServer)
    .filter((server) => server !== null);
  const { servers, next } = pageOf(came, hasNextLink(body['servers_links']), filter);
  return { servers: servers.filter((server) => isWanted(server, filter, cloud.profile)), next, at: answer.at };
}

/** A fixed cap, so that a cloud which ignores the marker cannot keep us listing for ever: 100,000 servers. */
const MOST_PAGES = 100;

/** `complete` false: there are more than were listed. `at` is the cloud's clock when the listing began, in ms. */
export type AllServers = { servers: Server[]; complete: boolean; at: number };

/**
 * The servers of at most `mostPages` pages of 1000, each once, however the list moves meanwhile. Starts over when a page's
 * marker is gone. Throws as `listServers`.
 */
export async function listAllServers(
  cloud: Cloud,
  filter: Omit<ServerFilter, 'limit' | 'marker'>,
  mostPages: number,
): Promise<AllServers> {
  return whileMarkersGo(() => listOnce(cloud, filter, mostPages));
}

/**
 * Every server of the project changed at or after `since` (ms), deleted ones included, each once. `at` is the cloud's
 * clock when the listing began: ask from a little before it next time. Starts over when a page's marker is gone.
 */
export async function listChangedServers(cloud: Cloud, since: number): Promise<{ servers: Server[]; at: number }> {
  const { servers, at } = await listAllServers(cloud, { changesSince: since }, MOST_PAGES);
  return { servers, at };
}

async function listOnce(cloud: Cloud, filter: ServerFilter, mostPages: number): Promise<AllServers> {
  const seen = new Map<string, Server>();
  const whole = { ...filter, limit: LARGEST_PAGE };
  const first = await listServers(cloud, whole);
  let page = first;
  for (let pages = 1; ; pages += 1) {
    for (const server of page.servers) keepNewest(seen, server);
    const complete = page.next === null;
    if (page.next === null || pages === mostPages) return { servers: [...seen.values()], complete, at: first.at };
    page = await listServers(cloud, { ...whole, marker: page.next });
  }
}

/** A server can be on two pages when it changes while we page; told at the same second, the later page counts. */
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

/** Only whether there is one: its href can be `https://None/…`, so the marker is taken from the last server. */
function hasNextLink(links: unknown): boolean {
  return list(links).some((link) => object(link)['rel'] === 'next');
}
