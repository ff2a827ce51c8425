// What `fpga associate` and `fpga disassociate` share: the two images by name, the calls of a plan, the card in the channel.
import type { KnownBlock } from '@slack/types';
import type { Cloud } from '../../openstack/cloud.ts';
import { associateFpgaImageRequest, type FpgaImage, type FpgaPair } from '../../openstack/fpga.ts';
import type { Image } from '../../openstack/images.ts';
import { context, header, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { lineCode, mention } from '../../slack/text.ts';
import type { ArgsOf } from '../command.ts';
import type { CommandContext } from '../context.ts';
import type { Planned } from '../planned.ts';
import { nameCode, shortName } from '../server/words.ts';
import { allFpgaImages, allImages, ecsImage, usableFpgaImage } from './words.ts';

export const args = {
  fpgaImage: { kind: 'text', positional: true, summary: 'name or id of the FPGA image', placeholder: 'fpga image' },
  image: { kind: 'text', positional: true, summary: 'name or id of the ECS image' },
} as const;

export type Given = ArgsOf<typeof args>;

/** Something has to be chosen first. */
export function isOpen({ fpgaImage, image }: Given): boolean {
  return fpgaImage === null || image === null;
}

export type Found = { cloud: Cloud; fpga: FpgaImage; image: Pick<Image, 'id' | 'name'>; pair: FpgaPair };

/** Throws UserError: `unsupported` where the region has no FPGA; `not_found`, `ambiguous`, `wrong_state`. */
export async function findPair({ fpgaImage, image }: Given, ctx: CommandContext): Promise<Found> {
  const cloud = await ctx.cloud();
  const fpga = usableFpgaImage(await allFpgaImages(cloud), fpgaImage ?? '');
  const ecs = ecsImage(await allImages(cloud), image ?? '');
  return { cloud, fpga, image: ecs, pair: { fpgaImageId: fpga.id, imageId: ecs.id } };
}

export function planOf({ cloud, fpga, image, pair }: Found, request: typeof associateFpgaImageRequest): Planned {
  const verb = request === associateFpgaImageRequest ? 'Associate' : 'Disassociate';
  return { kind: 'calls', cloud, calls: [{ why: `${verb} ${fpga.name} and ${image.name}`, request: request(pair) }] };
}

type Teller = Pick<CommandContext, 'person' | 'channelId' | 'interactionId' | 'project' | 'slash' | 'again' | 'outbox'>;

type News = { ctx: Teller; head: string; text: string; undo: KnownBlock[] };

/** One card in the channel; in a DM where there is no channel. */
export async function announce({ fpga, image }: Found, { ctx, head, text, undo }: News): Promise<void> {
  const { person, channelId, interactionId } = ctx;
  const project = (await ctx.project()).name;
  const title = `${head} · ${truncate(shortName(fpga.name), 50)} and ${truncate(shortName(image.name), 50)}`;
  const blocks = [
    header(title),
    section(text),
    context(
      `Asked for by ${mention(person.userId)} · project ${nameCode(project)}\nAgain: ${lineCode(`${ctx.slash} ${ctx.again({ yes: false })}`)}`,
    ),
    ...undo,
  ];
  const to = channelId === null ? { userId: person.userId } : { channelId };
  const summary = `${head}: ${nameCode(fpga.name)} and ${nameCode(image.name)}, by ${mention(person.userId)}. ${text}`;
  await ctx.outbox.put([{ key: `fpga:${interactionId}`, teamId: person.teamId, to, text: summary, blocks }]);
}

export function both({ fpga, image }: Pick<Found, 'fpga' | 'image'>): string {
  return `${nameCode(fpga.name)} and ${nameCode(image.name)}`;
}

export function says(text: string): Reply {
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}
