// What is associated with what, each pair with a button to take it back: for whoever does not have both names at hand.
import type { KnownBlock } from '@slack/types';
import type { Cloud } from '../../openstack/cloud.ts';
import { type FpgaImage, listFpgaAssociations } from '../../openstack/fpga.ts';
import type { Image } from '../../openstack/images.ts';
import { context, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { runButton } from '../buttons.ts';
import type { CommandContext } from '../context.ts';
import { findNamed } from '../find/named.ts';
import { nameCode } from '../server/words.ts';
import { both, type Given, says } from './association.ts';
import { allFpgaImages, allImages } from './words.ts';

/** `image`: as far as the cloud still has it. */
export type Pair = { fpga: FpgaImage; image: { id: string; name: string }; gone: boolean };

const MOST_SHOWN = 20;

/** The service lists no associations without being told of what, and a project may have a thousand FPGA images. */
const AT_ONCE = 5;

/** Throws UserError: `unsupported` where the region has no FPGA; `not_found`, `ambiguous`. */
export async function pairsReply({ fpgaImage }: Given, ctx: CommandContext): Promise<Reply> {
  const cloud = await ctx.cloud();
  const all = await allFpgaImages(cloud);
  const named = fpgaImage === null ? all : [findNamed(all, fpgaImage, { one: 'FPGA image', list: 'fpga list' })];
  const images = await allImages(cloud);
  const associated = named.filter((fpga) => fpga.associated);
  const pairs = await firstPairs(cloud, associated, images);
  if (pairs.length === 0) {
    const what = named.length === 1 && fpgaImage !== null ? nameCode(named[0]?.name ?? '') : 'No FPGA image';
    return says(`${what} is ${fpgaImage === null ? '' : 'not '}associated with anything.`);
  }
  const title = 'Which association shall be taken back?';
  const blocks = [
    section(title),
    ...pairs.slice(0, MOST_SHOWN).map((pair) => pairBlock(pair, ctx)),
    ...(pairs.length > MOST_SHOWN ? [context('… and more: name the FPGA image to see its own.')] : []),
  ];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

/** Asked for until there are more than are shown. */
async function firstPairs(cloud: Cloud, associated: readonly FpgaImage[], images: readonly Image[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let from = 0; from < associated.length && pairs.length <= MOST_SHOWN; from += AT_ONCE) {
    const some = associated.slice(from, from + AT_ONCE);
    pairs.push(...(await Promise.all(some.map((fpga) => pairsOf(cloud, fpga, images)))).flat());
  }
  return pairs;
}

/** GET …/associations, for one FPGA image. */
export async function pairsOf(cloud: Cloud, fpga: FpgaImage, images: readonly Image[]): Promise<Pair[]> {
  const found = await listFpgaAssociations(cloud, { fpgaImageId: fpga.id });
  return found.map(({ imageId }) => {
    const known = images.find(({ id }) => id === imageId);
    return { fpga, image: { id: imageId, name: known?.name ?? imageId }, gone: known === undefined };
  });
}

function pairBlock(pair: Pair, ctx: CommandContext): KnownBlock {
  const { fpga, image, gone } = pair;
  const accessory = runButton({
    id: 'disassociate',
    text: 'Disassociate',
    label: `Disassociate ${fpga.name} and ${image.name}`,
    line: ctx.again({ fpgaImage: fpga.id, image: image.id }),
  });
  return section(`${both(pair)}${gone ? ', which is gone' : ''}`, { accessory });
}
