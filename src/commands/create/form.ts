// The form of a new server: filled with what the project has, and filled anew when one choice changes what another may be.
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { type Problem, smallestDisk, usualDisk } from '../../creation/check.ts';
import { UserError } from '../../errors.ts';
import { isOnSale } from '../../openstack/flavor-sale.ts';
import { modal, section } from '../../slack/blocks.ts';
import { complaint } from '../../slack/form.ts';
import { externalSelect, input, type InputParts, select, textInput } from '../../slack/inputs.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Choice } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { type Choices, flavorFacts, imageFacts } from './choices.ts';
import { type Filled, FLAVORS_OWN, type FormFacts, readSize, writeFacts } from './fields.ts';
import { type Found, isOfferedIn, resolveWish, toWish } from './wish.ts';
import { flavorChoice, imageChoice, keyChoice, networkChoice, typeChoice, zoneChoice } from './menus.ts';
import { formAbout } from '../forms.ts';
import { fitsMenu } from '../server/menu.ts';
import { nameCode } from '../server/words.ts';

export type FormParts = {
  filled: Filled;
  choices: Choices;
  channelId: string | null;
  /** What the form knew when it was shown before; null: it is new. */
  before: FormFacts | null;
  /** All of them are shown after somebody has pressed the button; else only those of fields that are filled in. */
  submitted: boolean;
  /** The calls are to be shown instead of made. */
  plan: boolean;
};

/** Throws UserError `not_found` when there is nothing to choose from. */
export function createForm({ filled: given, choices, channelId, before, submitted, plan }: FormParts): ModalView {
  const { found } = resolveWish(toWish(given), choices);
  const facts = factsOf(found);
  const filled = { ...given, size: sizeKept(given, facts, before) };
  // Complaints are about what the form then shows.
  const { problems } = resolveWish(toWish(filled), choices);
  const { room, rules, types } = choices;
  const shown = problems.filter(({ field }) => submitted || filled[field] !== null);
  const fields = fieldsOf({ filled, found, choices });
  return modal({
    title: 'Create a server',
    submit: plan ? 'Show the calls' : 'Create',
    callbackId: 'create:submit',
    privateMetadata: formAbout(
      { channelId },
      { planned: plan, facts: writeFacts({ ...facts, room, rules, disks: types !== null }) },
    ),
    blocks: [
      section(`In project ${nameCode(choices.project.name)}. Its card in this channel shows how it goes.`),
      ...fields.flatMap(({ field, block }): KnownBlock[] => [block, ...complaints(shown, field)]),
    ],
  });
}

/** Under the field it is about. */
function complaints(problems: readonly Problem[], field: Problem['field']): KnownBlock[] {
  const sentences = problems.filter((problem) => problem.field === field).map(({ sentence }) => sentence);
  return sentences.length === 0 ? [] : [complaint(field, escapeMrkdwn(sentences.join(' ')))];
}

type Parts = { filled: Filled; found: Found; choices: Choices };
type FieldBlock = { field: Problem['field']; block: InputBlock };

/** What there is nothing to choose from for is left out. */
function fieldsOf(parts: Parts): FieldBlock[] {
  const { choices } = parts;
  return [
    { field: 'name' as const, block: nameInput(parts) },
    { field: 'flavor' as const, block: flavorInput(parts) },
    { field: 'image' as const, block: imageInput(parts) },
    ...(choices.types === null ? [] : [{ field: 'size' as const, block: sizeInput(parts) }]),
    ...optional('type', typeInput(parts)),
    ...optional('network', networkInput(parts)),
    ...optional('key', keyInput(parts)),
    ...optional('zone', zoneInput(parts)),
  ];
}

function optional(field: Problem['field'], block: InputBlock | null): FieldBlock[] {
  return block ? [{ field, block }] : [];
}

function nameInput({ filled, choices }: Parts): InputBlock {
  const element = textInput({
    actionId: 'create:name',
    placeholder: 'web-9',
    maxLength: LIMITS.inputText,
    ...(filled.name !== null && { initial: filled.name }),
  });
  const hint = choices.rules.plainServerNames ? { hint: 'Letters, digits, _, - and .' } : {};
  return input({ blockId: 'name', label: 'Name', element, ...hint });
}

function flavorInput({ found, choices: { flavors } }: Parts): InputBlock {
  const usable = flavors.filter((flavor) => isOnSale(flavor, found.zone));
  const menu = {
    actionId: 'create:flavor',
    choices: usable.map(flavorChoice),
    initial: found.flavor && flavorChoice(found.flavor),
  };
  return needed({ blockId: 'flavor', label: 'Flavor', dispatch: true }, menu);
}

function imageInput({ found, choices: { images } }: Parts): InputBlock {
  const menu = {
    actionId: 'create:image',
    choices: images.map(imageChoice),
    initial: found.image && imageChoice(found.image),
  };
  return needed({ blockId: 'image', label: 'Image', dispatch: true }, menu);
}

