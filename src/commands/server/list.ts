// `list`: the servers of the project, filtered, a page at a time.
import type { ActionsBlockElement } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import type { Server } from '../../openstack/server.ts';
import { listServers, type ServerFilter, type ServerPage } from '../../openstack/servers.ts';
import { actions } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { hereButton, lineMenu, RUN } from '../buttons.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findFlavor, flavorsFor } from '../find/flavor.ts';
import { imageIdOf } from '../find/image.ts';
import { inSections } from '../lines.ts';
import { exactLine } from '../grammar/parse.ts';
import { nameCode, plainName, serverLine, shortName, twinsAmong } from './words.ts';
import { show } from './show.ts';

/** Nova's words; since microversion 2.38 it refuses others. */
const STATUSES = [
  'ACTIVE',
  'BUILD',
  'DELETED',
  'ERROR',
  'HARD_REBOOT',
  'MIGRATING',
  'PASSWORD',
  'PAUSED',
  'REBOOT',
  'REBUILD',
  'RESCUE',
  'RESIZE',
  'REVERT_RESIZE',
  'SHELVED',
  'SHELVED_OFFLOADED',
  'SHUTOFF',
  'SOFT_DELETED',
  'SUSPENDED',
  'UNKNOWN',
  'VERIFY_RESIZE',
] as const;

const PAGE = 20;
/** What one message can hold. */
const MOST = 50;
/** About ten pages; longer trails lose their beginning, and `Previous` then jumps to the first page. */
const TRAIL_LENGTH = 400;

const args = {
  name: { kind: 'text', summary: 'part of the name', placeholder: 'text' },
  status: { kind: 'enum', values: STATUSES, summary: 'servers in this status only', placeholder: 'ACTIVE' },
  flavor: { kind: 'text', summary: 'name or id of a flavor' },
  image: { kind: 'text', summary: 'name or id of the image they were made from' },
  changesSince: { kind: 'time', summary: 'changed since, deleted ones included', placeholder: '2h|time' },
  limit: { kind: 'number', least: 1, most: MOST, summary: `servers on a page, ${PAGE} unless told`, placeholder: 'n' },
  marker: { kind: 'text', summary: 'begin after the server with this id', placeholder: 'id' },
  notTags: { kind: 'text', summary: 'without all of these tags, separated by commas', placeholder: 'tag,tag' },
  reservationId: { kind: 'text', summary: 'created by the same call', placeholder: 'id' },
  allTenants: { kind: 'boolean', summary: 'of all projects, for administrators' },
  /** The markers of the pages before this one, separated by commas. */
  trail: { kind: 'text', summary: 'pages gone through', repeats: false, maxLength: TRAIL_LENGTH },
} as const;

type ListArgs = ArgsOf<typeof args>;

export const list = defineCommand({
  name: 'list',
  summary: 'List the servers of the project',
  examples: ['list', 'list --status SHUTOFF', 'list --name web --flavor s2.small.1', 'list --changes-since 2h'],
  args,
  signIn: 'required',
  changes: false,
  async run(given, ctx) {
    const cloud = await ctx.cloud();
    const page = await readPage(given, { cloud, ctx });
    const flavors = await flavorsFor(page.servers, { cloud, cache: ctx.flavors });
    const project = (await ctx.project()).name;
    return listReply(page, { given, ctx, flavors, project });
  },
  shortcuts: { list_servers: { opens: 'Servers', resolve: async () => ({ args: {} }) } },
});

async function readPage(given: ListArgs, { cloud, ctx }: { cloud: Cloud; ctx: CommandContext }): Promise<ServerPage> {
  try {
    return await listServers(cloud, await filterOf(given, { cloud, ctx }));
  } catch (error) {
    if (given.marker === null || !isCloudError(error, 'bad_request')) throw error;
    const sentence = `The cloud no longer knows the server ${shortName(given.marker)} that this page begins after: list again from the start.`;
    throw new UserError('wrong_state', sentence, { cause: error });
  }
}

