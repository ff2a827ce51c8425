// `stop`: shut a server down, or cut its power; asks once more first.
import type { Cloud } from '../../openstack/cloud.ts';
import { stopRequest } from '../../openstack/servers.ts';
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import type { Planned } from '../planned.ts';
import { askedOrder, type Order, powerPlan } from './power-order.ts';

export const stop = defineCommand({
  name: 'stop',
  summary: 'Shut a server down',
  details:
    '`--hard` cuts the power on Open Telekom Cloud and Huawei Cloud. Plain OpenStack has no such stop: there the question says what happens instead.',
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
    withServer(args.server, ctx, (server, cloud) => askedOrder(orderFor(args, cloud), { server, cloud, ctx }, args)),
  plan: (args, ctx) =>
    withServer(args.server, ctx, async (found, cloud): Promise<Planned> => {
      const order = orderFor(args, cloud);
      const planned = powerPlan(order, { server: found, cloud });
      const silent = order !== NO_HARD_STOP || planned.kind !== 'calls' || planned.calls.length === 0;
      return silent ? planned : { ...planned, note: order.warning };
    }),
});

function orderFor({ hard }: { hard: boolean }, { profile }: Pick<Cloud, 'profile'>): Order {
  if (!hard) return STOP;
  return profile.hardStop ? HARD_STOP : NO_HARD_STOP;
}

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

/** Nova gives the system a minute, unless set otherwise, and then cuts the power itself. */
const NO_HARD_STOP: Order = {
  ...STOP,
  warning:
    'This cloud has no hard stop: the system is asked to shut down, and its power is cut only if it has not after a while. To cut it at once, use “reboot --hard”, which switches it on again.',
};
