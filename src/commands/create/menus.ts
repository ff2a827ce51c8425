// The choices of the form's menus, and the search boxes that take their place where there are too many.
import type { Flavor } from '../../openstack/flavors.ts';
import type { Image } from '../../openstack/images.ts';
import type { Network } from '../../openstack/networks.ts';
import type { VolumeType } from '../../openstack/volumes.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import type { CommandContext } from '../context.ts';
import { bootableImages, diskTypes, keyChoices, networksForServers, zoneChoices } from './choices.ts';
import { matching } from '../find/named.ts';
import { needsWords } from '../stock/images.ts';
import { plainName, shortName, sizeWords } from '../server/words.ts';

export function flavorChoice(flavor: Flavor): Choice {
  const disk = flavor.diskGiB > 0 ? `, ${flavor.diskGiB} GiB disk` : '';
  return { text: shortName(flavor.name), value: flavor.id, description: `${sizeWords(flavor)}${disk}` };
}

export function imageChoice(image: Image): Choice {
  const words = [needsWords(image), image.system && shortName(image.system)].filter((part) => part !== null);
  const description = words.join(' · ');
  return { text: shortName(image.name) || image.id, value: image.id, ...(description !== '' && { description }) };
}

export function networkChoice(network: Network): Choice {
  const subnets = network.subnetIds.length;
  const description = subnets === 0 ? 'no subnet yet' : subnets === 1 ? '1 subnet' : `${subnets} subnets`;
  return {
    text: plainName(network),
    value: network.id,
    description: network.shared ? `${description}, shared` : description,
  };
}

export function keyChoice({ name }: { name: string }): Choice {
  return { text: shortName(name), value: name };
}

export function zoneChoice({ name }: { name: string }): Choice {
  return { text: shortName(name), value: name };
}

export function typeChoice({ id, name, description }: VolumeType): Choice {
  return { text: shortName(name), value: id, ...(description !== null && { description: shortName(description) }) };
}

type Search = (query: string, ctx: CommandContext) => Promise<Choice[]>;

/** By action_id. One cloud request each, at most. */
export const searches: Readonly<Record<string, Search>> = {
  'create:flavor': search(
    async (ctx) => (await ctx.flavors.of(await ctx.cloud())).filter(({ disabled }) => !disabled),
    flavorChoice,
  ),
  'create:image': search(async (ctx) => bootableImages(await ctx.cloud()), imageChoice),
  'create:network': search(async (ctx) => networksForServers(await ctx.cloud()), networkChoice),
  'create:key': search(async (ctx) => keyChoices(await ctx.cloud()), keyChoice),
  'create:zone': search(
    async (ctx) => (await zoneChoices(await ctx.cloud())).filter(({ available }) => available),
    zoneChoice,
  ),
  'create:type': search(async (ctx) => (await diskTypes(await ctx.cloud())) ?? [], typeChoice),
};

function search<T extends { id: string; name: string }>(
  read: (ctx: CommandContext) => Promise<T[]>,
  choiceOf: (one: T) => Choice,
): Search {
  return async (query, ctx) =>
    matching(await read(ctx), query)
      .map(choiceOf)
      .filter(({ value }) => value.length <= LIMITS.optionValue)
      .slice(0, LIMITS.selectOptions);
}
