// From what a person typed or chose to exactly what is to be ordered, or to what is wrong with it, field by field. Pure.
import { type Field, type Problem, problemsOf, usualDisk } from '../../creation/check.ts';
import type { Spec } from '../../creation/creation.ts';
import { type RefusalCode, UserError } from '../../errors.ts';
import { isOnSale } from '../../openstack/flavor-sale.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import type { Network } from '../../openstack/networks.ts';
import type { VolumeType } from '../../openstack/volumes.ts';
import { type Choices, flavorFacts, imageFacts } from './choices.ts';
import { type Filled, FLAVORS_OWN, readSize } from './fields.ts';
import { findNamed, type NamedWords } from '../find/named.ts';
import { plainName, shortName } from '../server/words.ts';

/** Names or ids; null: not said. */
export type Wish = {
  name: string | null;
  flavor: string | null;
  image: string | null;
  network: string | null;
  key: string | null;
  zone: string | null;
  sizeGiB: number | null;
  type: string | null;
};

export function toWish({ size, ...rest }: Filled): Wish {
  return { ...rest, sizeGiB: readSize(size) };
}

/** `spec` is null as long as there are problems. What could be found is in `found`, also beside problems. */
export type Resolved = { spec: Spec | null; problems: Problem[]; found: Found };

export type Found = {
  flavor: Flavor | null;
  image: Choices['images'][number] | null;
  network: Network | null;
  key: string | null;
  zone: string | null;
  type: VolumeType | null;
  /** What the disk gets; null: no disk is made. */
  sizeGiB: number | null;
};

const WORDS: Record<'flavor' | 'image' | 'network' | 'key' | 'zone' | 'type', NamedWords> = {
  flavor: { one: 'flavor', list: 'flavors' },
  image: { one: 'image', list: 'images' },
  network: { one: 'network', list: 'networks' },
  key: { one: 'key pair', list: 'keypair list', own: true },
  zone: { one: 'zone', list: 'zones' },
  type: { one: 'disk type', list: 'create' },
};

export function resolveWish(wish: Wish, choices: Choices): Resolved {
  const problems: Problem[] = [];
  const find = <T extends { id: string; name: string }>(all: readonly T[], field: keyof typeof WORDS): T | null =>
    noting(problems, field, () => (wish[field] === null ? null : findNamed(all, wish[field], WORDS[field])));
  const flavor = find(choices.flavors, 'flavor');
  const image = find(choices.images, 'image');
  const zone = find(choices.zones, 'zone');
  const network = find(choices.networks, 'network') ?? onlyNetwork(wish, choices, problems);
  const key = find(choices.keys, 'key');
  const isOwn = choices.types === null || wish.type === FLAVORS_OWN;
  const type = isOwn ? null : find(choices.types ?? [], 'type');
  const facts = { flavor: flavor && flavorFacts(flavor), image: image && imageFacts(image) };
  const sizeGiB = isOwn ? null : (wish.sizeGiB ?? usualDisk(facts));
  const found: Found = { flavor, image, network, key: key?.name ?? null, zone: zone?.name ?? null, type, sizeGiB };
  problems.push(
    ...missingProblems(wish),
    ...offerProblems(found, { zone, choices }),
    ...(isOwn ? ownDiskProblems(wish, { flavor, choices }) : []),
    ...problemsOf({ ...facts, name: wish.name, sizeGiB, room: choices.room, rules: choices.rules }),
  );
  return { spec: problems.length > 0 ? null : specOf(wish.name ?? '', found), problems, found };
}

/** A refusal becomes a problem of its field. */
function noting<T>(problems: Problem[], field: Field, find: () => T | null): T | null {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push({ field, code: error.code, sentence: error.message });
    return null;
  }
}

