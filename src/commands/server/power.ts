// `start`, `stop` and `reboot`: ask once more where it interrupts something, do it under the server's lock, tell the channel.
import { rebootRequest, startRequest, stopRequest } from '../../openstack/servers.ts';
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import type { CommandContext } from '../context.ts';
import { confirmReply, type Order, powerOrder, powerPlan } from './power-order.ts';

const server = { kind: 'text', positional: true, summary: 'name or id of the server' } as const;
const yes = { kind: 'boolean', summary: 'do not ask again', repeats: false } as const;

export const start = defineCommand({
  name: 'start',
  summary: 'Start a server that is shut off',
  examples: ['start web-1'],
  args: { server },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null,
  run: (args, ctx) => withServer(args.server, ctx, (found, cloud) => powerOrder(START, { server: found, cloud, ctx })),
  plan: (args, ctx) => planOf(START, args, ctx),
});

export const stop = defineCommand({
  name: 'stop',
  summary: 'Shut a server down',
  details: '`--hard` cuts the power where the cloud can do that; else the system is asked to shut down.',
  examples: ['stop web-1', 'stop web-1 --hard'],
  args: { server, hard: { kind: 'boolean', summary: 'cut the power' }, yes },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null || !args.yes,
  run: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud) => {
      const order = args.hard ? HARD_STOP : STOP;
      return args.yes ? powerOrder(order, { server: found, cloud, ctx }) : confirmReply(order, { server: found, ctx });
    }),
  plan: (args, ctx) => planOf(args.hard ? HARD_STOP : STOP, args, ctx),
});

export const reboot = defineCommand({
  name: 'reboot',
  summary: 'Restart a server',
  details: '`--hard` cuts the power and switches it on again; else the system is asked to restart.',
  examples: ['reboot web-1', 'reboot web-1 --hard'],
  args: { server, hard: { kind: 'boolean', summary: 'cut the power' }, yes },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null || !args.yes,
  run: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud) => {
      const order = args.hard ? HARD_REBOOT : REBOOT;
      return args.yes ? powerOrder(order, { server: found, cloud, ctx }) : confirmReply(order, { server: found, ctx });
    }),
  plan: (args, ctx) => planOf(args.hard ? HARD_REBOOT : REBOOT, args, ctx),
});

function planOf(order: Order, args: { server: string | null }, ctx: CommandContext) {
  return withServer(args.server, ctx, async (found, cloud) => powerPlan(order, { server: found, cloud }));
}

const START: Order = {
  verb: 'Start',
  doing: 'starting',
  done: 'running',
  action: 'start',
  goal: 'ACTIVE',
  warning: '',
  request: ({ id }) => startRequest(id),
};

const STOP: Order = {
  verb: 'Stop',
  doing: 'stopping',
  done: 'shut off',
  action: 'stop',
  goal: 'SHUTOFF',
  warning: 'It shuts down and stays down until somebody starts it.',
  request: ({ id }) => stopRequest(id, { hard: false }),
};

const HARD_STOP: Order = {
  ...STOP,
  warning: 'Its power is cut: what it has not written to disk is lost. It stays down until somebody starts it.',
  request: ({ id }) => stopRequest(id, { hard: true }),
};

const REBOOT: Order = {
  verb: 'Reboot',
  doing: 'rebooting',
  done: 'running again',
  action: 'reboot',
  goal: 'ACTIVE',
  warning: 'It restarts: what runs on it is interrupted.',
  request: ({ id }) => rebootRequest(id, { hard: false }),
};

const HARD_REBOOT: Order = {
  ...REBOOT,
  warning: 'Its power is cut and switched on again: what it has not written to disk is lost.',
  request: ({ id }) => rebootRequest(id, { hard: true }),
};
