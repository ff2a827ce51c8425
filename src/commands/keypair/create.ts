// `keypair create`: the cloud makes a pair, and its private key is shown once, on a page for its owner.
import type { Cloud } from '../../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../openstack/errors.ts';
import { generateKeyPair, generateKeyPairRequest } from '../../openstack/keypairs.ts';
import { actions, modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { dateTime } from '../../slack/text.ts';
import { hereButton, linkButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { formAbout, textIn } from '../forms.ts';
import { checkedName, keyNameArg, keyNameErrors, keyNameInput, knownKey, taken, tooMany } from './names.ts';
import { keypairDelete } from './delete.ts';
import { exactLine } from '../grammar/parse.ts';
import type { Planned } from '../planned.ts';
import { nameCode, shortName } from '../server/words.ts';

export const keypairCreate = defineCommand({
  name: 'keypair create',
  summary: 'Have the cloud make a key pair for you',
  details: 'The private key is shown once, on a page for you alone, and is kept nowhere.',
  examples: ['keypair create laptop'],
  args: { name: keyNameArg },
  signIn: 'required',
  changes: true,
  opens: (given) => (given.name === null ? 'Create a key pair' : null),
  run: async (given, ctx) => (given.name === null ? createForm(ctx, { planned: false }) : create(given.name, ctx)),
  async plan(given, ctx): Promise<Planned> {
    if (given.name === null) return createForm(ctx, { planned: true });
    const request = generateKeyPairRequest(checkedName(given.name, 'generate'));
    const calls = [{ why: `Have the key pair ${given.name} made; its private key is in the answer only`, request }];
    return { kind: 'calls', cloud: await ctx.cloud(), calls };
  },
  views: {
    'keypair:create': {
      changes: true,
      after: 'wait',
      check: (form) => keyNameErrors(form, 'generate'),
      args: (form) => ({ name: textIn(form.values, 'name') }),
      run: (form, ctx) => create(textIn(form.values, 'name') ?? '', ctx),
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
  // An older pair of that name must never be taken for one that we lost the key of.
  if (isFirst && (await knownKey(cloud, wanted))) throw taken(wanted, null);
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
  if (isCloudError(error, 'quota')) throw tooMany(error);
  if (!isAmbiguous(error)) throw error;
  const made = await isMade(cloud, wanted);
  if (made === 'no') throw error;
  return lostReply(wanted, made);
}

/** It was not there before the order. */
async function isMade(cloud: Cloud, wanted: string): Promise<'yes' | 'no' | 'perhaps'> {
  try {
    return (await knownKey(cloud, wanted)) ? 'yes' : 'no';
  } catch (error) {
    if (isCloudError(error)) return 'perhaps';
    throw error;
  }
}

function madeReply(wanted: string, { url, until }: { url: string; until: number }): Reply {
  const text = `Your key pair ${nameCode(wanted)} is made. Its private key is shown *once*, on a page for you alone, until ${dateTime(until)} at the latest. Give the link to nobody.`;
  const show = linkButton({ text: 'Show the private key once', url, style: 'primary' });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([show])] };
}

function lostReply(wanted: string, made: 'yes' | 'perhaps' = 'yes'): Reply {
  const text =
    made === 'yes'
      ? `The cloud made the key pair ${nameCode(wanted)}, but its private key was lost on the way, so it is of use to nobody. Delete it, then create it again.`
      : `The cloud did not say whether it made the key pair ${nameCode(wanted)}, and does not let me look at the moment. If it did, the private key was lost on the way, so it is of use to nobody. Delete it when the cloud answers again, then create it anew.`;
  const remove = hereButton({
    id: 'lost',
    text: 'Delete it',
    label: `Delete the key pair ${shortName(wanted)}`,
    style: 'danger',
    line: exactLine(keypairDelete, { name: wanted, yes: true }),
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([remove])] };
}

function createForm(ctx: CommandContext, { planned }: { planned: boolean }): Reply {
  const view = modal({
    title: 'Create a key pair',
    submit: planned ? 'Show the call' : 'Create',
    callbackId: 'keypair:create',
    privateMetadata: formAbout(ctx, { planned }),
    blocks: [
      section('The cloud makes it. The private key is shown once, on a page for you alone, and is kept nowhere.'),
      keyNameInput(null),
    ],
  });
  return { kind: 'modal', view };
}