/** A project with one network means that one. */
function onlyNetwork({ network }: Wish, { networks, cloud }: Choices, problems: Problem[]): Network | null {
  if (network !== null) return null;
  const [only] = networks;
  if (only && networks.length === 1) return only;
  if (networks.length === 0 && !cloud.profile.strictNetworks) return null;
  problems.push(problem('network', networks.length === 0 ? 'not_found' : 'ambiguous', networkSentence(networks)));
  return null;
}

const NETWORKS_NAMED = 5;

function networkSentence(networks: readonly Network[]): string {
  if (networks.length === 0) return 'The project has no network to plug the server into: create one first.';
  const names = networks.slice(0, NETWORKS_NAMED).map(plainName).join(', ');
  const more = networks.length > NETWORKS_NAMED ? ', …' : '';
  return `The project has ${networks.length} networks (${names}${more}): say which one.`;
}

function missingProblems({ name, flavor, image }: Wish): Problem[] {
  return [
    name === null && problem('name', 'bad_usage', 'A server needs a name.'),
    flavor === null && problem('flavor', 'bad_usage', 'Choose a flavor.'),
    image === null && problem('image', 'bad_usage', 'Choose an image.'),
  ].filter((one) => one !== false);
}

type Offer = { zone: Choices['zones'][number] | null; choices: Choices };

function offerProblems({ flavor, network, type }: Found, { zone }: Offer): Problem[] {
  const where = zone ? ` in ${shortName(zone.name)}` : '';
  return [
    zone &&
      !zone.available &&
      problem('zone', 'unavailable', `${shortName(zone.name)} takes nothing new at the moment. Choose another zone.`),
    flavor &&
      !isOnSale(flavor, zone?.name ?? null) &&
      problem(
        'flavor',
        'unsupported',
        `${shortName(flavor.name)} cannot be had${where} at the moment. Choose another flavor${zone ? ' or zone' : ''}.`,
      ),
    network &&
      network.subnetIds.length === 0 &&
      problem(
        'network',
        'unsupported',
        `${plainName(network)} has no subnet, so nothing in it gets an address. Create a subnet in it first.`,
      ),
    type &&
      zone &&
      !isOfferedIn(type, zone.name) &&
      problem('type', 'unsupported', `${shortName(type.name)} disks are not offered${where}. Choose another type.`),
  ].filter((one) => typeof one === 'object' && one !== null);
}

export function isOfferedIn({ zones }: VolumeType, zone: string | null): boolean {
  return zones === null || zone === null || zones.includes(zone);
}

function ownDiskProblems(
  { sizeGiB }: Wish,
  { flavor, choices: { types } }: { flavor: Flavor | null; choices: Choices },
): Problem[] {
  if (types === null && sizeGiB !== null) {
    const sentence = "This cloud has no disk service: the server gets the flavor's own disk. Leave the size out.";
    return [problem('size', 'unsupported', sentence)];
  }
  if (!flavor || types === null) return [];
  const own = `${shortName(flavor.name)} has ${flavor.diskGiB === 0 ? 'no disk' : `a disk of ${flavor.diskGiB} GiB`} of its own`;
  if (flavor.diskGiB === 0) return [problem('type', 'unsupported', `${own}. Choose a type of disk.`)];
  if (sizeGiB === null || sizeGiB <= flavor.diskGiB) return [];
  return [problem('size', 'unsupported', `${own}. Choose another flavor, or a type of disk.`)];
}

function problem(field: Field, code: RefusalCode, sentence: string): Problem {
  return { field, code, sentence };
}

/** Only without problems. */
function specOf(name: string, { flavor, image, network, key, zone, type, sizeGiB }: Found): Spec | null {
  if (!flavor || !image) return null;
  const { id, vcpus, ramMiB } = flavor;
  return {
    name,
    flavor: { id, name: flavor.name, vcpus, ramMiB },
    image: { id: image.id, name: image.name },
    network: network && { id: network.id, name: network.name },
    keyName: key,
    zone,
    disk: sizeGiB === null ? null : { sizeGiB, type: type?.name ?? null },
  };
}
