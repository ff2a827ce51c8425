// What a list of servers is asked for, and what of the answer belongs to it: clouds give more than they were asked for. Pure.
import { UserError } from '../errors.ts';
import type { CloudRequest } from './cloud.ts';
import type { Profile } from './profile.ts';
import { SERVER_VERSION, type Server } from './server.ts';

/** `not-tags` is unknown to Nova before 2.26, which would ignore it and list too much. */
const TAG_FILTER_VERSION = '2.26';

/** Always sent, because OTC's own default is 25 and Nova's 1000. */
const DEFAULT_PAGE = 100;

/** Nova's `max_limit` and OTC's cap. */
export const LARGEST_PAGE = 1000;

/** Times, ids and words as `list` offers them; everything is optional. */
export type ServerFilter = {
  /** Part of a name, taken literally. */
  name?: string;
  status?: string;
  /** Flavor id. */
  flavor?: string;
  /** Image id. */
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

/** GET /servers/detail. */
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

/**
 * What was asked for of what came, and the marker of the next page. A cloud that gives everything, whatever the limit and
 * the marker (OTC beside an image), is cut into pages here. `linked`: the cloud says that there is more.
 */
export function pageOf(
  came: readonly Server[],
  linked: boolean,
  filter: ServerFilter,
): { servers: Server[]; next: string | null } {
  const size = pageSize(filter);
  // A page that begins after a server does not hold it.
  const from = came.findIndex(({ id }) => id === filter.marker) + 1;
  const servers = came.slice(from, from + size);
  const more = came.length > from + size || linked || (from === 0 && came.length === size);
  return { servers, next: more ? (servers.at(-1)?.id ?? null) : null };
}

/** Throws `UserError` (`unsupported`) for filters that this cloud would pass over and that cannot be made good for here. */
export function requireUsable(filter: ServerFilter, profile: Profile): void {
  if (filter.image === undefined || !profile.imageFilterAlone) return;
  const { notTags, reservationId, allProjects } = filter;
  if (notTags === undefined && reservationId === undefined && allProjects !== true) return;
  throw new UserError(
    'unsupported',
    'This cloud passes over tags, reservations and other projects where an image is asked for. Ask for one of them at a time.',
  );
}

/** Whether a server fits what was asked for: some clouds match names more loosely, and beside an image nothing else. */
export function isWanted(server: Server, filter: ServerFilter, profile: Profile): boolean {
  if (!isNamed(server, filter.name)) return false;
  if (filter.image === undefined || !profile.imageFilterAlone) return true;
  const { status, flavor, changesSince } = filter;
  return (
    (status === undefined || server.status === status.toUpperCase()) &&
    (flavor === undefined || isOfFlavor(server, flavor)) &&
    (changesSince === undefined || (server.updatedAt ?? 0) >= wholeSeconds(changesSince))
  );
}

function pageSize(filter: ServerFilter): number {
  return Math.min(Math.max(1, Math.trunc(filter.limit ?? DEFAULT_PAGE)), LARGEST_PAGE);
}

/** Nova matches names as a regular expression, unanchored: what people type is to be taken literally. */
function literalPattern(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Upper and lower case count as equal, as in most clouds' databases. */
function isNamed(server: Server, name: string | undefined): boolean {
  return name === undefined || server.name.toLowerCase().includes(name.toLowerCase());
}

/** On the clouds where it matters a flavor is named as its id. */
function isOfFlavor({ flavor }: Server, id: string): boolean {
  return flavor !== null && ('id' in flavor ? flavor.id : flavor.name) === id;
}

function toSeconds(time: number): string {
  return `${new Date(wholeSeconds(time)).toISOString().slice(0, 19)}Z`;
}

function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
