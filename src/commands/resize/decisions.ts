// `approve`, `deny`, `cancel`, `confirm`, `revert`: the typed twins of the buttons on a card. Five words in one file, because they
// differ in nothing but the word: what a decision may do is decided in resize/decide.ts, for words and buttons alike.
import { UserError } from '../../errors.ts';
import { REASON_LENGTH } from '../../resize/ask.ts';
import type { DecisionKind, ResizeRequest } from '../../resize/request.ts';
import type { Reply } from '../../slack/reply.ts';
import { type Action, type Click, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findServers } from '../find/server.ts';
import { nameCode, plainName } from '../server/words.ts';
import { DENY_FORM, denyView, openDenyForm } from './deny-form.ts';
import { resizePlanned } from './plan.ts';

export const approve = twin('approve', { summary: 'Approve a resize', done: 'Approved' });
export const deny = twin('deny', { summary: 'Deny a resize', done: 'Denied' });
export const cancel = twin('cancel', { summary: 'Withdraw a resize you asked for', done: 'Cancelled' });
export const confirm = twin('confirm', { summary: 'Keep the new flavor after a resize', done: 'Confirmed' });
export const revert = twin('revert', {
  summary: 'Go back to the old flavor; what was written since the resize is lost',
  done: 'Reverting',
});

/** The button `resize:<kind>` on the card and the word typed here do the same; Deny asks for a reason first. */
function twin(kind: DecisionKind, { summary, done }: { summary: string; done: string }) {
  return defineCommand({
    name: kind,
    summary,
    examples: [`${kind} R-7KQ2`, `${kind} web-1`],
    args: {
      request: { kind: 'text', positional: true, required: true, summary: 'request or server', placeholder: 'request' },
      reason: { kind: 'text', rest: true, maxLength: REASON_LENGTH, summary: 'why, for the card', placeholder: 'text' },
    },
    // Deciding checks the sign-in and the rights itself, for clicks as for words.
    signIn: 'none',
    changes: true,
    async run({ request, reason }, ctx) {
      const id = await requestId(request ?? '', ctx);
      const decision = { kind, by: ctx.person, ...(reason !== null && { reason }) };
      return decidedReply(await ctx.resizes.decide(id, decision), done);
    },
    async plan({ request }, ctx) {
      const found = await ctx.resizes.get(await requestId(request ?? '', ctx), ctx.person);
      if (!found)
        throw new UserError('not_found', `There is no request ${request ?? ''}. “requests” lists the newest ones.`);
      const { cloud } = await ctx.sessions.open(ctx.person);
      return resizePlanned(found.plan, kind, await cloud(found.plan.project.id));
    },
    actions: { [`resize:${kind}`]: kind === 'deny' ? { changes: false, run: openDenyForm } : press(kind) },
    ...(kind === 'deny' && { views: { [DENY_FORM]: denyView } }),
  });
}

function press(kind: DecisionKind): Action {
  return {
    changes: true,
    async run(click: Click, ctx: CommandContext): Promise<Reply> {
      await ctx.resizes.decide(click.value, { kind, by: ctx.person });
      return { kind: 'none' };
    },
  };
}

function decidedReply(request: ResizeRequest, done: string): Reply {
  const { server, to } = request.plan;
  const text = `${done}: ${request.id}, ${nameCode(server.name)} to ${nameCode(to.name)}. The card in <#${request.channelId}> tells how it goes on.`;
  return { kind: 'message', audience: 'person', text };
}

/** A request's id, or the server whose open request is meant. */
async function requestId(wanted: string, ctx: CommandContext): Promise<string> {
  if (/^r-\w+$/i.test(wanted)) {
    const known = await ctx.resizes.get(wanted, ctx.person);
    if (known) return known.id;
  }
  const servers = await serversNamed(wanted, ctx);
  const open = await Promise.all(servers.map(({ id }) => ctx.resizes.openFor(id, ctx.person)));
  const ids = open.flatMap((found) => found?.id ?? []);
  const [only, another] = ids;
  if (another !== undefined) {
    throw new UserError('ambiguous', `Several servers are called ${wanted}: say which request, ${ids.join(' or ')}.`);
  }
  if (only !== undefined) return only;
  const name = servers[0] ? plainName(servers[0]) : wanted;
  throw new UserError('not_found', `No request for ${name} is open. “requests --waiting” lists the open ones.`);
}

async function serversNamed(wanted: string, ctx: CommandContext) {
  try {
    return await findServers(await ctx.cloud(), wanted);
  } catch (error) {
    if (!/^r-\w+$/i.test(wanted) || !(error instanceof UserError)) throw error;
    const sentence = `There is no request ${wanted.toUpperCase()}. “requests” lists the newest ones.`;
    throw new UserError('not_found', sentence, { cause: error });
  }
}
