// `keypair create` and `keypair import`: the cloud makes a pair and its private key is shown once, or learns a public key.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../openstack/errors.ts';
import {
  generateKeyPair,
  generateKeyPairRequest,
  importKeyPair,
  importKeyPairRequest,
  keyNameProblem,
  type KeyPair,
  showKeyPair,
} from '../openstack/keypairs.ts';
import { actions, input, modal, section, textInput } from '../slack/blocks.ts';
import type { Reply } from '../slack/reply.ts';
import { code, dateTime } from '../slack/text.ts';
import { hereButton, linkButton } from './buttons.ts';
import { defineCommand, type Form } from './command.ts';
import type { CommandContext } from './context.ts';
import { formAbout, textIn } from './forms.ts';
import { keypairDelete } from './keypair.ts';
import { exactLine } from './parse.ts';
import type { Planned } from './planned.ts';
import { publicKeyProblem } from './public-key.ts';
import { nameCode, shortName } from './server-words.ts';

/** What a line can hold beside everything else; longer ones go into the form. */
const LONGEST_TYPED_KEY = 800;

const name = { kind: 'text', positional: true, summary: 'name of the new key pair' } as const;

export const keypairCreate = defineCommand({
  name: 'keypair create',
  summary: 'Have the cloud make a key pair for you',
  details: 'The private key is shown once, on a page for you alone, and is kept nowhere.',
  examples: ['keypair create laptop'],
  args: { name },
  signIn: 'required',
  changes: true,
  opens: (given) => (given.name === null ? 'Create a key pair' : null),
  run: async (given, ctx) => (given.name === null ? createForm(ctx, { plan: false }) : create(given.name, ctx)),
  async plan(given, ctx): Promise<Planned> {
    if (given.name === null) return createForm(ctx, { plan: true });
    const request = generateKeyPairRequest(checkedName(given.name, 'generate'));
    const calls = [{ why: `Have the key pair ${given.name} made; its private key is in the answer only`, request }];
    return { kind: 'calls', cloud: await ctx.cloud(), calls };
  },
  views: {
    'keypair:create': {
      changes: true,
      after: 'wait',
      check: (form) => nameErrors(form, 'generate'),
      args: (form) => ({ name: textIn(form.values, 'name') }),
      run: async (form, ctx) => inWindow('Key pair', await create(textIn(form.values, 'name') ?? '', ctx)),
    },
  },
});

async function create(typed: string, ctx: CommandContext): Promise<Reply> {
  const wanted = checkedName(typed, 'generate');
  const ref = { person: ctx.person, id: `keypair:${ctx.interactionId}` };
  // Worked a second time after a crash, the key that was kept then is the one.
  const [before, isFirst] = await Promise.all([ctx.secrets.link(ref), ctx.firstTime(ref.id)]);
  if (before) return madeReply(wanted, before);
  const cloud = await ctx.cloud();
  try {
    const { privateKey } = await generateKeyPair(cloud, wanted);
    const title = `Private key of key pair ${shortName(wanted)}`;
    await ctx.secrets.keep(ref, { title, value: privateKey.reveal() });
  } catch (error) {
    return afterFailure(error, { cloud, wanted, isFirst });
  }
  const link = await ctx.secrets.link(ref);
  return link ? madeReply(wanted, link) : lostReply(wanted);
}

type Failed = { cloud: Cloud; wanted: string; isFirst: boolean };

/** A pair whose private key nobody has must not lie about unnoticed. */
async function afterFailure(error: unknown, { cloud, wanted, isFirst }: Failed): Promise<Reply> {
  if (isCloudError(error, 'conflict')) {
    if (!isFirst) return lostReply(wanted);
    throw taken(wanted, error);
  }
  if (isAmbiguous(error) && (await known(cloud, wanted))) return lostReply(wanted);
  throw error;
}

function taken(wanted: string, cause: unknown): UserError {
  const sentence = `You have a key pair called ${shortName(wanted)} already. Take another name, or delete that one first.`;
  return new UserError('already_done', sentence, { cause });
}

/** Null: there is none, or the cloud does not say. */
async function known(cloud: Cloud, wanted: string): Promise<KeyPair | null> {
  try {
    return await showKeyPair(cloud, wanted);
  } catch (error) {
    if (isCloudError(error)) return null;
    throw error;
  }
}

function madeReply(wanted: string, { url, until }: { url: string; until: number }): Reply {
  const text = `Your key pair ${nameCode(wanted)} is made. Its private key is shown *once*, on a page for you alone, until ${dateTime(until)} at the latest. Give the link to nobody.`;
  const show = linkButton({ text: 'Show the private key once', url, style: 'primary' });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([show])] };
}

function lostReply(wanted: string): Reply {
  const text = `The cloud made the key pair ${nameCode(wanted)}, but its private key was lost on the way, so it is of use to nobody. Delete it, then create it again.`;
  const remove = hereButton({
    id: 'lost',
    text: 'Delete it',
    label: `Delete the key pair ${shortName(wanted)}`,
    style: 'danger',
    line: exactLine(keypairDelete, { name: wanted, yes: true }),
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([remove])] };
}

