// `delete`: says what goes with the server and what stays, asks once more, and waits until the cloud shows it no longer.
import { unreachable, UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../openstack/errors.ts';
import { deleteServer, deleteServerRequest } from '../../openstack/server-lifecycle.ts';
import type { Server } from '../../openstack/server.ts';
import type { HeldServer } from '../../resize/server-locks.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { mention } from '../../slack/text.ts';
import { hereButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { lookAt, type Looked, uncertain, unseenSentence } from './uncertain.ts';
import { diskLines, disksInShort, readDisks } from './delete-disks.ts';
import { withServer } from '../find/server.ts';
import type { Planned } from '../planned.ts';
import { refuseDuringResize } from '../resize/runs.ts';
import { light, nameCode, plainName, shortName, statusWords } from './words.ts';

export const remove = defineCommand({
  name: 'delete',
  summary: 'Delete a server for good',
  details: 'It says first which disks go with it and which stay.',
  examples: ['delete web-9'],
  args: {
    server: { kind: 'text', positional: true, summary: 'name or id of the server' },
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
    /** What the server was called when the question was asked: later nobody can look it up. */
    called: { kind: 'text', summary: 'its name', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null || !args.yes,
  async run(args, ctx) {
    const isFirst = !args.yes || (await ctx.firstTime(`delete:${ctx.interactionId}`));
    try {
      return await withServer(args.server, ctx, async (server, cloud) => {
        const target = { server, cloud, ctx };
        // By its id alone: a name may be another server's by the time this is worked a second time.
        return args.yes && args.server === server.id ? deleteIt(target) : confirmReply(target);
      });
    } catch (error) {
      if (isFirst || !(error instanceof UserError) || error.code !== 'not_found') throw error;
      return goneMeanwhile(args.called ?? args.server ?? '', ctx);
    }
  },
  plan: (args, ctx) =>
    withServer(args.server, ctx, async (server, cloud): Promise<Planned> => {
      const request = deleteServerRequest(server.id);
      return { kind: 'calls', cloud, calls: [{ why: `Delete ${plainName(server)}`, request }] };
    }),
});

type Target = { server: Server; cloud: Cloud; ctx: CommandContext };

async function confirmReply({ server, cloud, ctx }: Target): Promise<Reply> {
  const [disks, project] = await Promise.all([readDisks(cloud, server), ctx.project()]);
  const [name, where] = [plainName(server), shortName(project.name)];
  const title = `Delete ${nameCode(name)} in project ${nameCode(where)}? ${light(server.status)} It is ${statusWords(server)}. This cannot be undone.`;
  const lines = [title, ...diskLines(disks, server).map((line) => `• ${line}`)];
  const button = hereButton({
    id: 'yes',
    text: 'Delete it',
    label: `Delete the server ${name}`,
    style: 'danger',
    line: ctx.again({ server: server.id, yes: true, called: name }),
    confirm: {
      title: 'Delete this server?',
      text: `${name} in project ${where} is deleted for good. ${disksInShort(disks)}`,
      confirm: 'Delete',
      style: 'danger',
    },
  });
  return { kind: 'message', audience: 'person', text: title, blocks: [section(lines.join('\n')), actions([button])] };
}

/** Looks after the order was sent, at growing distances; about half a minute in all. */
const LOOKS_MS = [500, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 10_000];

/**
 * Safe to run again: the cloud takes the same order any number of times. Throws UserError `busy`, `wrong_state`, `unavailable`
 * (nobody knows whether the cloud took it); CloudError.
 */
async function deleteIt(target: Target): Promise<Reply> {
  const { server, ctx } = target;
  const holder = { what: 'deleting it', by: ctx.person };
  await ctx.locks.exclusively(server.id, holder, (held) => send(target, held));
  await announce(`⏳ ${mention(ctx.person.userId)} is deleting ${nameCode(plainName(server))}.`, ctx);
  const text = outcomeSentence(await follow(target), target);
  await announce(text, ctx);
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}

/** We died after the order, and the server is gone by now. */
async function goneMeanwhile(name: string, ctx: CommandContext): Promise<Reply> {
  const text = goneSentence(name, ctx);
  await announce(text, ctx);
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}

async function send({ server, cloud, ctx }: Target, held: HeldServer): Promise<void> {
  refuseDuringResize(await ctx.resizes.openFor(server.id, ctx.person), server);
  await held.confirm();
  try {
    await orderTwice(cloud, server);
  } catch (error) {
    // Somebody was faster, or we were, before we died.
    if (isCloudError(error, 'not_found')) return;
    if (isAmbiguous(error)) return afterSilence({ server, cloud, cause: error });
    throw isCloudError(error, 'conflict') ? notNow(server, error) : error;
  }
}

/** After an order without an answer the server shows whether it was taken; if not, a second one does no harm. */
async function orderTwice(cloud: Cloud, server: Server): Promise<void> {
  try {
    await deleteServer(cloud, server.id);
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    if (!isGoing(await lookAt(cloud, server))) await deleteServer(cloud, server.id);
  }
}

type Silence = { server: Server; cloud: Cloud; cause: unknown };

async function afterSilence({ server, cloud, cause }: Silence): Promise<void> {
  const looked = await lookAt(cloud, server);
  if (isGoing(looked)) return;
  throw uncertain('delete', { server, seen: looked.kind === 'seen' ? looked.server : null }, cause);
}

function notNow(server: Server, cause: unknown): UserError {
  const why =
    server.locked === true
      ? 'it is locked: have it unlocked, then try again'
      : 'of what is being done to it: look at it with “show”, and try again later';
  return new UserError('wrong_state', `${plainName(server)} cannot be deleted now, because ${why}.`, { cause });
}

type Outcome = { kind: 'gone' | 'unseen' } | { kind: 'failed' | 'slow'; server: Server };

async function follow({ server, cloud, ctx }: Target): Promise<Outcome> {
  let outcome: Outcome = { kind: 'unseen' };
  for (const wait of LOOKS_MS) {
    await ctx.pause(wait);
    const looked = await lookAt(cloud, server);
    outcome = looked.kind === 'seen' ? outcomeSeen(looked.server, server) : looked;
    if (outcome.kind === 'gone' || outcome.kind === 'failed') return outcome;
  }
  return outcome;
}

function outcomeSeen(seen: Server, before: Server): Outcome {
  if (isGone(seen)) return { kind: 'gone' };
  const failed = seen.status === 'ERROR' && seen.taskState === null && before.status !== 'ERROR';
  return { kind: failed ? 'failed' : 'slow', server: seen };
}

function isGone({ status }: Server): boolean {
  return status === 'DELETED' || status === 'SOFT_DELETED';
}

function isGoing(looked: Looked): boolean {
  if (looked.kind !== 'seen') return looked.kind === 'gone';
  return isGone(looked.server) || looked.server.taskState === 'deleting';
}

/** One message in the channel, edited as things go on; in a DM where there is no channel. */
async function announce(text: string, { outbox, channelId, person, interactionId }: CommandContext): Promise<void> {
  const to = channelId === null ? { userId: person.userId } : { channelId };
  await outbox.put([{ key: `delete:${interactionId}`, teamId: person.teamId, to, text, blocks: [section(text)] }]);
}

function outcomeSentence(outcome: Outcome, { server, ctx }: Target): string {
  const name = nameCode(plainName(server));
  const who = mention(ctx.person.userId);
  switch (outcome.kind) {
    case 'gone':
      return goneSentence(plainName(server), ctx);
    case 'failed':
      return `❌ ${name} went into ERROR while ${who} was deleting it: look at it with ${ctx.slash} show.`;
    case 'slow':
      return `⏳ ${name} is still ${statusWords(outcome.server)} while ${who} is deleting it; I look no longer. See whether it is gone with ${ctx.slash} list.`;
    case 'unseen': {
      const next = `See whether it is gone with ${ctx.slash} list.`;
      return unseenSentence('delete', { server, by: ctx.person, next });
    }
    default:
      return unreachable(outcome);
  }
}

function goneSentence(name: string, { person }: CommandContext): string {
  return `🗑️ ${nameCode(name)} is deleted, as ${mention(person.userId)} asked.`;
}
