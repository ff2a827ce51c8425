// `keypair delete`: takes a person's own key pair out of the cloud, after asking once more.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../openstack/errors.ts';
import {
  deleteKeyPair,
  deleteKeyPairRequest,
  type KeyPair,
  listKeyPairs,
  showKeyPair,
} from '../../openstack/keypairs.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { code } from '../../slack/text.ts';
import { HERE, hereButton, lineMenu } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findNamed } from '../find/named.ts';
import type { Planned } from '../planned.ts';
import { nameCode, shortName } from '../server/words.ts';

export const keypairDelete = defineCommand({
  name: 'keypair delete',
  summary: 'Delete one of your key pairs',
  details: 'Servers that were created with it keep it; only new ones cannot have it any more.',
  examples: ['keypair delete laptop'],
  args: {
    name: { kind: 'text', positional: true, summary: 'name of the key pair' },
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.name === null || !args.yes,
  async run({ name, yes }, ctx) {
    const cloud = await ctx.cloud();
    if (name === null) return keyMenu(await listKeyPairs(cloud), ctx);
    return yes ? deleteIt(cloud, name) : confirmReply(await findKey(cloud, name), ctx);
  },
  async plan({ name }, ctx): Promise<Planned> {
    const cloud = await ctx.cloud();
    if (name === null) return keyMenu(await listKeyPairs(cloud), ctx);
    const found = await findKey(cloud, name);
    const request = deleteKeyPairRequest(found.name);
    return { kind: 'calls', cloud, calls: [{ why: `Delete the key pair ${found.name}`, request }] };
  },
});

/** Throws UserError `not_found` with the nearest names. */
async function findKey(cloud: Cloud, wanted: string): Promise<KeyPair> {
  const all = (await listKeyPairs(cloud)).map((one) => ({ ...one, id: one.name }));
  return findNamed(all, wanted, { one: 'key pair', list: 'keypair list', own: true });
}

function keyMenu(all: readonly KeyPair[], ctx: CommandContext): Reply {
  const choices = all.map(({ name }) => ({ text: shortName(name), value: ctx.again({ name }) }));
  const menu = lineMenu({ actionId: `${HERE}:key`, placeholder: 'Choose a key pair', choices, room: 10_000 });
  if (!menu) throw new UserError('not_found', 'You have no key pair.');
  const text = 'Which key pair?';
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([menu])] };
}

function confirmReply({ name, fingerprint }: KeyPair, ctx: CommandContext): Reply {
  const text = `Delete your key pair ${nameCode(name)}${fingerprint === '' ? '' : ` (${code(fingerprint)})`}? Servers that have it keep it; new ones cannot be given it.`;
  const button = hereButton({
    id: 'yes',
    text: 'Delete it',
    label: `Delete the key pair ${shortName(name)}`,
    style: 'danger',
    line: ctx.again({ name, yes: true }),
    confirm: {
      title: 'Delete this key pair?',
      text: `${shortName(name)}: servers that have it keep it; new ones cannot be given it.`,
      confirm: 'Delete',
      style: 'danger',
    },
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([button])] };
}

/** False where nobody can tell. */
async function isGone(cloud: Cloud, name: string): Promise<boolean> {
  try {
    await showKeyPair(cloud, name);
    return false;
  } catch (error) {
    return isCloudError(error, 'not_found');
  }
}

async function deleteIt(cloud: Cloud, name: string): Promise<Reply> {
  try {
    await deleteKeyPair(cloud, name);
  } catch (error) {
    // Deleted already, by somebody else or by us before we died; or now, and only the answer got lost.
    const gone = isCloudError(error, 'not_found') || (isAmbiguous(error) && (await isGone(cloud, name)));
    if (!gone) throw error;
  }
  const text = `Your key pair ${nameCode(name)} is deleted.`;
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}
