// `keypair list`: a person's own key pairs, whatever the project.
import { type KeyPair, listKeyPairs } from '../../openstack/keypairs.ts';
import { code, escapeMrkdwn } from '../../slack/text.ts';
import { defineCommand } from '../command.ts';
import { counted, listing } from '../pages.ts';
import { nameCode, shortName } from '../server/words.ts';

const PAGE = 20;

export const keypairList = defineCommand({
  name: 'keypair list',
  summary: 'List your key pairs',
  details: 'Key pairs are yours alone: nobody else in the project sees them.',
  examples: ['keypair list', 'keypair list alice'],
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
