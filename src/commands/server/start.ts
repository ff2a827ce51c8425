// `start`: switch a server on that is shut off. It interrupts nothing, so it does not ask once more.
import { startRequest } from '../../openstack/servers.ts';
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import { type Order, powerOrder, powerPlan } from './power-order.ts';

export const start = defineCommand({
  name: 'start',
  summary: 'Start a server that is shut off',
  examples: ['start web-1'],
  args: { server: { kind: 'text', positional: true, summary: 'name or id of the server' } },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null,
  run: (args, ctx) => withServer(args.server, ctx, (found, cloud) => powerOrder(START, { server: found, cloud, ctx })),
  plan: (args, ctx) => withServer(args.server, ctx, async (found, cloud) => powerPlan(START, { server: found, cloud })),
});

const START: Order = {
  verb: 'Start',
  doing: 'starting',
  done: 'running',
  action: 'start',
  goal: 'ACTIVE',
  warning: '',
  request: ({ id }) => startRequest(id),
};
