// A field of a form in which one chooses a server: a menu, or from a hundred on a search box.
import type { InputBlock } from '@slack/types';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { listServers, type ServerPage } from '../../openstack/servers.ts';
import { externalSelect, input, select } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import type { CommandContext } from '../context.ts';
import { findServers } from '../find/server.ts';
import { plainName, shortName, twinsAmong } from './words.ts';

type Page = Pick<ServerPage, 'servers' | 'next'>;

/** The servers of this name or id; without one, as many as a menu holds. Throws UserError `not_found`. */
export async function serversToChoose(cloud: Cloud, wanted: string | null): Promise<Page> {
  if (wanted === null) return listServers(cloud, { limit: LIMITS.selectOptions });
  return { servers: await findServers(cloud, wanted), next: null };
}

/** `named`: only what was typed is offered, so that a single one is meant, even where none is needed. */
type ServerField = { actionId: string; label?: string; optional?: boolean; named?: boolean; hint?: string };

/** The block is called `server`. A search box is answered by the command's `suggestions` under the same action id. */
export function serverInput(page: Page, { actionId, label = 'Server', named, ...rest }: ServerField): InputBlock {
  const isOnlyOneMeant = named === true || rest.optional !== true;
  return input({ blockId: 'server', label, element: serverElement(page, actionId, isOnlyOneMeant), ...rest });
}

/** More than one menu can hold: the choices come as the person types. */
function serverElement({ servers, next }: Page, actionId: string, isOnlyOneMeant: boolean): InputBlock['element'] {
  const parts = { actionId, placeholder: 'Choose a server' };
  const choices = choicesOf(servers);
  // Slack takes no menu without a choice.
  if (next !== null || choices.length > LIMITS.selectOptions || choices.length === 0) return externalSelect(parts);
  const [only, another] = servers;
  return select({ ...parts, choices, ...(only && !another && isOnlyOneMeant && { initial: only.id }) });
}

/** For the search box: servers with the typed text in their name. One cloud request. */
export async function serverChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const name = query.trim();
  const page = await listServers(await ctx.cloud(), { limit: LIMITS.selectOptions, ...(name !== '' && { name }) });
  return choicesOf(page.servers);
}

function choicesOf(servers: readonly Server[]): Choice[] {
  const isTwin = twinsAmong(servers);
  return servers.filter(fitsMenu).map((server) => ({
    text: plainName(server),
    value: server.id,
    description: `${server.status}${isTwin(server) ? ` · ${server.id}` : flavorPart(server)}`,
  }));
}

function flavorPart({ flavor }: Server): string {
  return flavor && 'name' in flavor ? ` · ${shortName(flavor.name)}` : '';
}

/** Ids longer than a menu's value cannot be offered; they can be typed. */
export function fitsMenu({ id }: { id: string }): boolean {
  return id.length <= LIMITS.optionValue;
}
