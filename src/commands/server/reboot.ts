// `reboot`: restart a server, or cut its power and switch it on again; asks once more first.
import { rebootRequest } from '../../openstack/servers.ts';
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import { askedOrder, type Order, powerPlan } from './power-order.ts';

export const reboot = defineCommand({
  name: 'reboot',
  summary: 'Restart a server',
  details: '`--hard` cuts the power and switches it on again; else the system is asked to restart.',
  examples: ['reboot web-1', 'reboot web-1 --hard'],
  args: {
    server: { kind: 'text', positional: true, summary: 'name or id of the server' },
    hard: { kind: 'boolean', summary: 'cut the power' },
    yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.server === null || !args.yes,
  run: (args, ctx) =>
    withServer(args.server, ctx, (server, cloud) =>
      askedOrder(args.hard ? HARD_REBOOT : REBOOT, { server, cloud, ctx }, args),
    ),
  plan: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud) =>
      powerPlan(args.hard ? HARD_REBOOT : REBOOT, { server: found, cloud }),
    ),
});

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
