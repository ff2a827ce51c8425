// The form behind an incomplete `resize`: server, flavor, reason; filled with one cloud request while flavors are remembered.
import type { InputBlock, ModalView } from '@slack/types';
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Flavor } from '../openstack/flavors.ts';
import type { Server } from '../openstack/server.ts';
import { listServers, type ServerPage } from '../openstack/servers.ts';
import { externalSelect, input, modal, section, select, textInput } from '../slack/blocks.ts';
import { LIMITS } from '../slack/limits.ts';
import type { Choice } from '../slack/reply.ts';
import type { Form } from './command.ts';
import type { CommandContext } from './context.ts';
import { findFlavor } from './find-flavor.ts';
import { findServers } from './find-server.ts';
import { nameCode, plainName, shortName, sizeWords } from './server-words.ts';

/** In UTF-16 units; it has to fit on the card and in the line that repeats the command. */
export const REASON_LENGTH = 300;

type Given = { server: string | null; flavor: string | null; reason: string | null };

/** The form's values as the command's arguments. */
export function formFields({ values }: Form): Given {
  return { server: one(values['server']), flavor: one(values['flavor']), reason: one(values['reason']) };
}

function one(value: string | string[] | null | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** What was typed is filled in. `planned`: it is to show the calls, not to ask. Throws UserError `not_found` for a name that is nobody's. */
export async function resizeForm(
  given: Given,
  ctx: CommandContext,
  { planned }: { planned: boolean } = { planned: false },
): Promise<ModalView> {
  const cloud = await ctx.cloud();
  const [page, flavors, project] = await Promise.all([
    given.server === null ? listServers(cloud, { limit: LIMITS.selectOptions }) : onePage(cloud, given.server),
    ctx.flavors.of(cloud),
    ctx.project(),
  ]);
  if (page.servers.length === 0) throw new UserError('not_found', `There is no server in project ${project.name}.`);
  const flavor = given.flavor === null ? null : findFlavor(flavors, given.flavor);
  return modal({
    title: 'Resize a server',
    submit: planned ? 'Show the calls' : 'Ask',
    callbackId: 'resize:submit',
    privateMetadata: JSON.stringify({
      ...(ctx.channelId !== null && { channel: ctx.channelId }),
      ...(planned && { plan: 'yes' }),
    }),
    blocks: [
      section(`Project ${nameCode(project.name)}. Somebody else approves it on a card in this channel.`),
      input({ blockId: 'server', label: 'Server', element: serverElement(page) }),
      input({ blockId: 'flavor', label: 'Flavor', element: flavorElement(flavors, flavor) }),
      reasonInput(given.reason),
    ],
  });
}

type Page = Pick<ServerPage, 'servers' | 'next'>;

async function onePage(cloud: Cloud, wanted: string): Promise<Page> {
  return { servers: await findServers(cloud, wanted), next: null };
}

/** More than one menu can hold: the choices come as the person types. */
function serverElement({ servers, next }: Page): InputBlock['element'] {
  const parts = { actionId: 'resize:server', placeholder: 'Choose a server' };
  if (next !== null || servers.length > LIMITS.selectOptions) return externalSelect(parts);
  const [only] = servers;
  const initial = only && servers.length === 1 ? { initial: only.id } : {};
  return select({ ...parts, choices: servers.filter(fitsMenu).map(serverChoice), ...initial });
}

function flavorElement(flavors: readonly Flavor[], chosen: Flavor | null): InputBlock['element'] {
  const parts = { actionId: 'resize:flavor', placeholder: 'Choose a flavor' };
  const usable = flavors.filter((flavor) => !flavor.disabled && fitsMenu(flavor));
  if (usable.length > LIMITS.selectOptions) {
    return externalSelect({ ...parts, ...(chosen && { initial: flavorChoice(chosen) }) });
  }
  return select({ ...parts, choices: usable.map(flavorChoice), ...(chosen && { initial: chosen.id }) });
}

function reasonInput(reason: string | null): InputBlock {
  return input({
    blockId: 'reason',
    label: 'Reason',
    optional: true,
    hint: 'The approvers read it.',
    element: textInput({
      actionId: 'resize:reason',
      multiline: true,
      maxLength: REASON_LENGTH,
      ...(reason !== null && { initial: reason }),
    }),
  });
}

/** For the search box: servers with the typed text in their name. One cloud request. */
export async function serverChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const name = query.trim();
  const page = await listServers(await ctx.cloud(), { limit: LIMITS.selectOptions, ...(name !== '' && { name }) });
  return page.servers.filter(fitsMenu).map(serverChoice);
}

export async function flavorChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const wanted = query.trim().toLowerCase();
  const flavors = await ctx.flavors.of(await ctx.cloud());
  const found = flavors.filter((flavor) => !flavor.disabled && flavor.name.toLowerCase().includes(wanted));
  return found.filter(fitsMenu).slice(0, LIMITS.selectOptions).map(flavorChoice);
}

function serverChoice(server: Server): Choice {
  const flavor = server.flavor && 'name' in server.flavor ? ` · ${shortName(server.flavor.name)}` : '';
  return { text: plainName(server), value: server.id, description: `${server.status}${flavor}` };
}

function flavorChoice(flavor: Flavor): Choice {
  return { text: shortName(flavor.name), value: flavor.id, description: sizeWords(flavor) };
}

/** Ids longer than a menu's value cannot be offered; they can be typed. */
function fitsMenu({ id }: { id: string }): boolean {
  return id.length <= LIMITS.optionValue;
}
