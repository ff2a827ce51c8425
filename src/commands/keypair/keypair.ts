// `keypair list` and `keypair delete`: a person's own key pairs, whatever the project.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { deleteKeyPair, deleteKeyPairRequest, type KeyPair, listKeyPairs } from '../../openstack/keypairs.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, escapeMrkdwn } from '../../slack/text.ts';
import { HERE, hereButton, lineMenu } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findNamed } from '../find/named.ts';
import { counted, listing } from '../pages.ts';
import type { Planned } from '../planned.ts';
import { nameCode, shortName } from '../server/words.ts';

const PAGE = 20;

export const keypairList = defineCommand({
  name: 'keypair list',
  summary: 'List your key pairs',
  details: 'Key pairs are yours alone: nobody else in the project sees them.',
  examples: ['keypair list', 'keypair list laptop'],
  args: {
    name: { kind: 'text', positional: true, summary: 'part of the name' },
    page: { kind: 'number', least: 1, most: 10_000, summary: 'which page', placeholder: 'n' },
  },
  signIn: 'required',
  changes: false,
  shares: false,
  async run({ name, page }, ctx) {
    const all = (await listKeyPairs(await ctx.cloud())).toSorted((a, b) => a.name.localeCompare(b.name));
    const found = all.filter((one) => name === null || one.name.toLowerCase().includes(name.toLowerCase()));
    return listing({ title: counted(found.length, 'key pair'), lines: found.map(keyLine), page, perPage: PAGE }, ctx);
  },
});

function keyLine({ name, type, fingerprint }: KeyPair): string {
  const parts = [nameCode(name), type && escapeMrkdwn(shortName(type)), fingerprint === '' ? null : code(fingerprint)];
  return parts.filter((part) => part !== null).join(' · ');
}

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

async function deleteIt(cloud: Cloud, name: string): Promise<Reply> {
  try {
    await deleteKeyPair(cloud, name);
  } catch (error) {
    // Deleted already, by somebody else or by us before we died.
    if (!isCloudError(error, 'not_found')) throw error;
  }
  const text = `Your key pair ${nameCode(name)} is deleted.`;
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}
