// `fpga disassociate`: takes that back, after asking once more.
import { disassociateFpgaImage, disassociateFpgaImageRequest } from '../../openstack/fpga.ts';
import { actions, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { hereButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findNamed } from '../find/named.ts';
import { nameCode, shortName } from '../server/words.ts';
import { announce, args, both, type Found, type Given, isOpen, planOf, says } from './association.ts';
import { pairsOf, pairsReply } from './pairs.ts';
import { allFpgaImages, allImages, ecsImage } from './words.ts';

export const fpgaDisassociate = defineCommand({
  name: 'fpga disassociate',
  summary: 'Take back that servers made from an image may load an FPGA image',
  details:
    'It covers every server made from that image. Those that have loaded it keep it until they load another. Without names it lists what is associated.',
  examples: ['fpga disassociate matrix-mult web-golden', 'fpga disassociate'],
  args: {
    ...args,
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (given) => isOpen(given) || !given.yes,
  async run(given, ctx) {
    if (isOpen(given)) return pairsReply(given, ctx);
    const found = await findAssociated(given, ctx);
    return given.yes ? disassociate(found, ctx) : confirmReply(found, ctx);
  },
  plan: async (given, ctx) =>
    isOpen(given) ? pairsReply(given, ctx) : planOf(await findAssociated(given, ctx), disassociateFpgaImageRequest),
});

/** Whatever has become of the two: as long as they are associated, the FPGA image cannot be deleted. */
async function findAssociated({ fpgaImage, image }: Given, ctx: CommandContext): Promise<Found> {
  const cloud = await ctx.cloud();
  const [all, images] = [await allFpgaImages(cloud), await allImages(cloud)];
  const fpga = findNamed(all, fpgaImage ?? '', { one: 'FPGA image', list: 'fpga list' });
  const known = (await pairsOf(cloud, fpga, images)).find((pair) => pair.image.id === image);
  const ecs = known?.image ?? ecsImage(images, image ?? '');
  return { cloud, fpga, image: ecs, pair: { fpgaImageId: fpga.id, imageId: ecs.id } };
}

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
