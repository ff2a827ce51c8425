// `images`: what a server can be made from, filtered by name, a page at a time.
import type { Cloud } from '../../openstack/cloud.ts';
import { type Image, isBootable, listImages } from '../../openstack/images.ts';
import { readAllPages } from '../../openstack/read.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import { escapeMrkdwn, memoryWords } from '../../slack/text.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { isLike, matching } from '../find/named.ts';
import { counted, finderId, listing } from '../pages.ts';
import { exactLine } from '../grammar/parse.ts';
import { nameCode, shortName } from '../server/words.ts';

const PAGE = 20;

const args = {
  name: { kind: 'text', positional: true, summary: 'part of the name, or the id' },
  visibility: {
    kind: 'enum',
    values: ['public', 'private', 'shared', 'community', 'all'],
    summary: 'who may use it',
    placeholder: 'private',
  },
  kind: {
    kind: 'enum',
    values: ['gold', 'private', 'shared'],
    summary: 'from the cloud, your own, or given by others; on clouds that tell them apart',
  },
  status: { kind: 'text', summary: 'in this status only', placeholder: 'active' },
  sort: {
    kind: 'enum',
    values: ['name', 'created', 'size', 'min-disk'],
    summary: 'what to sort by, the name unless told',
  },
  page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
} as const;

type ImageArgs = ArgsOf<typeof args>;

export const images = defineCommand({
  name: 'images',
  summary: 'List the images a server can be made from',
  examples: ['images', 'images ubuntu', 'images --visibility private --sort created'],
  args,
  signIn: 'required',
  changes: false,
  async run(given, ctx) {
    const found = (await readImages(await ctx.cloud(), given)).toSorted(ORDERS[given.sort ?? 'name']);
    const title =
      given.name === null
        ? counted(found.length, 'image')
        : `${counted(found.length, 'image')} like ${nameCode(given.name)}`;
    const finder = { id: 'images', placeholder: 'Find an image' };
    return listing(
      { title, lines: found.map(imageLine), page: given.page, perPage: PAGE, finder, narrowed: given.name !== null },
      ctx,
    );
  },
  suggestions: { [finderId('images')]: imageLines },
});

async function readImages(cloud: Cloud, { name, visibility, kind, status }: ImageArgs): Promise<Image[]> {
  const filter = {
    ...(visibility && { visibility }),
    ...(kind && { kind }),
    ...(status && { status: status.toLowerCase() }),
  };
  const all = await allImages(cloud, filter);
  return name === null ? all : all.filter((image) => isLike(image, name));
}

function allImages(cloud: Cloud, filter: Parameters<typeof listImages>[1]): Promise<Image[]> {
  return readAllPages((marker) => listImages(cloud, { ...filter, ...(marker !== undefined && { marker }) }));
}

const ORDERS: Record<NonNullable<ImageArgs['sort']>, (a: Image, b: Image) => number> = {
  name: (a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
  created: (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0),
  size: (a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0),
  'min-disk': (a, b) => a.minDiskGiB - b.minDiskGiB,
};

function imageLine(image: Image): string {
  const parts = [
    nameCode(image.name),
    image.system && escapeMrkdwn(shortName(image.system)),
    needsWords(image),
    image.sizeBytes === null || image.sizeBytes === 0
      ? null
      : `size ${memoryWords(Math.max(1, image.sizeBytes / 1024 ** 2))}`,
    image.visibility && image.visibility !== 'public' ? escapeMrkdwn(shortName(image.visibility)) : null,
    isBootable(image)
      ? null
      : `*not usable now* (${escapeMrkdwn(shortName(image.registered ? image.status : 'not registered'))})`,
    `id ${escapeMrkdwn(shortName(image.id))}`,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** `needs 40 GiB disk, 1 GiB memory`; null when it asks for nothing. */
export function needsWords({ minDiskGiB, minRamMiB }: Pick<Image, 'minDiskGiB' | 'minRamMiB'>): string | null {
  const needs = [
    minDiskGiB > 0 && `${minDiskGiB} GiB disk`,
    minRamMiB > 0 && `${memoryWords(minRamMiB)} memory`,
  ].filter((part) => part !== false);
  return needs.length === 0 ? null : `needs ${needs.join(', ')}`;
}

/** For the search box. */
async function imageLines(query: string, ctx: CommandContext): Promise<Choice[]> {
  const all = await allImages(await ctx.cloud(), {});
  return matching(all, query)
    .map((image) => ({
      text: shortName(image.name) || image.id,
      value: exactLine(images, { name: image.id }),
      description: needsWords(image) ?? image.status,
    }))
    .filter(({ value }) => value.length <= LIMITS.optionValue)
    .slice(0, LIMITS.selectOptions);
}
