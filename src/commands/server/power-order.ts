// One order to a server's power: sent once, announced in the channel, and followed until the server has obeyed.
import { unreachable, UserError } from '../../errors.ts';
import type { Cloud, CloudRequest } from '../../openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../openstack/errors.ts';
import { listServerActions, type ServerAction } from '../../openstack/server-actions.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import type { HeldServer } from '../../resize/server-locks.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, mention } from '../../slack/text.ts';
import { hereButton } from '../buttons.ts';
import type { CommandContext } from '../context.ts';
import type { Planned } from '../planned.ts';
import { refuseDuringResize } from '../resize/runs.ts';
import { glimpse, lookAt, uncertain, unseenSentence } from './uncertain.ts';
import { light, nameCode, plainName, shortName, statusWords } from './words.ts';

export type Order = {
  /** On buttons. */
  verb: 'Start' | 'Stop' | 'Reboot';
  doing: 'starting' | 'stopping' | 'rebooting';
  /** What the server is in the end. */
  done: string;
  /** Nova's word in its record of actions. */
  action: 'start' | 'stop' | 'reboot';
  /** The status in the end. */
  goal: 'ACTIVE' | 'SHUTOFF';
  /** What is interrupted or lost; '' where nothing is. */
  warning: string;
  request(server: Pick<Server, 'id'>): CloudRequest;
};

export type Target = { server: Server; cloud: Cloud; ctx: CommandContext };

/** Looks after the order was sent, at growing distances; about half a minute in all. */
const LOOKS_MS = [500, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 10_000];

/** How far our clock and the cloud's may be apart. */
const CLOCKS_MS = 30_000;

/** For what interrupts a server: asks once more, unless `yes` was said. Throws as `powerOrder` does. */
export async function askedOrder(order: Order, target: Target, { yes }: { yes: boolean }): Promise<Reply> {
  return yes ? powerOrder(order, target) : confirmReply(order, target);
}

/** Nothing is done yet. */
async function confirmReply(order: Order, { server, ctx }: Omit<Target, 'cloud'>): Promise<Reply> {
  const name = plainName(server);
  const project = shortName((await ctx.project()).name);
  const text = `${order.verb} ${nameCode(name)} in project ${nameCode(project)}? ${light(server.status)} It is ${statusWords(server)}. ${order.warning}`;
  const button = hereButton({
    id: 'yes',
    text: `${order.verb} it`,
    label: `${order.verb} the server ${name}`,
    style: 'danger',
    line: ctx.again({ server: server.id, yes: true }),
    confirm: {
      title: `${order.verb} this server?`,
      text: `${name} in project ${project}: ${order.warning}`,
      confirm: order.verb,
      style: 'danger',
    },
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([button])] };
}

/**
 * Safe to run again for the same interaction. Throws UserError `busy` (something else is being done to the server),
 * `wrong_state`, `unavailable` (nobody knows whether the cloud took it), and CloudError.
 */
export async function powerOrder(order: Order, target: Target): Promise<Reply> {
  const { server, ctx } = target;
  const holder = { what: `${order.doing} it`, by: ctx.person };
  const sent = await ctx.locks.exclusively(server.id, holder, (held) => sendOnce(order, target, held));
  if (sent === 'already') return says(`${nameCode(plainName(server))} is already ${order.done}: nothing was done.`);
  await announce(askedSentence(order, target), ctx);
  const outcome = await follow(order, target);
  await announce(outcomeSentence(order, { outcome, target }), ctx);
  return says(outcomeSentence(order, { outcome, target }));
}

type Sent = 'sent' | 'already';

async function sendOnce(order: Order, target: Target, held: HeldServer): Promise<Sent> {
  const { server, cloud, ctx } = target;
  const [resize, first] = await Promise.all([
    ctx.resizes.openFor(server.id, ctx.person),
    ctx.firstTime(`power:${ctx.interactionId}`),
  ]);
  refuseDuringResize(resize, server);
  const obeyed = first ? 'already' : 'sent';
  if (order.action !== 'reboot' && isAtGoal(order, server)) return obeyed;
  if (!first && (await wasSent(order, target))) return 'sent';
  await held.confirm();
  try {
    await cloud.call(order.request(server));
    return 'sent';
  } catch (error) {
    if (isAmbiguous(error)) return afterSilence(order, { target, cause: error });
    if (!isCloudError(error, 'conflict')) throw error;
    const now = await showServer(cloud, server.id);
    if (order.action !== 'reboot' && isAtGoal(order, now)) return obeyed;
    throw wrongState(order, { now, cause: error });
  }
}

/** The cloud may have taken it all the same, which its own record tells. Never sent again on a guess. */
async function afterSilence(order: Order, { target, cause }: { target: Target; cause: unknown }): Promise<Sent> {
  const { server, cloud } = target;
  const [record, seen] = await Promise.all([recordOf(order, target).catch(() => null), glimpse(cloud, server)]);
  // What was done to the server before our look at it began before the cloud last changed it.
  const isOurs = record !== null && (record.startedAt ?? 0) >= (server.updatedAt ?? 0);
  if (isOurs || (seen && order.action !== 'reboot' && isAtGoal(order, seen))) return 'sent';
  throw uncertain(order.action, { server, seen }, cause);
}

