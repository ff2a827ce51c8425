// `fpga list`: FPGA images, and which ECS images they are associated with.
import type { Cloud } from '../../openstack/cloud.ts';
import { type FpgaImage, listFpgaAssociations } from '../../openstack/fpga.ts';
import type { Image } from '../../openstack/images.ts';
import type { Reply } from '../../slack/reply.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { allFpgaImages, allImages, ecsImage, fpgaLine } from './words.ts';
import { counted, listing } from '../pages.ts';
import { nameCode, shortName } from '../server/words.ts';

const PAGE = 20;
const MOST_NAMES = 4;

export const fpgaList = defineCommand({
  name: 'fpga list',
  summary: 'List FPGA images and what they are associated with',
  details: 'With `--image` only those that servers made from this image may load. Few regions have FPGA.',
  examples: ['fpga list', 'fpga list --image web-golden'],
  args: {
    image: { kind: 'text', summary: 'only those associated with this ECS image', placeholder: 'image' },
    page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
  },
  signIn: 'required',
  changes: false,
  async run({ image, page }, ctx) {
    const cloud = await ctx.cloud();
    return image === null ? everyImage(cloud, { page, ctx }) : ofOneImage(cloud, { image, page, ctx });
  },
});

type Shown = { page: number | null; ctx: CommandContext };

/** The service lists no associations without being told of what: those of the page are asked for one by one. */
async function everyImage(cloud: Cloud, { page, ctx }: Shown): Promise<Reply> {
  const all = await allFpgaImages(cloud);
  const current = Math.min(page ?? 1, Math.max(1, Math.ceil(all.length / PAGE)));
  const shown = all.slice((current - 1) * PAGE, current * PAGE).filter(({ associated }) => associated);
  const images = shown.length === 0 ? [] : await allImages(cloud);
  const words = new Map(
    await Promise.all(shown.map(async (one) => [one.id, await associatedWith(cloud, one, images)] as const)),
  );
  const lines = all.map((one) => fpgaLine(one, words.get(one.id) ?? null));
  return listing({ title: counted(all.length, 'FPGA image'), lines, page: current, perPage: PAGE }, ctx);
}

async function associatedWith(cloud: Cloud, { id }: FpgaImage, images: readonly Image[]): Promise<string> {
  const found = await listFpgaAssociations(cloud, { fpgaImageId: id });
  const names = found.map(({ imageId }) => nameCode(images.find((image) => image.id === imageId)?.name ?? imageId));
  const more = names.length > MOST_NAMES ? ` +${names.length - MOST_NAMES}` : '';
  return names.length === 0 ? 'associated' : `with ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

async function ofOneImage(cloud: Cloud, { image, page, ctx }: Shown & { image: string }): Promise<Reply> {
  const found = ecsImage(await allImages(cloud), image);
  const associations = await listFpgaAssociations(cloud, { imageId: found.id });
  const fpgaImages = associations.flatMap((association) => association.fpgaImages);
  const title = `${counted(fpgaImages.length, 'FPGA image')} for servers made from ${nameCode(shortName(found.name))}`;
  return listing({ title, lines: fpgaImages.map((one) => fpgaLine(one, null)), page, perPage: PAGE }, ctx);
}
