// `versions`: what the compute service offers, and which version the bot speaks to it, and why.
import {
  type ApiVersion,
  otherVersions,
  showVersions,
  type OfferedVersions,
  usedVersion,
  type UsedVersion,
} from '../../openstack/api-versions.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { SERVER_VERSION } from '../../openstack/server.ts';
import { section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, escapeMrkdwn } from '../../slack/text.ts';
import { unreachable } from '../../errors.ts';
import { defineCommand } from '../command.ts';
import { inSections } from '../lines.ts';
import { shortName } from '../server/words.ts';

export const versions = defineCommand({
  name: 'versions',
  summary: 'Show which API versions the cloud offers and which one I use',
  details: 'The operator can set a ceiling with OS_COMPUTE_API_VERSION.',
  examples: ['versions'],
  args: {},
  signIn: 'required',
  changes: false,
  async run(_given, ctx) {
    const cloud = await ctx.cloud();
    return versionsReply(await showVersions(cloud), cloud);
  },
});

function versionsReply(offered: OfferedVersions, { ceiling }: Pick<Cloud, 'ceiling'>): Reply {
  const used = usedVersion(offered.own, ceiling);
  const title =
    used.version === null ? 'I send no microversion' : `I use microversion ${code(used.version)} for servers`;
  const lines = [
    `*${title}*`,
    whySentence(used, { own: offered.own, ceiling }),
    ...othersSentence(otherVersions(offered.own, ceiling)),
    '',
    '*GET /* lists:',
    ...(offered.all?.map(versionLine) ?? ['• nothing: the service does not say']),
    '',
    `*GET /${offered.own ? escapeMrkdwn(shortName(offered.own.id)) : 'v2.1'}/*, which I use, says:`,
    offered.own ? versionLine(offered.own) : '• nothing: the service does not say',
  ];
  return { kind: 'message', audience: 'person', text: title, blocks: inSections(lines).concat(ceilingNote(ceiling)) };
}

function versionLine({ id, status, min, max }: ApiVersion): string {
  const range = max === null ? 'no microversions' : `microversions ${code(min ?? '?')} to ${code(max)}`;
  return `• ${code(shortName(id))}${status === '' ? '' : ` ${escapeMrkdwn(shortName(status))}`}, ${range}`;
}

function whySentence(used: UsedVersion, { own, ceiling }: { own: ApiVersion | null; ceiling: string | null }): string {
  switch (used.because) {
    case 'no_microversions':
      return 'This endpoint has no microversions: calls go out without a version header and are answered in the oldest form. Tags, descriptions and locks are not told then.';
    case 'cloud_maximum':
      return used.version === SERVER_VERSION
        ? 'It is the highest this cloud offers, and the highest whose answers I read.'
        : `It is the highest this cloud offers; I would understand ${code(SERVER_VERSION)} too.`;
    case 'operator_ceiling':
      return used.version === null
        ? `My operator's ceiling ${code(ceiling ?? '?')} (OS_COMPUTE_API_VERSION) is below what this cloud offers (from ${code(own?.min ?? '?')}), so calls go out without a version header.`
        : `It is my operator's ceiling (OS_COMPUTE_API_VERSION); the cloud would offer ${code(own?.max ?? '?')}.`;
    case 'bot_maximum':
      return `It is the highest whose answers I read, out of ${code(own?.min ?? '?')} to ${code(own?.max ?? '?')}.`;
    default:
      return unreachable(used.because);
  }
}

function othersSentence(others: { what: string; version: string }[]): string[] {
  if (others.length === 0) return [];
  const each = others.map(({ what, version }) => `${what} ${code(version)}`).join(', ');
  return [`Others go with versions of their own: ${each}.`];
}

function ceilingNote(ceiling: string | null) {
  return ceiling === null ? [] : [section(`Ceiling set by the operator: ${code(ceiling)}`)];
}
