// `fpga disassociate`: takes that back, after asking once more.
import { disassociateFpgaImage, disassociateFpgaImageRequest } from '../../openstack/fpga.ts';
import { actions, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { hereButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { nameCode, shortName } from '../server/words.ts';
import { announce, args, both, findPair, type Found, planOf, says } from './association.ts';

export const fpgaDisassociate = defineCommand({
  name: 'fpga disassociate',
  summary: 'Take back that servers made from an image may load an FPGA image',
  details: 'It covers every server made from that image. Those that have loaded it keep it until they load another.',
  examples: ['fpga disassociate my-fpga centos-fpga'],
  args: {
    fpgaImage: { ...args.fpgaImage, required: true },
    image: { ...args.image, required: true },
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: ({ yes }) => !yes,
  async run(given, ctx) {
    const found = await findPair(given, ctx);
    return given.yes ? disassociate(found, ctx) : confirmReply(found, ctx);
  },
  plan: (given, ctx) => planOf(given, ctx, disassociateFpgaImageRequest),
});

async function disassociate(found: Found, ctx: CommandContext): Promise<Reply> {
  const first = await ctx.firstTime(`fpga:${ctx.interactionId}`);
  const { changed } = await disassociateFpgaImage(found.cloud, found.pair);
  if (!changed && first) return says(`${both(found)} are not associated: nothing was done.`);
  const text = `No server made from ${nameCode(found.image.name)} may load ${nameCode(found.fpga.name)} any more. Those that have loaded it keep it until they load another.`;
  await announce(found, { ctx, head: '✅ Disassociated', text, undo: [] });
  return says(`Disassociated ${both(found)}.`);
}

function confirmReply({ fpga, image }: Found, ctx: CommandContext): Reply {
  const warning = `No server made from ${shortName(image.name)} can load ${shortName(fpga.name)} after that, whoever made it.`;
  const text = `Disassociate ${nameCode(fpga.name)} and ${nameCode(image.name)}? No server made from the image can load it after that, whoever made it.`;
  const button = hereButton({
    id: 'yes',
    text: 'Disassociate',
    label: `Disassociate ${fpga.name} and ${image.name}`,
    style: 'danger',
    line: ctx.again({ fpgaImage: fpga.id, image: image.id, yes: true }),
    confirm: { title: 'Disassociate?', text: truncate(warning, 280), confirm: 'Disassociate', style: 'danger' },
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([button])] };
}
