// `requests`: the resizes people asked for.
import type { KnownBlock } from '@slack/types';
import type { ResizeRequest } from '../../resize/request.ts';
import { STATE_WORDS } from '../../resize/words.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, dateTime, mention } from '../../slack/text.ts';
import { defineCommand } from '../command.ts';
import { inSections } from '../lines.ts';
import { nameCode } from '../server/words.ts';

/** Read and shown at most; the ones of projects the person is not in fall out of it. */
const READ = 100;
const SHOWN = 20;

export const requests = defineCommand({
  name: 'requests',
  summary: 'List the resizes that were asked for in your projects',
  examples: ['requests', 'requests --waiting', 'requests --mine'],
  args: {
    mine: { kind: 'boolean', summary: 'only what you asked for' },
    waiting: { kind: 'boolean', summary: 'only what waits for somebody' },
  },
  signIn: 'required',
  changes: false,
  async run({ mine, waiting }, ctx) {
    const { person } = ctx;
    const filter = { teamId: person.teamId, limit: READ, waiting, ...(mine && { mine: person }) };
    const [all, session] = await Promise.all([ctx.resizes.list(filter), ctx.session()]);
    // A request names servers and reasons: those are for the project's members.
    const seen = all.filter(({ plan }) => session.projects.some(({ id }) => id === plan.project.id));
    return requestsReply(seen, mine || waiting);
  },
});

function requestsReply(found: ResizeRequest[], filtered: boolean): Reply {
  const shown = found.slice(0, SHOWN);
  const title = found.length === 0 ? noneWords(filtered) : titleOf(found.length);
  const blocks: KnownBlock[] = inSections([title, ...shown.map(requestLine)]);
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function noneWords(filtered: boolean): string {
  return filtered ? 'No such requests in your projects.' : 'Nobody has asked for a resize in your projects yet.';
}

function titleOf(count: number): string {
  if (count > SHOWN) return `The newest ${SHOWN} requests in your projects`;
  return count === 1 ? '1 request in your projects' : `${count} requests in your projects`;
}

function requestLine(request: ResizeRequest): string {
  const { server, from, to } = request.plan;
  const change = `${nameCode(from.name)} → ${nameCode(to.name)}`;
  const asked = `${mention(request.requester.userId)} ${dateTime(request.createdAt)} in <#${request.channelId}>`;
  return `${code(request.id)} *${STATE_WORDS[request.state]}* · ${nameCode(server.name)} ${change} · ${asked}`;
}
