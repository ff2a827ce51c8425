// The form behind an incomplete `fpga associate`.
import { modal, section } from '../../slack/blocks.ts';
import { input, select, externalSelect } from '../../slack/inputs.ts';
import { UserError } from '../../errors.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice, Reply } from '../../slack/reply.ts';
import type { CommandContext } from '../context.ts';
import { allFpgaImages, allImages } from './words.ts';
import { matching } from '../find/named.ts';
import { formAbout } from '../forms.ts';
import { fitsMenu } from '../server/menu.ts';
import { nameCode, shortName } from '../server/words.ts';

type Given = { fpgaImage: string | null; image: string | null };
type Named = { id: string; name: string; status: string };

/** Throws UserError: `unsupported` where the region has no FPGA, `not_found` without an active FPGA image. */
export async function fpgaForm(given: Given, ctx: CommandContext, { planned }: { planned: boolean }): Promise<Reply> {
  const cloud = await ctx.cloud();
  const fpga = (await allFpgaImages(cloud)).filter(({ status }) => status === 'active');
  if (fpga.length === 0)
    throw new UserError('not_found', 'There is no active FPGA image in this project. Register one first.');
  const [images, project] = await Promise.all([allImages(cloud), ctx.project()]);
  const view = modal({
    title: 'Associate an FPGA image',
    submit: planned ? 'Show the calls' : 'Associate',
    callbackId: 'fpga:associate',
    privateMetadata: formAbout(ctx, { planned }),
    blocks: [
      section(`Project ${nameCode(project.name)}. It covers every server made from the image, by whomever.`),
      input({ blockId: 'fpgaImage', label: 'FPGA image', element: menu('fpga:fpgaimage', fpga, given.fpgaImage) }),
      input({ blockId: 'image', label: 'Image', element: menu('fpga:image', images, given.image) }),
    ],
  });
  return { kind: 'modal', view };
}

/** More than one menu can hold: the choices come as the person types. */
function menu(actionId: string, all: readonly Named[], wanted: string | null) {
  const parts = { actionId, placeholder: 'Choose one' };
  const choices = choicesOf(all);
  const named = all.find(({ id, name }) => id === wanted || name === wanted);
  const initial = choices.find(({ value }) => value === named?.id);
  return choices.length === 0 || choices.length > LIMITS.selectOptions
    ? externalSelect({ ...parts, ...(initial && { initial }) })
    : select({ ...parts, choices, ...(initial && { initial: initial.value }) });
}

export async function fpgaChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const all = await allFpgaImages(await ctx.cloud());
  return choicesOf(matching(all, query).filter(({ status }) => status === 'active')).slice(0, LIMITS.selectOptions);
}

export async function imageChoices(query: string, ctx: CommandContext): Promise<Choice[]> {
  const all = await allImages(await ctx.cloud());
  return choicesOf(matching(all, query)).slice(0, LIMITS.selectOptions);
}

function choicesOf(all: readonly Named[]): Choice[] {
  return all
    .filter(fitsMenu)
    .map(({ id, name, status }) => ({ text: shortName(name) || id, value: id, description: status }));
}