async function filterOf(given: ListArgs, { cloud, ctx }: { cloud: Cloud; ctx: CommandContext }): Promise<ServerFilter> {
  const flavor = given.flavor === null ? null : findFlavor(await ctx.flavors.of(cloud), given.flavor);
  const image = given.image === null ? null : await imageIdOf(cloud, given.image);
  return {
    limit: given.limit ?? PAGE,
    ...(given.name !== null && { name: given.name }),
    ...(given.status !== null && { status: given.status }),
    ...(flavor && { flavor: flavor.id }),
    ...(image !== null && { image }),
    ...(given.changesSince !== null && { changesSince: given.changesSince }),
    ...(given.marker !== null && { marker: given.marker }),
    ...(given.notTags !== null && { notTags: splitAtCommas(given.notTags) }),
    ...(given.reservationId !== null && { reservationId: given.reservationId }),
    ...(given.allTenants && { allProjects: true }),
  };
}

function splitAtCommas(text: string): string[] {
  return text.split(/\s*,\s*/).filter((part) => part !== '');
}

type Shown = { given: ListArgs; ctx: CommandContext; flavors: readonly Flavor[]; project: string };

function listReply(page: ServerPage, { given, ctx, flavors, project }: Shown): Reply {
  const title = titleOf(page, { given, project });
  const lines = page.servers.map((server) => serverLine(server, flavors));
  const buttons = [...openMenu(page.servers), ...pagingButtons(page, { given, ctx })];
  const blocks = [...inSections([title, ...lines]), ...(buttons.length > 0 ? [actions(buttons)] : [])];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

/** A page is never taken for all there are; how many there are the cloud does not tell. */
function titleOf({ servers, next }: ServerPage, { given, project }: { given: ListArgs; project: string }): string {
  const where = given.allTenants ? 'in all projects' : `in project ${nameCode(project)}`;
  if (servers.length === 0) return `${noneOf(given)} ${where}.`;
  const more = given.marker === null ? '' : ' more';
  const count = `${servers.length}${more} ${servers.length === 1 ? 'server' : 'servers'}`;
  return `${count} ${where}${next === null ? '' : ', and there are more'}`;
}

/** What was asked for, when there is none of it. */
function noneOf({ limit: _limit, allTenants: _all, ...wanted }: ListArgs): string {
  if (wanted.marker !== null) return 'No more servers';
  return Object.values(wanted).every((value) => value === null) ? 'There are no servers' : 'No such servers';
}

function openMenu(servers: readonly Server[]): ActionsBlockElement[] {
  const isTwin = twinsAmong(servers);
  const choices = servers.map((server) => ({
    text: plainName(server),
    value: exactLine(show, { server: server.id }),
    ...(isTwin(server) && { description: server.id }),
  }));
  const menu = lineMenu({ actionId: `${RUN}:open`, placeholder: 'Show one', choices, room: 3_500 });
  return menu ? [menu] : [];
}

/** The cloud's pages only lead forward, so the buttons carry the way back. */
function pagingButtons(page: ServerPage, { given, ctx }: { given: ListArgs; ctx: CommandContext }) {
  const trail = trailOf(given);
  const buttons: ActionsBlockElement[] = [];
  if (given.marker !== null) {
    const line = ctx.again({ marker: trail.at(-1) ?? null, trail: joinTrail(trail.slice(0, -1)) });
    buttons.push(hereButton({ id: 'previous', text: 'Previous', label: 'Previous page', line }));
  }
  if (page.next !== null) {
    const passed = given.marker === null ? [] : [...trail, given.marker];
    const line = ctx.again({ marker: page.next, trail: joinTrail(passed) });
    buttons.push(hereButton({ id: 'next', text: 'Next', label: 'Next page', line }));
  }
  return buttons;
}

function trailOf({ trail }: ListArgs): string[] {
  return trail === null ? [] : splitAtCommas(trail);
}

function joinTrail(markers: string[]): string | null {
  let kept = markers;
  while (kept.join(',').length > TRAIL_LENGTH) kept = kept.slice(1);
  return kept.length === 0 ? null : kept.join(',');
}
