// `show`: one server, and what can be done with it now.
import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import type { Server } from '../../openstack/server.ts';
import { listServers } from '../../openstack/servers.ts';
import type { OpenResize } from '../../resize/resizes.ts';
import { STATE_WORDS } from '../../resize/words.ts';
import { actions, context, fields, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, dateTime, escapeMrkdwn } from '../../slack/text.ts';
import { hereButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { flavorsFor } from '../find/flavor.ts';
import { pickList, withServer } from '../find/server.ts';
import { serversNamedIn } from '../find/named-in.ts';
import { addressWords, flavorWords, light, nameCode, plainName, shortName, statusWords } from './words.ts';
import { buttonsFor } from './show-buttons.ts';
import { type Details, detailBlocks, imageWords, readDetails } from './show-details.ts';

export const show = defineCommand({
  name: 'show',
  summary: 'Show one server, with buttons for what can be done now',
  details: '`--details`, or the button, adds its image, disks, NICs and what was done to it.',
  examples: ['show web-1', 'show web-1 --details', 'show'],
  args: {
    server: { kind: 'text', positional: true, summary: 'name or id of the server' },
    details: { kind: 'boolean', summary: 'also its image, disks, NICs and what was done to it' },
  },
  signIn: 'required',
  changes: false,
  run: (args, ctx) =>
    withServer(args.server, ctx, async (server, cloud) => {
      const [flavors, request, details, imageName] = await Promise.all([
        flavorsFor([server], { cloud, cache: ctx.flavors }),
        IN_RESIZE.has(server.status) ? ctx.resizes.openFor(server.id, ctx.person) : null,
        args.details ? readDetails(cloud, server) : null,
        args.details || server.imageId === null ? null : ctx.imageNames.of(cloud, server.imageId),
      ]);
      return showReply(server, { flavors, request, details, imageName, ctx });
    }),
  shortcuts: { show_named_server: { opens: null, resolve: resolveNamed } },
});

/** On a message: what it names, be it what somebody wrote or a card of ours. */
async function resolveNamed(text: string | null, ctx: CommandContext): Promise<{ args: { server: string } } | Reply> {
  const [cloud, project] = await Promise.all([ctx.cloud(), ctx.project()]);
  const { servers } = await listServers(cloud, { limit: 1_000 });
  const named = serversNamedIn(text ?? '', servers);
  const [only, another] = named;
  if (only && !another) return { args: { server: only.id } };
  if (only) return pickList(named, { question: `That message names ${named.length} servers: which one?`, ctx });
  throw new UserError(
    'not_found',
    `That message names no server of project ${project.name}. “list” shows the ones you have.`,
  );
}

/** Where a resize of ours has more to say than the cloud. */
const IN_RESIZE = new Set(['RESIZE', 'VERIFY_RESIZE', 'REVERT_RESIZE']);

type Shown = {
  flavors: readonly Flavor[];
  request: OpenResize | null;
  /** Null: one cloud request was enough. */
  details: Details | null;
  /** Null: it is in the details, or cannot be told. */
  imageName: string | null;
  ctx: CommandContext;
};

async function showReply(server: Server, shown: Shown): Promise<Reply> {
  const { request, details, ctx } = shown;
  const title = `${light(server.status)} ${nameCode(plainName(server))} is ${statusWords(server)}`;
  const you = (await ctx.session()).cloudUser.id;
  const blocks: KnownBlock[] = [
    section(`*${title}*`),
    fields(factsOf(server, shown)),
    ...(request ? [section(requestWords(request))] : elsewhereWords(server)),
    ...(server.fault ? [section(faultWords(server.fault))] : []),
    ...(details ? detailBlocks(server, details, you) : []),
    context(footer(server, ctx.now())),
    actions([...buttonsFor(server, request?.id ? request : null), ...lookButtons(server, { details, ctx })]),
  ];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function footer({ id, createdAt }: Server, now: number): string {
  const created = createdAt === null ? '' : ` · created ${dateTime(createdAt)}`;
  return `${code(id)}${created} · looked at ${dateTime(now)}`;
}

/** Where nothing is offered, why, and where it can be done. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  VERIFY_RESIZE:
    'It was resized, but not by a request of mine that is open. Confirm or revert it with the cloud’s own tools; some clouds confirm by themselves after a while.',
  SHELVED: 'It is put away: unshelve it with the cloud’s own tools.',
  SHELVED_OFFLOADED: 'It is put away: unshelve it with the cloud’s own tools.',
  RESCUE: 'It runs from a rescue image: end that with the cloud’s own tools.',
  UNKNOWN: 'The part of the cloud that holds it does not answer: nothing more is known of it now.',
};

function elsewhereWords({ status }: Server): KnownBlock[] {
  const words = ELSEWHERE[status];
  return words === undefined ? [] : [section(words)];
}

function requestWords(request: OpenResize): string {
  if (request.id === null) {
    return `A resize asked for in another Slack workspace: *${STATE_WORDS[request.state]}*. Only there it can be seen and decided.`;
  }
  const { id, state, plan, channelId } = request;
  return `Resize ${code(id)} to ${nameCode(plan.to.name)}: *${STATE_WORDS[state]}*. Its card is in <#${channelId}>.`;
}

function factsOf(server: Server, { flavors, details, imageName }: Shown): string[] {
  const facts: [label: string, value: string | false | null][] = [
    ['Flavor', flavorWords(server, flavors)],
    ['Addresses', addressWords(server, 6)],
    ['Image', imageName === null ? imageWords(server, details?.image ?? null) : nameCode(imageName)],
    ['Zone', server.zone && escapeMrkdwn(shortName(server.zone))],
    ['Key pair', server.keyName && escapeMrkdwn(shortName(server.keyName))],
    ['Disks', server.volumeIds.length > 0 && !details ? String(server.volumeIds.length) : null],
    ['Security groups', server.securityGroups.length > 0 ? namesOf(server.securityGroups) : null],
    ['Tags', server.tags.length > 0 ? namesOf(server.tags) : null],
    ['Locked', server.locked === true ? 'yes: the cloud refuses to change it until it is unlocked there' : null],
    ['Description', server.description && escapeMrkdwn(truncate(server.description, 200))],
  ];
  return facts.flatMap(([label, value]) => (value ? [`*${label}*\n${value}`] : []));
}

function namesOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` +${names.length - 5}` : '';
  return escapeMrkdwn(names.slice(0, 5).map(shortName).join(', ')) + more;
}

function faultWords({ code: status, message }: { code: number; message: string }): string {
  const number = status === 0 ? '' : ` (${status})`;
  const said = escapeMrkdwn(truncate(message, 500)).trim();
  return said === ''
    ? `The cloud reports a fault${number}, but not which.`
    : `The cloud reports a fault${number}: ${said}`;
}

/** Both in the place of this answer. */
function lookButtons({ id }: Server, { details, ctx }: Pick<Shown, 'details' | 'ctx'>): ActionsBlockElement[] {
  const refresh = hereButton({ id: 'refresh', text: 'Refresh', line: ctx.again({ server: id }) });
  if (details) return [refresh];
  const line = ctx.again({ server: id, details: true });
  return [
    hereButton({ id: 'details', text: 'Details', label: 'Show its disks, NICs and what was done to it', line }),
    refresh,
  ];
}
