// `create`: a complete line orders the server at once and its card is the answer; an incomplete one opens the form.
import { newServer } from '../../creation/order.ts';
import type { Creation, Spec } from '../../creation/creation.ts';
import { UserError } from '../../errors.ts';
import { createServerRequest } from '../../openstack/server-lifecycle.ts';
import { actions, modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { hereButton } from '../buttons.ts';
import { type Choices, readChoices, unusableImage } from './choices.ts';
import { checkForm, type Filled, formFields, type FormFacts, NOTHING_FILLED, readFacts } from './fields.ts';
import { createForm } from './form.ts';
import { searches } from './menus.ts';
import { type Resolved, resolveWish, toWish } from './wish.ts';
import type { Planned } from '../planned.ts';
import { nameCode, plainName } from '../server/words.ts';

const args = {
  name: { kind: 'text', positional: true, summary: 'name of the new server' },
  flavor: { kind: 'text', summary: 'name or id of its flavor' },
  image: { kind: 'text', summary: 'name or id of the image it is made from' },
  network: { kind: 'text', summary: 'name or id of its network; not needed where there is only one' },
  key: { kind: 'text', summary: 'name of the key pair to sign in to it with', placeholder: 'name' },
  zone: { kind: 'text', summary: 'availability zone' },
  disk: {
    kind: 'number',
    least: 1,
    most: 1_000_000,
    summary: 'size of its disk, what flavor and image ask for unless told',
    placeholder: 'GiB',
  },
  diskType: {
    kind: 'text',
    summary: 'type of its disk; flavor-disk: none is made, the server gets the flavor’s own',
    placeholder: 'SSD',
  },
} as const;

type CreateArgs = ArgsOf<typeof args>;

export const create = defineCommand({
  name: 'create',
  summary: 'Create a server',
  details:
    'Without flavor and image a form opens. The disk is made from the image and is deleted with the server. The card shows how it goes; a first password comes to you alone.',
  examples: [
    'create',
    'create web-9',
    'create web-9 --flavor c1.large --image ubuntu-24.04 --network backup-net --key alice-key --disk 40',
  ],
  args,
  signIn: 'required',
  changes: true,
  opens: (given) => (isComplete(given) ? null : 'Create a server'),
  async run(given, ctx) {
    const choices = await readChoices(ctx);
    if (!isComplete(given)) return formReply({ filled: filledBy(given), choices, ctx });
    const resolved = await resolve(filledBy(given), choices);
    const picks = networkPicks(resolved, { choices, ctx });
    if (picks) return picks;
    const spec = sound(resolved);
    await sendable(spec, choices);
    await order(spec, ctx);
    return { kind: 'none' };
  },
  plan: planCreate,
  actions: {
    'create:flavor': { changes: false, run: refill },
    'create:image': { changes: false, run: refill },
    'create:zone': { changes: false, run: refill },
  },
  views: {
    'create:submit': { changes: true, after: 'wait', check: checkForm, args: argsOf, run: runForm },
  },
  suggestions: searches,
});

function isComplete({ name, flavor, image }: CreateArgs): boolean {
  return name !== null && flavor !== null && image !== null;
}

function filledBy(given: CreateArgs): Filled {
  const { name, flavor, image, network, key, zone, disk, diskType: type } = given;
  return {
    ...NOTHING_FILLED,
    name,
    flavor,
    image,
    network,
    key,
    zone,
    type,
    size: disk === null ? null : String(disk),
  };
}

function argsOf(form: Form): CreateArgs {
  const { size, type, ...filled } = formFields(form);
  const disk = toWish({ ...filled, type, size }).sizeGiB;
  return { ...filled, diskType: type, disk };
}

type Filling = {
  filled: Filled;
  choices: Choices;
  ctx: CommandContext;
  before?: FormFacts | null;
  submitted?: boolean;
  plan?: boolean;
};

function formReply({ filled, choices, ctx, before = null, submitted = false, plan = false }: Filling): Reply {
  return { kind: 'modal', view: createForm({ filled, choices, channelId: ctx.channelId, before, submitted, plan }) };
}

/** Somebody changed a choice that others depend on. */
async function refill({ form }: { form: Form | null }, ctx: CommandContext): Promise<Reply> {
  if (!form) return { kind: 'none' };
  const choices = await readChoices(ctx);
  const plan = form.about['plan'] === 'yes';
  return formReply({ filled: formFields(form), choices, ctx, before: readFacts(form.about), plan });
}

/** What the ack could not check, because it needs the cloud, is told in the form, which then opens again. */
async function runForm(form: Form, ctx: CommandContext): Promise<Reply> {
  const [filled, choices] = [formFields(form), await readChoices(ctx)];
  const { spec } = resolveWish(toWish(filled), choices);
  if (!spec) return formReply({ filled, choices, ctx, submitted: true });
  await sendable(spec, choices);
  return { kind: 'modal', view: orderedView(await order(spec, ctx)) };
}

/** What is listed and yet cannot be used is told apart from what is not there. One cloud request more, then. */
async function resolve(filled: Filled, choices: Choices): Promise<Resolved> {
  const resolved = resolveWish(toWish(filled), choices);
  const missing = resolved.problems.find(({ field, code }) => field === 'image' && code === 'not_found');
  const sentence = missing && filled.image !== null ? await unusableImage(choices.cloud, filled.image) : null;
  if (sentence === null) return resolved;
  const told = { field: 'image', code: 'wrong_state', sentence } as const;
  return { ...resolved, problems: resolved.problems.map((one) => (one === missing ? told : one)) };
}

/** Throws the first problem's code with all the sentences. */
function sound({ spec, problems }: Resolved): Spec {
  if (spec) return spec;
  throw new UserError(problems[0]?.code ?? 'bad_usage', problems.map(({ sentence }) => sentence).join(' '));
}

/** Throws UserError `unsupported` when this cloud's API is too old for the order, e.g. for a disk type. */
async function sendable(spec: Spec, { cloud }: Choices): Promise<void> {
  await cloud.preview(createServerRequest(newServer(spec, 'checked'), cloud.profile));
}

async function order(spec: Spec, ctx: CommandContext): Promise<Creation> {
  const { person, channelId, interactionId } = ctx;
  const [project, cloud] = await Promise.all([ctx.project(), ctx.cloud()]);
  return ctx.creations.order({ person, channelId, interactionId, project, region: cloud.region, spec });
}

function orderedView({ spec, channelId }: Creation) {
  const where = channelId === null ? 'in our direct messages' : `in <#${channelId}>`;
  return modal({ title: 'Ordered', blocks: [section(`${nameCode(spec.name)} is ordered. Its card is ${where}.`)] });
}

const MOST_PICKS = 20;

/** When all that is missing is the network, it is offered. */
function networkPicks(
  { problems }: Resolved,
  { choices, ctx }: { choices: Choices; ctx: CommandContext },
): Reply | null {
  const [only] = problems;
  const asks = problems.length === 1 && only?.field === 'network' && only.code === 'ambiguous';
  if (!asks || choices.networks.length > MOST_PICKS) return null;
  const text = 'Which network?';
  const buttons = choices.networks.map((network, place) =>
    hereButton({
      id: `network${place}`,
      text: plainName(network),
      label: `Create it in the network ${plainName(network)}`,
      line: ctx.again({ network: network.id }),
    }),
  );
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions(buttons)] };
}

/** The one call, or the question that comes first. */
async function planCreate(given: CreateArgs, ctx: CommandContext): Promise<Planned> {
  const choices = await readChoices(ctx);
  const filled = filledBy(given);
  if (!isComplete(given)) return formReply({ filled, choices, ctx, plan: true });
  const resolved = await resolve(filled, choices);
  const picks = networkPicks(resolved, { choices, ctx });
  if (picks) return picks;
  const { cloud } = choices;
  const request = createServerRequest(newServer(sound(resolved), 'id-of-this-order'), cloud.profile);
  return { kind: 'calls', cloud, calls: [{ why: `Create the server ${given.name ?? ''}`, request }] };
}