type Known = Pick<FormFacts, 'flavor' | 'image'>;

function factsOf({ flavor, image }: Found): Known {
  return { flavor: flavor && flavorFacts(flavor), image: image && imageFacts(image) };
}

/** What a person typed stays, unless another image was chosen and it is no size for that one. Null: nobody said. */
function sizeKept({ size }: Filled, facts: Known, before: FormFacts | null): string | null {
  if (size === null || before === null) return size;
  if (size === String(usualDisk(before))) return null;
  const isSameImage = before.image?.id === facts.image?.id;
  return isSameImage || (readSize(size) ?? 0) >= smallestDisk(facts.image) ? size : null;
}

/** Another image or flavor means another usual size: a new block then takes the place of the old one, and its value. */
function sizeInput({ filled, found }: Parts): InputBlock {
  const facts = factsOf(found);
  const usual = String(usualDisk(facts));
  const initial = filled.size ?? (facts.image && usual);
  const least = facts.image ? `At least ${smallestDisk(facts.image)} GiB for this image. ` : '';
  return input({
    blockId: `size:${facts.image?.id ?? ''}:${usual}`,
    label: 'Disk size in GiB',
    element: textInput({ actionId: 'create:size', maxLength: 10, placeholder: usual, ...(initial && { initial }) }),
    optional: true,
    hint: `${least}It is made from the image, and deleted with the server.`,
  });
}

function typeInput({ filled, found, choices: { flavors, types } }: Parts): InputBlock | null {
  const offered = (types ?? []).filter((type) => isOfferedIn(type, found.zone)).map(typeChoice);
  const own = types !== null && flavors.some(({ diskGiB }) => diskGiB > 0) ? [OWN_DISK] : [];
  const chosen = filled.type === FLAVORS_OWN ? OWN_DISK : found.type && typeChoice(found.type);
  // In another zone the choice starts anew, unless it is offered there, too.
  const parts = { blockId: `type:${found.zone ?? ''}`, label: 'Disk type', optional: true };
  return menuInput(parts, { actionId: 'create:type', choices: [...own, ...offered], initial: chosen });
}

const OWN_DISK: Choice = {
  text: 'The flavor’s own disk',
  value: FLAVORS_OWN,
  description: 'none is made; as large as the flavor says',
};

function networkInput({ found, choices: { networks } }: Parts): InputBlock | null {
  const menu = {
    actionId: 'create:network',
    choices: networks.map(networkChoice),
    initial: found.network && networkChoice(found.network),
  };
  return menuInput({ blockId: 'network', label: 'Network' }, menu);
}

function keyInput({ found, choices: { keys } }: Parts): InputBlock | null {
  const chosen = keys.find(({ name }) => name === found.key);
  const menu = { actionId: 'create:key', choices: keys.map(keyChoice), initial: chosen ? keyChoice(chosen) : null };
  const hint = 'To sign in to the server with. Your own key pairs are listed.';
  return menuInput({ blockId: 'key', label: 'Key pair', optional: true, hint }, menu);
}

function zoneInput({ found, choices: { zones } }: Parts): InputBlock | null {
  const usable = zones.filter(({ available }) => available);
  const chosen = usable.find(({ name }) => name === found.zone);
  const menu = {
    actionId: 'create:zone',
    choices: usable.map(zoneChoice),
    initial: chosen ? zoneChoice(chosen) : null,
  };
  return menuInput({ blockId: 'zone', label: 'Zone', optional: true, dispatch: true }, menu);
}

type Menu = { actionId: string; choices: Choice[]; initial: Choice | null };

function needed(parts: Omit<InputParts, 'element'>, menu: Menu): InputBlock {
  const block = menuInput(parts, menu);
  if (block) return block;
  throw new UserError(
    'not_found',
    `There is no ${parts.label.toLowerCase()} in this project that a server could be made with.`,
  );
}

/** More than one menu can hold: the choices come as the person types. Null without a choice. */
function menuInput(parts: Omit<InputParts, 'element'>, { actionId, choices, initial }: Menu): InputBlock | null {
  const usable = choices.filter(({ value: id }) => fitsMenu({ id }));
  if (usable.length === 0) return null;
  const placeholder = `Choose ${/^[aeiou]/i.test(parts.label) ? 'an' : 'a'} ${parts.label.toLowerCase()}`;
  const chosen = initial && fitsMenu({ id: initial.value }) ? initial : null;
  const element =
    usable.length > LIMITS.selectOptions
      ? externalSelect({ actionId, placeholder, ...(chosen && { initial: chosen }) })
      : select({ actionId, placeholder, choices: usable, ...(chosen && { initial: chosen.value }) });
  return input({ ...parts, element });
}