/** What `powerOrder` would send. Pure. */
export function powerPlan(order: Order, { server, cloud }: Omit<Target, 'ctx'>): Planned {
  const calls =
    order.action !== 'reboot' && isAtGoal(order, server)
      ? []
      : [{ why: `${order.verb} ${plainName(server)}`, request: order.request(server) }];
  return { kind: 'calls', cloud, calls, ...(calls.length === 0 && { note: `It is already ${order.done}.` }) };
}

/** After a crash: does the cloud's own record have the order? */
async function wasSent(order: Order, target: Target): Promise<boolean> {
  return (await recordOf(order, target)) !== null;
}

async function recordOf(order: Order, { server, cloud, ctx }: Target): Promise<ServerAction | null> {
  const { cloudUser } = await ctx.session();
  const done = await listServerActions(cloud, server.id);
  const own = done.find(
    ({ action, userId, startedAt }) =>
      action === order.action && userId === cloudUser.id && (startedAt ?? 0) >= ctx.askedAt - CLOCKS_MS,
  );
  return own ?? null;
}

/** A host that gives an order up leaves the server as it was: the record alone tells. */
async function failedRecord(order: Order, target: Target): Promise<ServerAction | null> {
  try {
    const record = await recordOf(order, target);
    return record?.failed ? record : null;
  } catch (error) {
    if (isCloudError(error)) return null;
    throw error;
  }
}

function isAtGoal(order: Order, { status, taskState }: Server): boolean {
  return status === order.goal && taskState === null;
}

type Outcome =
  | { kind: 'done' | 'failed' | 'slow'; server: Server }
  | { kind: 'given_up'; server: Server; by: string }
  | { kind: 'gone' | 'unseen' };

async function follow(order: Order, target: Target): Promise<Outcome> {
  const { cloud, ctx } = target;
  let outcome: Outcome = { kind: 'unseen' };
  for (const wait of LOOKS_MS) {
    await ctx.pause(wait);
    const looked = await lookAt(cloud, target.server);
    outcome = looked.kind === 'seen' ? await outcomeSeen(order, target, looked.server) : looked;
    if (outcome.kind !== 'slow' && outcome.kind !== 'unseen') return outcome;
  }
  return outcome;
}

async function outcomeSeen(order: Order, target: Target, server: Server): Promise<Outcome> {
  if (isAtGoal(order, server)) return { kind: 'done', server };
  if (server.status === 'ERROR') return { kind: 'failed', server };
  const failed = server.taskState === null ? await failedRecord(order, target) : null;
  return failed ? { kind: 'given_up', server, by: failed.requestId } : { kind: 'slow', server };
}

/** One message in the channel, edited as things go on; in a DM where there is no channel. */
async function announce(text: string, { outbox, channelId, person, interactionId }: CommandContext): Promise<void> {
  const to = channelId === null ? { userId: person.userId } : { channelId };
  await outbox.put([{ key: `power:${interactionId}`, teamId: person.teamId, to, text, blocks: [section(text)] }]);
}

function says(text: string): Reply {
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}

function askedSentence(order: Order, { server, ctx }: Target): string {
  return `⏳ ${mention(ctx.person.userId)} is ${order.doing} ${nameCode(plainName(server))}.`;
}

function outcomeSentence(order: Order, { outcome, target }: { outcome: Outcome; target: Target }): string {
  const { server, ctx } = target;
  const name = nameCode(plainName(server));
  const who = mention(ctx.person.userId);
  switch (outcome.kind) {
    case 'done':
      return `✅ ${name} is ${order.done} (${outcome.server.status}), as ${who} asked.`;
    case 'failed':
      return `❌ ${name} went into ERROR while ${who} was ${order.doing} it: look at it with ${ctx.slash} show.`;
    case 'given_up':
      return `❌ The cloud took ${who}’s order to ${order.action} ${name} and gave it up: it is still ${statusWords(outcome.server)}. Try again, or ask the cloud operators (their reference: ${code(outcome.by)}).`;
    case 'slow':
      return `⏳ ${name} is still ${statusWords(outcome.server)} while ${who} is ${order.doing} it; I look no longer. See how it goes with ${ctx.slash} show.`;
    case 'gone':
      return `❌ ${name} was deleted while ${who} was ${order.doing} it.`;
    case 'unseen': {
      const next = `See how it goes with ${ctx.slash} show.`;
      return unseenSentence(order.action, { server, by: ctx.person, next });
    }
    default:
      return unreachable(outcome);
  }
}

function wrongState(order: Order, { now, cause }: { now: Server; cause: unknown }): UserError {
  const task = now.taskState === null ? '' : ` (${now.taskState})`;
  const locked = now.locked === true ? ' and locked' : '';
  const sentence = `${plainName(now)} is ${now.status}${task}${locked}, so ${order.doing} it is not possible now. Look at it with “show”, and try again later.`;
  return new UserError('wrong_state', sentence, { cause });
}
