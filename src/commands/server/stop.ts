// `stop`: shut a server down, or cut its power; asks once more first.
import { stopRequest } from '../../openstack/servers.ts';
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import { confirmReply, type Order, powerOrder, powerPlan } from './power-order.ts';

export const stop = defineCommand({
  name: 'stop',
  summary: 'Shut a server down',
  details: '`--hard` cuts the power where the cloud can do that; else the system is asked to shut down.',
  examples: ['stop web-1', 'stop web-1 --hard'],
  args: {
    server: { kind: 'text', positional: true, summary: 'name or id of the server' },
    hard: { kind: 'boolean', summary: 'cut the power' },
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null || !args.yes,
  run: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud) => {
      const order = args.hard ? HARD_STOP : STOP;
      return args.yes ? powerOrder(order, { server: found, cloud, ctx }) : confirmReply(order, { server: found, ctx });
    }),
  plan: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud) =>
      powerPlan(args.hard ? HARD_STOP : STOP, { server: found, cloud }),
    ),
});

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