export const keypairImport = defineCommand({
  name: 'keypair import',
  summary: 'Make a public key of yours known to the cloud',
  details: 'Without the key a form opens; it also takes keys that are too long for a line.',
  examples: ['keypair import laptop ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5'],
  args: {
    name,
    publicKey: {
      kind: 'text',
      positional: true,
      rest: true,
      maxLength: LONGEST_TYPED_KEY,
      summary: 'the public key, as in id_ed25519.pub',
      placeholder: 'public key',
    },
  },
  signIn: 'required',
  changes: true,
  opens: (given) => (given.name === null || given.publicKey === null ? 'Import a key pair' : null),
  async run(given, ctx) {
    if (given.name === null || given.publicKey === null) return importForm(given.name, ctx, { plan: false });
    return learn({ name: given.name, publicKey: given.publicKey }, ctx);
  },
  async plan(given, ctx): Promise<Planned> {
    if (given.name === null || given.publicKey === null) return importForm(given.name, ctx, { plan: true });
    const order = checkedOrder({ name: given.name, publicKey: given.publicKey });
    const calls = [{ why: `Make the public key known as ${order.name}`, request: importKeyPairRequest(order) }];
    return { kind: 'calls', cloud: await ctx.cloud(), calls };
  },
  views: {
    'keypair:import': {
      changes: true,
      after: 'wait',
      check: importErrors,
      args: importArgs,
      run: async (form, ctx) => {
        const order = { name: textIn(form.values, 'name') ?? '', publicKey: textIn(form.values, 'key') ?? '' };
        return inWindow('Key pair', await learn(order, ctx));
      },
    },
  },
});

type Order = { name: string; publicKey: string };

async function learn(typed: Order, ctx: CommandContext): Promise<Reply> {
  const order = checkedOrder(typed);
  const cloud = await ctx.cloud();
  const { name: called, fingerprint } = await importOnce(cloud, order);
  const text = `Your key pair ${nameCode(called)}${fingerprint === '' ? '' : ` (${code(fingerprint)})`} is known to the cloud: new servers can be given it.`;
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}

/** The same key under the same name is what was wanted, whoever put it there. */
async function importOnce(cloud: Cloud, order: Order): Promise<KeyPair> {
  try {
    return await importKeyPair(cloud, order);
  } catch (error) {
    const isThere = isCloudError(error, 'conflict') || isAmbiguous(error) ? await known(cloud, order.name) : null;
    if (isThere && sameKey(isThere.publicKey, order.publicKey)) return isThere;
    throw isCloudError(error, 'conflict') ? taken(order.name, error) : error;
  }
}

/** The comment at the end says nothing about the key. */
function sameKey(one: string, other: string): boolean {
  const core = (key: string) => key.trim().split(/\s+/).slice(0, 2).join(' ');
  return core(one) === core(other);
}

/** Throws UserError `bad_usage`. */
function checkedName(typed: string, how: 'generate' | 'import'): string {
  const wanted = typed.trim();
  const problem = keyNameProblem(wanted, how);
  if (problem !== null) throw new UserError('bad_usage', problem);
  return wanted;
}

/** Throws UserError `bad_usage`. */
function checkedOrder({ name: typed, publicKey }: Order): Order {
  const problem = publicKeyProblem(publicKey);
  if (problem !== null) throw new UserError('bad_usage', problem);
  return { name: checkedName(typed, 'import'), publicKey: publicKey.trim() };
}

function createForm(ctx: CommandContext, how: { plan: boolean }): Reply {
  const view = modal({
    title: 'Create a key pair',
    submit: how.plan ? 'Show the call' : 'Create',
    callbackId: 'keypair:create',
    privateMetadata: formAbout(ctx, { planned: how.plan }),
    blocks: [
      section('The cloud makes it. The private key is shown once, on a page for you alone, and is kept nowhere.'),
      nameInput(null),
    ],
  });
  return { kind: 'modal', view };
}

function importForm(typed: string | null, ctx: CommandContext, how: { plan: boolean }): Reply {
  const view = modal({
    title: 'Import a key pair',
    submit: how.plan ? 'Show the call' : 'Import',
    callbackId: 'keypair:import',
    privateMetadata: formAbout(ctx, { planned: how.plan }),
    blocks: [nameInput(typed), keyInput()],
  });
  return { kind: 'modal', view };
}

function nameInput(initial: string | null) {
  const element = textInput({ actionId: 'keypair:name', maxLength: 255, ...(initial !== null && { initial }) });
  return input({ blockId: 'name', label: 'Name', element });
}

function keyInput() {
  const element = textInput({ actionId: 'keypair:key', multiline: true, placeholder: 'ssh-ed25519 AAAA…' });
  const hint = 'The content of a file such as id_ed25519.pub. Never a private key.';
  return input({ blockId: 'key', label: 'Public key', element, hint });
}

function nameErrors(form: Form, how: 'generate' | 'import'): Record<string, string> {
  const problem = keyNameProblem(textIn(form.values, 'name') ?? '', how);
  return problem === null ? {} : { name: problem };
}

function importErrors(form: Form): Record<string, string> {
  const problem = publicKeyProblem(textIn(form.values, 'key') ?? '');
  return { ...nameErrors(form, 'import'), ...(problem !== null && { key: problem }) };
}

/** A key too long for a line is left out of the one that repeats this: the form then asks for it. */
function importArgs(form: Form) {
  const key = textIn(form.values, 'key');
  return { name: textIn(form.values, 'name'), publicKey: key !== null && key.length <= LONGEST_TYPED_KEY ? key : null };
}

/** The answer to a form stands where the form was. */
function inWindow(title: string, reply: Reply): Reply {
  if (reply.kind !== 'message') return reply;
  return { kind: 'modal', view: modal({ title, blocks: reply.blocks ?? [section(reply.text)] }) };
}
