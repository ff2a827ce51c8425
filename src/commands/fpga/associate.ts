// `fpga associate`: lets the servers made from an ECS image load an FPGA image.
import { associateFpgaImage, associateFpgaImageRequest } from '../../openstack/fpga.ts';
import { actions } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { runButton } from '../buttons.ts';
import { defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { textIn } from '../forms.ts';
import { exactLine } from '../grammar/parse.ts';
import { nameCode } from '../server/words.ts';
import { announce, args, both, findPair, type Found, type Given, isOpen, planOf, says } from './association.ts';
import { fpgaDisassociate } from './disassociate.ts';
import { fpgaChoices, fpgaForm, imageChoices } from './form.ts';

export const fpgaAssociate = defineCommand({
  name: 'fpga associate',
  summary: 'Let servers made from an image load an FPGA image',
  details: 'It covers every server made from that image, by whomever. Few regions have FPGA.',
  examples: ['fpga associate matrix-mult web-golden', 'fpga associate'],
  args,
  signIn: 'required',
  changes: true,
  opens: (given) => (isOpen(given) ? 'Associate an FPGA image' : null),
  run: async (given, ctx) => (isOpen(given) ? fpgaForm(given, ctx, { planned: false }) : associate(given, ctx)),
  plan: async (given, ctx) =>
    isOpen(given)
      ? fpgaForm(given, ctx, { planned: true })
      : planOf(await findPair(given, ctx), associateFpgaImageRequest),
  views: {
    'fpga:associate': {
      changes: true,
      after: 'wait',
      check: (form) => checkForm(formFields(form)),
      args: formFields,
      run: (form, ctx) => associate(formFields(form), ctx),
    },
  },
  suggestions: { 'fpga:fpgaimage': fpgaChoices, 'fpga:image': imageChoices },
});

/** Safe to run again: what is associated already by the first run is told as its doing. */
async function associate(given: Given, ctx: CommandContext): Promise<Reply> {
  const found = await findPair(given, ctx);
  const first = await ctx.firstTime(`fpga:${ctx.interactionId}`);
  const { changed } = await associateFpgaImage(found.cloud, found.pair);
  if (!changed && first) return says(`${both(found)} are associated already: nothing was done.`);
  const line = exactLine(fpgaDisassociate, { fpgaImage: found.fpga.id, image: found.image.id });
  const undo = runButton({ id: 'disassociate', text: 'Disassociate', label: `Disassociate ${found.fpga.name}`, line });
  await announce(found, { ctx, head: '✅ Associated', text: coverage(found), undo: [actions([undo])] });
  return says(`Associated ${both(found)}.`);
}

/** What the association means, which its two names do not tell. */
function coverage({ fpga, image }: Found): string {
  return `Every server made from ${nameCode(image.name)}, now or later and by whomever in the project, may load ${nameCode(fpga.name)}. While it is associated the FPGA image cannot be deleted.`;
}

function formFields({ values }: Form): Given {
  return { fpgaImage: textIn(values, 'fpgaImage'), image: textIn(values, 'image') };
}

function checkForm({ fpgaImage, image }: Given): Record<string, string> {
  return {
    ...(fpgaImage === null && { fpgaImage: 'Choose an FPGA image.' }),
    ...(image === null && { image: 'Choose an image.' }),
  };
}
