// A field of a form in which one chooses a network: a menu, or from a hundred on a search box.
import type { InputBlock } from '@slack/types';
import type { Network } from '../../openstack/networks.ts';
import { externalSelect, input, select } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import type { CommandContext } from '../context.ts';
import { matching } from '../find/named.ts';
import { inner } from '../find/network.ts';
import { fitsMenu } from '../server/menu.ts';
import { shortName } from '../server/words.ts';

/** `initial`: an id. */
type NetworkField = { actionId: string; initial: string | null; optional?: boolean; hint?: string };

/** The block is called `network`. A search box is answered by the command's `suggestions` under the same action id. */
export function networkInput(networks: readonly Network[], { actionId, initial, ...rest }: NetworkField): InputBlock {
  const parts = { actionId, placeholder: 'Choose a network' };
  const choices = choicesOf(networks);
  const chosen = choices.find(({ value }) => value === initial);
  const element =
    choices.length === 0 || choices.length > LIMITS.selectOptions
      ? externalSelect({ ...parts, ...(chosen && { initial: chosen }) })
      : select({ ...parts, choices, ...(chosen && { initial: chosen.value }) });
  return input({ blockId: 'network', label: 'Network', element, ...rest });
}

/** For the search box. */
export async function networkChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const networks = await inner(await ctx.cloud());
  return choicesOf(matching(networks, query)).slice(0, LIMITS.selectOptions);
}

function choicesOf(networks: readonly Network[]): Choice[] {
  return networks.filter(fitsMenu).map((network) => ({
    text: shortName(network.name) || network.id,
    value: network.id,
    description: network.status,
  }));
}
