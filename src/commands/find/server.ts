// A server's name or id → the server. Several of that name: the person picks; never the first match.
import type { KnownBlock } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { listAllServers, listServers, type ServerPage, showServer } from '../../openstack/servers.ts';
import { actions, context, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { HERE, hereButton, lineMenu, MENU_CHOICES } from '../buttons.ts';
import type { CommandContext } from '../context.ts';
import { ID, unlessUnknown } from './by-id.ts';
import { nearest } from '../grammar/nearest.ts';
import { nameCode, plainName, serverLine, shortName, twinsAmong } from '../server/words.ts';

const PAGE = 1000;
const MOST_PAGES = 10;
const MOST_PICKS = 8;

type Asking = Pick<CommandContext, 'cloud' | 'again'>;

/**
 * Runs `use` with the one server of this name or id; asks back when the name is missing or stands for several. The name
 * is the command's argument `server`. Throws UserError `not_found` with the nearest names.
 */
export async function withServer<T>(
  wanted: string | null,
  ctx: Asking,
  use: (server: Server, cloud: Cloud) => Promise<T>,
): Promise<T | Reply> {
  const cloud = await ctx.cloud();
  if (wanted === null) return serverMenu(await listServers(cloud, { limit: MENU_CHOICES }), ctx);
  const found = await findServers(cloud, wanted);
  const [only] = found;
  if (only && found.length === 1) return use(only, cloud);
  return pickList(found, { question: `${found.length} servers are called ${nameCode(wanted)}: which one?`, ctx });
}

/**
 * All servers of exactly this name (else of this name in another case), or the one with this id: at least one. One
 * cloud request unless there is none. Throws UserError `not_found`.
 */
export async function findServers(cloud: Cloud, wanted: string): Promise<Server[]> {
  const byId = ID.test(wanted) ? await unlessUnknown(showServer(cloud, wanted)) : null;
  if (byId) return [byId];
  const alike = await listAlike(cloud, wanted);
  const exact = alike.filter((server) => server.name === wanted);
  const named = exact.length > 0 ? exact : alike.filter((server) => plain(server.name) === plain(wanted));
  if (named.length > 0) return named;
  const odd = ID.test(wanted) ? null : await unlessUnknown(showServer(cloud, wanted));
  if (odd) return [odd];
  throw new UserError('not_found', await noServerSentence(cloud, { wanted, alike }), { about: 'server' });
}

/** The cloud's filter finds the name anywhere in a longer one, so the exact one may be on a later page. */
async function listAlike(cloud: Cloud, name: string): Promise<Server[]> {
  const { servers, complete } = await listAllServers(cloud, { name }, MOST_PAGES);
  if (complete) return servers;
  throw new UserError(
    'ambiguous',
    `More than ${servers.length} servers have ${shortName(name)} in their name: use the id.`,
  );
}

/** Phones capitalise first letters and bend apostrophes. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[‘’]/g, "'");
}

async function noServerSentence(cloud: Cloud, { wanted, alike }: { wanted: string; alike: Server[] }): Promise<string> {
  const others = alike.length > 0 ? alike : (await listServers(cloud, { limit: PAGE })).servers;
  const names = [...new Set(others.map(({ name }) => name))].filter((name) => name !== '');
  const close = alike.length > 0 ? names.slice(0, 5) : nearest(wanted, names, 5);
  const hint = close.length > 0 ? `Near it: ${close.map(shortName).join(', ')}.` : '“list” shows the ones you have.';
  return `There is no server ${shortName(wanted)} in this project. ${hint}`;
}

/** Buttons that run the command again with the one that is chosen. `question` is mrkdwn. */
export function pickList(
  found: readonly Server[],
  { question, ctx }: { question: string; ctx: Pick<Asking, 'again'> },
): Reply {
  const picks = found.slice(0, MOST_PICKS).map((server, place): KnownBlock => {
    const button = hereButton({
      id: `pick${place}`,
      text: 'This one',
      label: `Choose the server with the id ${server.id}`,
      line: ctx.again({ server: server.id }),
    });
    return section(`${serverLine(server, [])}\n${nameCode(server.id)}`, { accessory: button });
  });
  const more = found.length - picks.length;
  const rest = more > 0 ? [context(`… and ${more} more: type the id instead of the name.`)] : [];
  return { kind: 'message', audience: 'person', text: question, blocks: [section(question), ...picks, ...rest] };
}

function serverMenu({ servers, next }: ServerPage, ctx: Asking): Reply {
  const isTwin = twinsAmong(servers);
  const choices = servers.map((server) => ({
    text: plainName(server),
    description: isTwin(server) ? `${server.status} · ${server.id}` : server.status,
    value: ctx.again({ server: server.id }),
  }));
  const menu = lineMenu({ actionId: `${HERE}:menu`, placeholder: 'Choose a server', choices, room: 10_000 });
  if (!menu) throw new UserError('not_found', 'There is no server in this project.');
  const text =
    next === null ? 'Which server?' : `Which server? These are the newest ${servers.length}; others by name.`;
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([menu])] };
}
