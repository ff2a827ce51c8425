// `show`: one server, and what can be done with it now.
import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import type { Flavor } from '../openstack/flavors.ts';
import type { Server } from '../openstack/server.ts';
import { actions, context, fields, section } from '../slack/blocks.ts';
import { truncate } from '../slack/limits.ts';
import type { Reply } from '../slack/reply.ts';
import { code, dateTime, escapeMrkdwn } from '../slack/text.ts';
import { hereButton, runButton } from './buttons.ts';
import { defineCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { flavorsFor } from './find-flavor.ts';
import { withServer } from './find-server.ts';
import { exactLine } from './parse.ts';
import { reboot, start, stop } from './power.ts';
import { resize } from './resize.ts';
import { addressWords, flavorWords, light, nameCode, plainName, shortName, statusWords } from './server-words.ts';

export const show = defineCommand({
  name: 'show',
  summary: 'Show one server, with buttons for what can be done now',
  examples: ['show web-1', 'show'],
  args: { server: { kind: 'text', positional: true, summary: 'name or id of the server' } },
  signIn: 'required',
  changes: false,
  run: (args, ctx) =>
    withServer(args.server, ctx, async (server, cloud) => {
      const flavors = await flavorsFor([server], { cloud, cache: ctx.flavors });
      return showReply(server, { flavors, ctx });
    }),
});

function showReply(server: Server, { flavors, ctx }: { flavors: readonly Flavor[]; ctx: CommandContext }): Reply {
  const title = `${light(server.status)} ${nameCode(plainName(server))} is ${statusWords(server)}`;
  const blocks: KnownBlock[] = [
    section(`*${title}*`),
    fields(factsOf(server, flavors)),
    ...(server.fault ? [section(faultWords(server.fault))] : []),
    context(`${code(server.id)} · looked at ${dateTime(ctx.now())}`),
    actions([...buttonsFor(server), refreshButton(server, ctx)]),
  ];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function factsOf(server: Server, flavors: readonly Flavor[]): string[] {
  const facts: [label: string, value: string | null][] = [
    ['Flavor', flavorWords(server, flavors)],
    ['Addresses', addressWords(server, 6)],
    ['Zone', server.zone && escapeMrkdwn(shortName(server.zone))],
    ['Key pair', server.keyName && escapeMrkdwn(shortName(server.keyName))],
    ['Disks', server.volumeIds.length > 0 ? String(server.volumeIds.length) : null],
    ['Security groups', server.securityGroups.length > 0 ? namesOf(server.securityGroups) : null],
    ['Tags', server.tags.length > 0 ? namesOf(server.tags) : null],
    ['Locked', server.locked === true ? 'yes' : null],
    ['Description', server.description && escapeMrkdwn(truncate(server.description, 200))],
    ['Created', server.createdAt === null ? null : dateTime(server.createdAt)],
  ];
  return facts.flatMap(([label, value]) => (value ? [`*${label}*\n${value}`] : []));
}

function namesOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` +${names.length - 5}` : '';
  return escapeMrkdwn(names.slice(0, 5).map(shortName).join(', ')) + more;
}

function faultWords({ code: status, message }: { code: number; message: string }): string {
  return `The cloud reports a fault (${status}): ${escapeMrkdwn(truncate(message, 500))}`;
}

/** Nothing while the cloud is still at work on it: it would refuse. */
function buttonsFor(server: Server): ActionsBlockElement[] {
  if (server.taskState !== null) return [];
  switch (server.status) {
    case 'ACTIVE':
      return [resizeButton(server), rebootButton(server), stopButton(server)];
    case 'SHUTOFF':
      return [startButton(server), resizeButton(server)];
    case 'ERROR':
      return [stopButton(server)];
    default:
      return [];
  }
}

function startButton({ id }: Server) {
  return runButton({ id: 'start', text: 'Start', style: 'primary', line: exactLine(start, { server: id }) });
}

function resizeButton({ id }: Server) {
  return runButton({ id: 'resize', text: 'Resize', line: exactLine(resize, { server: id }) });
}

function rebootButton(server: Server) {
  return runButton({
    id: 'reboot',
    text: 'Reboot',
    line: exactLine(reboot, { server: server.id, yes: true }),
    confirm: {
      title: 'Reboot this server?',
      text: `${plainName(server)} restarts; what runs on it is interrupted.`,
      confirm: 'Reboot',
      style: 'danger',
    },
  });
}

function stopButton(server: Server) {
  return runButton({
    id: 'stop',
    text: 'Stop',
    style: 'danger',
    line: exactLine(stop, { server: server.id, yes: true }),
    confirm: {
      title: 'Stop this server?',
      text: `${plainName(server)} shuts down and stays down until somebody starts it.`,
      confirm: 'Stop',
      style: 'danger',
    },
  });
}

function refreshButton({ id }: Server, ctx: CommandContext) {
  return hereButton({ id: 'refresh', text: 'Refresh', line: ctx.again({ server: id }) });
}
