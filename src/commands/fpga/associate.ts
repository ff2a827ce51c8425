// `fpga associate` and `fpga disassociate`: which FPGA image the servers made from an ECS image may load.
import type { KnownBlock } from '@slack/types';
import type { Cloud } from '../../openstack/cloud.ts';
import {
  associateFpgaImage,
  associateFpgaImageRequest,
  disassociateFpgaImage,
  disassociateFpgaImageRequest,
  type FpgaImage,
  type FpgaPair,
} from '../../openstack/fpga.ts';
import type { Image } from '../../openstack/images.ts';
import { actions, context, header, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, mention } from '../../slack/text.ts';
import { hereButton, runButton } from '../buttons.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { fpgaChoices, fpgaForm, imageChoices } from './form.ts';
import { allFpgaImages, allImages, ecsImage, usableFpgaImage } from './words.ts';
import { textIn } from '../forms.ts';
import { exactLine } from '../grammar/parse.ts';
import type { Planned } from '../planned.ts';
import { nameCode, shortName } from '../server/words.ts';

const args = {
  fpgaImage: { kind: 'text', positional: true, summary: 'name or id of the FPGA image', placeholder: 'fpga image' },
  image: { kind: 'text', positional: true, summary: 'name or id of the ECS image' },
} as const;

type Given = ArgsOf<typeof args>;

export const fpgaAssociate = defineCommand({
  name: 'fpga associate',
  summary: 'Let servers made from an image load an FPGA image',
  details: 'It covers every server made from that image, by whomever. Few regions have FPGA.',
  examples: ['fpga associate my-fpga centos-fpga', 'fpga associate'],
  args,
  signIn: 'required',
  changes: true,
  opens: (given) => (isOpen(given) ? 'Associate an FPGA image' : null),
  run: async (given, ctx) => (isOpen(given) ? fpgaForm(given, ctx, { planned: false }) : associate(given, ctx)),
  plan: async (given, ctx) =>
    isOpen(given) ? fpgaForm(given, ctx, { planned: true }) : planOf(given, ctx, associateFpgaImageRequest),
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
    const found = await find(given, ctx);
    return given.yes ? disassociate(found, ctx) : confirmReply(found, ctx);
  },
  plan: (given, ctx) => planOf(given, ctx, disassociateFpgaImageRequest),
});

function isOpen({ fpgaImage, image }: Given): boolean {
  return fpgaImage === null || image === null;
}

type Found = { cloud: Cloud; fpga: FpgaImage; image: Image; pair: FpgaPair };

/** Throws UserError: `unsupported` where the region has no FPGA; `not_found`, `ambiguous`, `wrong_state`. */
async function find({ fpgaImage, image }: Given, ctx: CommandContext): Promise<Found> {
  const cloud = await ctx.cloud();
  const fpga = usableFpgaImage(await allFpgaImages(cloud), fpgaImage ?? '');
  const ecs = ecsImage(await allImages(cloud), image ?? '');
  return { cloud, fpga, image: ecs, pair: { fpgaImageId: fpga.id, imageId: ecs.id } };
}

async function planOf(given: Given, ctx: CommandContext, request: typeof associateFpgaImageRequest): Promise<Planned> {
  const { cloud, fpga, image, pair } = await find(given, ctx);
  const verb = request === associateFpgaImageRequest ? 'Associate' : 'Disassociate';
  return { kind: 'calls', cloud, calls: [{ why: `${verb} ${fpga.name} and ${image.name}`, request: request(pair) }] };
}

/** Safe to run again: what is associated already by the first run is told as its doing. */
async function associate(given: Given, ctx: CommandContext): Promise<Reply> {
  const found = await find(given, ctx);
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

type News = { ctx: CommandContext; head: string; text: string; undo: KnownBlock[] };

/** One card in the channel; in a DM where there is no channel. */
async function announce({ fpga, image }: Found, { ctx, head, text, undo }: News): Promise<void> {
  const { person, channelId, interactionId } = ctx;
  const project = (await ctx.project()).name;
  const title = `${head} · ${truncate(shortName(fpga.name), 50)} and ${truncate(shortName(image.name), 50)}`;
  const blocks = [
    header(title),
    section(text),
    context(
      `Asked for by ${mention(person.userId)} · project ${nameCode(project)}\nAgain: ${code(`${ctx.slash} ${ctx.again({ yes: false })}`)}`,
    ),
    ...undo,
  ];
  const to = channelId === null ? { userId: person.userId } : { channelId };
  const summary = `${head}: ${nameCode(fpga.name)} and ${nameCode(image.name)}, by ${mention(person.userId)}. ${text}`;
  await ctx.outbox.put([{ key: `fpga:${interactionId}`, teamId: person.teamId, to, text: summary, blocks }]);
}

function both({ fpga, image }: Found): string {
  return `${nameCode(fpga.name)} and ${nameCode(image.name)}`;
}

function says(text: string): Reply {
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
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
