// The form behind an incomplete `resize`: server, flavor, reason; filled with one cloud request while flavors are remembered.
import type { InputBlock, ModalView } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import { REASON_LENGTH } from '../../resize/ask.ts';
import { modal, section } from '../../slack/blocks.ts';
import { channelSelect, externalSelect, input, select, textInput } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import type { Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findFlavor } from '../find/flavor.ts';
import { matching } from '../find/named.ts';
import { formAbout, textIn } from '../forms.ts';
import { fitsMenu, serverInput, serversToChoose } from '../server/menu.ts';
import { nameCode, shortName, sizeWords } from '../server/words.ts';

type Given = { server: string | null; flavor: string | null; reason: string | null };

/** The form's values as the command's arguments. */
export function formFields({ values }: Form): Given {
  return { server: textIn(values, 'server'), flavor: textIn(values, 'flavor'), reason: textIn(values, 'reason') };
}

/** What was typed is filled in. `planned`: it is to show the calls, not to ask. Throws UserError `not_found` for a name that is nobody's, and where there is nothing to choose. */
export async function resizeForm(
  given: Given,
  ctx: CommandContext,
  { planned }: { planned: boolean } = { planned: false },
): Promise<ModalView> {
  const cloud = await ctx.cloud();
  const [page, flavors, project] = await Promise.all([
    serversToChoose(cloud, given.server),
    ctx.flavors.of(cloud),
    ctx.project(),
  ]);
  if (page.servers.length === 0) throw new UserError('not_found', `There is no server in project ${project.name}.`);
  const usable = flavors.filter((one) => !one.disabled && fitsMenu(one));
  if (usable.length === 0) {
    const sentence = `There is no flavor to choose from in project ${project.name}. “flavors” lists what there is.`;
    throw new UserError('not_found', sentence);
  }
  const flavor = given.flavor === null ? null : findFlavor(flavors, given.flavor);
  return modal({
    title: 'Resize a server',
    submit: planned ? 'Show the calls' : 'Ask',
    callbackId: 'resize:submit',
    privateMetadata: formAbout(ctx, { planned }),
    blocks: [
      section(
        `Project ${nameCode(project.name)}. Somebody else approves it on a card in ${ctx.channelId === null ? 'the channel you choose' : 'this channel'}.`,
      ),
      serverInput(page, { actionId: 'resize:server' }),
      input({ blockId: 'flavor', label: 'Flavor', element: flavorElement(usable, flavor) }),
      reasonInput(given.reason),
      ...(ctx.channelId === null && !planned ? [channelInput()] : []),
    ],
  });
}

function flavorElement(usable: readonly Flavor[], chosen: Flavor | null): InputBlock['element'] {
  const parts = { actionId: 'resize:flavor', placeholder: 'Choose a flavor' };
  if (usable.length > LIMITS.selectOptions) {
    return externalSelect({ ...parts, ...(chosen && { initial: flavorChoice(chosen) }) });
  }
  return select({ ...parts, choices: usable.map(flavorChoice), ...(chosen && { initial: chosen.id }) });
}

/** Opened outside any channel: its card has to be somewhere. */
function channelInput(): InputBlock {
  return input({
    blockId: 'channel',
    label: 'Channel for the card',
    element: channelSelect({ actionId: 'resize:channel', placeholder: 'Choose a channel' }),
  });
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

export async function flavorChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const flavors = (await ctx.flavors.of(await ctx.cloud())).filter(({ disabled }) => !disabled);
  return matching(flavors, query).filter(fitsMenu).slice(0, LIMITS.selectOptions).map(flavorChoice);
}

function flavorChoice(flavor: Flavor): Choice {
  return { text: shortName(flavor.name), value: flavor.id, description: sizeWords(flavor) };
}
