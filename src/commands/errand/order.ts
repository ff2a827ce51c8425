// From a command that takes several calls to an errand that makes them, or to the plan that shows them: both from the same tasks.
import { UserError } from '../../errors.ts';
import { objectOf } from '../../errands/errand.ts';
import { errandId } from '../../errands/errands.ts';
import { whyNotSteady } from '../../errands/steady.ts';
import { type Ref, requestOf, type Task } from '../../errands/task.ts';
import { placeOf, verbOf } from '../../errands/words.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import type { CommandContext } from '../context.ts';
import { idFrom, type Planned } from '../planned.ts';
import { refuseDuringResize } from '../resize/runs.ts';
import { plainName } from '../server/words.ts';

/** Everything that could be checked was checked; nothing is done yet. */
export type Order = {
  kind: 'order';
  cloud: Cloud;
  /** Plain text, e.g. `Attach data-1 to web-1`. */
  title: string;
  server: Pick<Server, 'id' | 'name'> | null;
  tasks: Task[];
  /** What takes it back; empty: nothing does. */
  undo: Task[];
};

/** The card in the channel is the answer. A reply instead of an order is a question that comes first. */
export async function begin(order: Order | Reply, ctx: CommandContext): Promise<Reply> {
  if (order.kind !== 'order') return order;
  const { cloud, server, ...asked } = order;
  const { person, channelId, interactionId } = ctx;
  await ctx.errands.begin({
    ...asked,
    id: orderId(ctx),
    askedBy: interactionId,
    person,
    channelId,
    project: await ctx.project(),
    region: cloud.region,
    server: server && { id: server.id, name: plainName(server) },
    repeat: ctx.again({}),
  });
  return { kind: 'none' };
}

/** The same for a form, which waits for a word. */
export async function beginFromForm(order: Order | Reply, ctx: CommandContext): Promise<Reply> {
  const reply = await begin(order, ctx);
  if (order.kind !== 'order' || reply.kind !== 'none') return reply;
  const where =
    ctx.channelId === null ? 'It tells you by direct message how it goes.' : `Its card is in <#${ctx.channelId}>.`;
  const view = modal({ title: 'Begun', blocks: [section(`${escapeMrkdwn(order.title)}: begun. ${where}`)] });
  return { kind: 'modal', view };
}

/** The calls of the same tasks. */
export function planned(order: Order | Reply): Planned {
  if (order.kind !== 'order') return order;
  const { cloud, tasks, undo } = order;
  const steps = tasks.map((task) => ({ task }));
  const calls = tasks.map((task) => ({
    why: whyOf(task, steps),
    request: requestOf(task, (ref) => idInPlan(ref, tasks)),
  }));
  const note = 'Each is made once the one before it is done.';
  const taken = undo.length > 0 ? ' The card then offers to undo it.' : '';
  return { kind: 'calls', cloud, calls, note: `${calls.length > 1 ? note : ''}${taken}`.trim() };
}

/** The same for the same interaction, also after a crash. */
export function orderId({ person, interactionId }: Pick<CommandContext, 'person' | 'interactionId'>): string {
  return errandId(person, interactionId);
}

/** Our mark on the networks, subnets and ports an order makes; null where the cloud takes no descriptions. */
export function markOf(cloud: Pick<Cloud, 'profile'>, id: string): string | null {
  return cloud.profile.describedNetworks ? id : null;
}

/** Throws UserError: `busy` during a resize, `wrong_state` where the cloud would refuse. */
export async function refuseUnlessSteady(
  server: Server,
  ctx: Pick<CommandContext, 'resizes' | 'person'>,
): Promise<void> {
  refuseDuringResize(await ctx.resizes.openFor(server.id, ctx.person), server);
  const why = whyNotSteady(plainName(server), server);
  if (why !== null) throw new UserError('wrong_state', why, { about: 'server' });
}

function whyOf(task: Task, steps: { task: Task }[]): string {
  return `${verbOf(task).todo} ${objectOf({ steps }, task)}${placeOf(task, (text) => text)}`;
}

const NEW: Partial<Record<Task['kind'], string>> = {
  make_disk: 'new disk',
  make_network: 'new network',
  make_subnet: 'new subnet',
  make_port: 'new port',
};

function idInPlan(ref: Ref, tasks: Task[]): string {
  if ('id' in ref) return ref.id;
  const maker = tasks[ref.step];
  return idFrom((maker && NEW[maker.kind]) ?? 'new thing');
}
