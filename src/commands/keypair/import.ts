// `keypair import`: the cloud learns a public key of the person's own.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../openstack/errors.ts';
import { importKeyPair, importKeyPairRequest, type KeyPair } from '../../openstack/keypairs.ts';
import { modal, section } from '../../slack/blocks.ts';
import { input, textInput } from '../../slack/inputs.ts';
import type { Reply } from '../../slack/reply.ts';
import { code } from '../../slack/text.ts';
import { defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { formAbout, textIn } from '../forms.ts';
import { checkedName, keyNameArg, keyNameErrors, keyNameInput, knownKey, taken, tooMany } from './names.ts';
import type { Planned } from '../planned.ts';
import { publicKeyProblem } from './public-key.ts';
import { nameCode } from '../server/words.ts';

/** What a line can hold beside everything else; longer ones go into the form. */
const LONGEST_TYPED_KEY = 800;

export const keypairImport = defineCommand({
  name: 'keypair import',
  summary: 'Make a public key of yours known to the cloud',
  details: 'Without the key a form opens; it also takes keys that are too long for a line.',
  examples: ['keypair import phone ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5'],
  args: {
    name: keyNameArg,
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
    if (given.name === null || given.publicKey === null) return importForm(given.name, ctx, { planned: false });
    return learn({ name: given.name, publicKey: given.publicKey }, ctx);
  },
  async plan(given, ctx): Promise<Planned> {
    if (given.name === null || given.publicKey === null) return importForm(given.name, ctx, { planned: true });
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
      run: async ({ values }, ctx) =>
        learn({ name: textIn(values, 'name') ?? '', publicKey: textIn(values, 'key') ?? '' }, ctx),
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
    if (isCloudError(error, 'quota')) throw tooMany(error);
    const isThere = isCloudError(error, 'conflict') || isAmbiguous(error) ? await knownKey(cloud, order.name) : null;
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
function checkedOrder({ name: typed, publicKey }: Order): Order {
  const problem = publicKeyProblem(publicKey);
  if (problem !== null) throw new UserError('bad_usage', problem);
  return { name: checkedName(typed, 'import'), publicKey: publicKey.trim() };
}

function importForm(name: string | null, ctx: CommandContext, { planned }: { planned: boolean }): Reply {
  const view = modal({
    title: 'Import a key pair',
    submit: planned ? 'Show the call' : 'Import',
    callbackId: 'keypair:import',
    privateMetadata: formAbout(ctx, { planned }),
    blocks: [keyNameInput(name), keyInput()],
  });
  return { kind: 'modal', view };
}

function keyInput() {
  const element = textInput({ actionId: 'keypair:key', multiline: true, placeholder: 'ssh-ed25519 AAAA…' });
  const hint = 'The content of a file such as id_ed25519.pub. Never a private key.';
  return input({ blockId: 'key', label: 'Public key', element, hint });
}

function importErrors(form: Form): Record<string, string> {
  const problem = publicKeyProblem(textIn(form.values, 'key') ?? '');
  return { ...keyNameErrors(form, 'import'), ...(problem !== null && { key: problem }) };
}

/** A key too long for a line is left out of the one that repeats this: the form then asks for it. */
function importArgs(form: Form) {
  const key = textIn(form.values, 'key');
  return { name: textIn(form.values, 'name'), publicKey: key !== null && key.length <= LONGEST_TYPED_KEY ? key : null };
}
